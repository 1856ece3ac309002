package dev.holdfast.server.durablestreams;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamOffset;
import java.util.OptionalLong;

/** Where a client asks to read from: an offset, or the beginning or the tail by their names. */
final class WireOffset {
    private WireOffset() {}

    /** The place that a text names; empty when it names none. */
    static OptionalLong parsePlace(String text) {
        return switch (text) {
            case "-1" -> OptionalLong.of(DurableStream.BEGINNING);
            case "now" -> OptionalLong.of(DurableStream.NOW);
            default -> StreamOffset.parse(text);
        };
    }
}
