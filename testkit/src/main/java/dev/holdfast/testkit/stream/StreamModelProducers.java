package dev.holdfast.testkit.stream;

import dev.holdfast.stream.ProducerStamp;
import org.jspecify.annotations.Nullable;

/** The table of idempotent producers, row by row. Section 5 of the Durable Streams protocol. */
final class StreamModelProducers {
    private StreamModelProducers() {}

    /** {@code next}, {@code repeat}, or how the append is refused. */
    static String verdict(@Nullable ProducerStamp last, ProducerStamp now) {
        if (last == null) {
            return now.seq() == 0 ? "next" : "stream.gap expected=0";
        }
        if (now.epoch() < last.epoch()) {
            return "stream.stale_epoch epoch=" + last.epoch();
        }
        if (now.epoch() > last.epoch()) {
            return now.seq() == 0 ? "next" : "stream.new_epoch";
        }
        if (now.seq() <= last.seq()) {
            return "repeat";
        }
        return now.seq() == last.seq() + 1 ? "next" : "stream.gap expected=" + (last.seq() + 1);
    }
}
