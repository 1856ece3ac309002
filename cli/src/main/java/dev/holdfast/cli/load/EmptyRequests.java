package dev.holdfast.cli.load;

import java.nio.ByteBuffer;

/** Requests that a server answers without looking anything up: what is left is HTTP and the load generator. */
final class EmptyRequests implements LoadRequests {
    private final byte[] request;

    EmptyRequests(LoadTarget target) {
        request = LoadTarget.ascii("OPTIONS " + target.path() + "/0" + target.headers() + "\r\n");
    }

    @Override
    public int bytesMax() {
        return request.length;
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public int next(ByteBuffer out, long stamp) {
        out.put(request);
        return 0;
    }

    @Override
    public void answered(int number, long stamp, LoadSink sink, LoadParser answer) {
        // There is nothing to keep of it.
    }
}
