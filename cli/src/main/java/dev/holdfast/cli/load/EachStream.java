package dev.holdfast.cli.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The same request on every stream once, as to make or to delete them; a refusal ends it. */
final class EachStream implements LoadRequests {
    private final StreamPaths paths;
    private final String what;
    private final int streams;
    private int next;

    EachStream(LoadTarget target, String method, String headers, int streams) {
        this.paths = new StreamPaths(target, method, "", headers);
        this.what = method + " " + target.path() + "/N";
        this.streams = streams;
    }

    @Override
    public int bytesMax() {
        return paths.bytesMax();
    }

    @Override
    public boolean hasNext() {
        return next < streams;
    }

    @Override
    public int next(ByteBuffer out, long stamp) {
        paths.put(out, next);
        return next++;
    }

    @Override
    public void answered(int number, long stamp, LoadSink sink, LoadParser answer) {
        // There is nothing to keep of it.
    }

    @Override
    public void refused(int number, int status) throws IOException {
        throw new IOException(what + " is answered " + status);
    }
}
