package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.util.OptionalLong;

/**
 * Where a new stream begins as a copy of another: it holds everything before that place, and shares it.
 *
 * @param source name of the stream that is forked
 * @param offset of the source; none: its tail
 * @param sub units of the source's next append behind the offset that the fork holds too: messages of a JSON stream,
 *     bytes of another; 0 or more
 */
public record StreamFork(String source, OptionalLong offset, long sub) {
    /** Refuses what no place can be: {@code stream.fork}. */
    public StreamFork {
        if (sub < 0 || offset.orElse(0) < 0) {
            throw new InvalidInputException(
                    "stream.fork", "the place of a fork is 0 or more (offset=" + offset + ", sub=" + sub + ")");
        }
    }

    /** A copy of everything that the source holds. */
    public static StreamFork of(String source) {
        return new StreamFork(source, OptionalLong.empty(), 0);
    }

    /** A copy of everything before an offset of the source. */
    public static StreamFork of(String source, long offset) {
        return new StreamFork(source, OptionalLong.of(offset), 0);
    }
}
