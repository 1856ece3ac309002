package dev.holdfast.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;

/** A body of unknown length. Gathers small writes; a full buffer waits until the client has taken it. */
final class ResponseStream extends OutputStream {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Response response;
    private final Blocker.Shared blocker = new Blocker.Shared();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;

    ResponseStream(Response response) {
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        if (used == buffer.length) {
            flush();
        }
        buffer[used++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length > buffer.length - used) {
            flush();
        }
        if (length > buffer.length) {
            send(ByteBuffer.wrap(bytes, offset, length));
        } else {
            System.arraycopy(bytes, offset, buffer, used, length);
            used += length;
        }
    }

    /** Sends what has been gathered and waits until the client has taken it. */
    @Override
    public void flush() throws IOException {
        if (used > 0) {
            send(ByteBuffer.wrap(buffer, 0, used));
            used = 0;
        }
    }

    /** Only flushes: whether the answer is whole is not for a writer's clean-up to say. */
    @Override
    public void close() throws IOException {
        flush();
    }

    /** What has not been sent. */
    ByteBuffer rest() {
        return ByteBuffer.wrap(buffer, 0, used);
    }

    private void send(ByteBuffer bytes) throws IOException {
        try (Blocker.Callback written = blocker.callback()) {
            response.write(false, bytes, written);
            written.block();
        }
    }
}
