package dev.holdfast.cli.load;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Appends to streams at random, and what was acknowledged of each. */
final class LoadAppends implements LoadRequests {
    private static final long SEED = 20_261;

    private final LoadContent content;
    private final StreamPaths paths;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int[] acknowledged;
    private final int[] unknown;
    private final long[] sums;

    LoadAppends(LoadTarget target, LoadContent content, int streams) {
        this.content = content;
        this.paths = new StreamPaths(
                target,
                "POST",
                "",
                "Content-Type: " + content.type() + "\r\nContent-Length: " + content.length() + "\r\n");
        this.acknowledged = new int[streams];
        this.unknown = new int[streams];
        this.sums = new long[streams];
    }

    @Override
    public int bytesMax() {
        return paths.bytesMax() + content.length();
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public int next(ByteBuffer out, long stamp) {
        int stream = random.nextInt(acknowledged.length);
        paths.put(out, stream);
        out.put(content.stamped(stamp));
        return stream;
    }

    @Override
    public void answered(int number, long stamp, LoadSink sink, LoadParser answer) {
        acknowledged[number]++;
        sums[number] += stamp;
    }

    @Override
    public void lost(int number) {
        unknown[number]++;
    }

    /** Messages that were acknowledged, of all streams. */
    long messages() {
        long count = 0;
        for (int each : acknowledged) {
            count += (long) each * content.messages();
        }
        return count;
    }

    /** Whether a stream holds what was acknowledged, and nothing that was never sent. */
    boolean explains(int stream, long messages, long sum) {
        long least = (long) acknowledged[stream] * content.messages();
        if (unknown[stream] == 0) {
            return messages == least && sum == sums[stream] * content.messages();
        }
        return messages >= least && messages <= least + (long) unknown[stream] * content.messages();
    }
}
