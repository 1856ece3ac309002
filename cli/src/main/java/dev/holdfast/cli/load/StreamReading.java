package dev.holdfast.cli.load;

import java.io.IOException;

/** One reader that takes a whole stream and lets it go. */
public final class StreamReading {
    private StreamReading() {}

    /**
     * What was read.
     *
     * @param bytes of all bodies
     * @param answers it took
     * @param nanos from the first request to the end of the last answer
     */
    public record Taken(long bytes, long answers, long nanos) {}

    /** Reads the stream that is the number 0 below a place. */
    public static Taken take(LoadTarget place) throws IOException {
        CatchUp read = new CatchUp(place, 1, false);
        try (LoadLoop loop = new LoadLoop(place, 1)) {
            LoadResult result = loop.run(LoadPlan.requests(Long.MAX_VALUE), read);
            return new Taken(read.bytes(), read.answers(), result.nanos());
        }
    }
}
