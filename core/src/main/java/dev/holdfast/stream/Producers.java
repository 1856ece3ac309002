package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.util.Optional;

/**
 * What an append of a producer is, seen from its last one.
 *
 * <p>Source: Durable Streams protocol, idempotent producers.
 */
final class Producers {
    private Producers() {}

    /** Whether the append was taken before; refuses one that may not come now. */
    static boolean isRepeat(Optional<ProducerStamp> last, ProducerStamp now) {
        if (last.isEmpty()) {
            return requireNext(0, now);
        }
        ProducerStamp known = last.get();
        if (now.epoch() < known.epoch()) {
            throw new StreamException(
                    StreamException.Reason.STALE_EPOCH,
                    "a higher epoch of this producer is known (epoch=" + now.epoch() + ", known=" + known.epoch() + ")",
                    StreamException.Facts.epoch(known.epoch()));
        }
        if (now.epoch() > known.epoch()) {
            if (now.seq() != 0) {
                throw new InvalidInputException(
                        "stream.new_epoch", "a new epoch of a producer begins with 0 (seq=" + now.seq() + ")");
            }
            return false;
        }
        return now.seq() <= known.seq() || requireNext(known.seq() + 1, now);
    }

    private static boolean requireNext(long expected, ProducerStamp now) {
        if (now.seq() != expected) {
            throw new StreamException(
                    StreamException.Reason.GAP,
                    "appends of this producer are missing (expected=" + expected + ", received=" + now.seq() + ")",
                    StreamException.Facts.expected(expected));
        }
        return false;
    }
}
