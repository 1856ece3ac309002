package dev.holdfast.cli.load;

import java.nio.ByteBuffer;

/** Writes requests on streams that are numbered from 0: the parts that all have in common, and the number between. */
final class StreamPaths {
    private static final int NUMBER_BYTES = 20;

    private final byte[] before;
    private final byte[] after;

    /**
     * Requests of a kind.
     *
     * @param query behind the number
     * @param headers each with its line end
     */
    StreamPaths(LoadTarget target, String method, String query, String headers) {
        before = LoadTarget.ascii(method + " " + target.path() + "/");
        after = LoadTarget.ascii(query + target.headers() + headers + "\r\n");
    }

    int bytesMax() {
        return before.length + NUMBER_BYTES + after.length;
    }

    void put(ByteBuffer out, int stream) {
        out.put(before);
        digits(out, stream);
        out.put(after);
    }

    private static void digits(ByteBuffer out, int number) {
        int unit = 1;
        while (number / unit >= 10) {
            unit *= 10;
        }
        for (int rest = number; unit > 0; unit /= 10) {
            out.put((byte) ('0' + rest / unit));
            rest %= unit;
        }
    }
}
