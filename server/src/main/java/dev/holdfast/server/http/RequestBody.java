package dev.holdfast.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/** Reads a request's body with a limit. Belongs to the thread that handles the request. */
final class RequestBody {
    private static final int FIRST_BYTES = 8 * 1024;

    private final Request request;
    private boolean ended;

    RequestBody(Request request) {
        this.request = request;
    }

    /** The whole body. Memory grows with what has arrived, never with what a header announces. */
    byte[] read(long bytesMax) throws IOException {
        requireLength(bytesMax);
        byte[] bytes = new byte[Math.clamp(request.getLength(), 0, FIRST_BYTES)];
        int size = 0;
        while (!ended) {
            Content.Chunk chunk = next();
            try {
                ByteBuffer part = chunk.getByteBuffer();
                int length = part.remaining();
                requireSize((long) size + length, bytesMax);
                if (size + length > bytes.length) {
                    int grown = (int) Math.min(Math.max(2L * bytes.length, size + length), Integer.MAX_VALUE - 8);
                    bytes = Arrays.copyOf(bytes, grown);
                }
                part.get(bytes, size, length);
                size += length;
            } finally {
                chunk.release();
            }
        }
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** The body as a stream that fails beyond a size. */
    InputStream stream(long bytesMax) {
        requireLength(bytesMax);
        return new Limited(bytesMax);
    }

    /** Whether bytes may be on their way that nobody has asked for. A client that awaits 100 Continue sends none. */
    boolean pending() {
        return unread() && !request.getHeaders().contains(HttpHeader.EXPECT);
    }

    /** Whether there is a body that was not read to its end. */
    boolean unread() {
        return !ended && (request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    /** Reads and drops what is on its way, until a number of bytes or a time is over. */
    void discard(long bytesMax, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long size = 0;
        try {
            while (!ended && size < bytesMax) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    CountDownLatch arrived = new CountDownLatch(1);
                    request.demand(arrived::countDown);
                    if (!arrived.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                } else {
                    size += chunk.remaining();
                    ended = chunk.isLast() || Content.Chunk.isFailure(chunk);
                    chunk.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireLength(long bytesMax) {
        requireSize(request.getLength(), bytesMax);
    }

    private static void requireSize(long bytes, long bytesMax) {
        if (bytes > bytesMax) {
            throw HttpException.of(
                    413,
                    "http.body_too_large",
                    "the body is larger than the limit (bodyBytesMax=" + bytesMax + ", atLeast=" + bytes + ")");
        }
    }

    /** The next part of the body; waits for it. */
    private Content.Chunk next() throws IOException {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                try (Blocker.Runnable arrived = Blocker.runnable()) {
                    request.demand(arrived);
                    arrived.block();
                }
            } else if (Content.Chunk.isFailure(chunk)) {
                ended = true;
                throw failure(chunk.getFailure());
            } else {
                ended = chunk.isLast();
                return chunk;
            }
        }
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof TimeoutException) {
            throw HttpException.of(408, "http.body_timeout", "the body did not arrive in time");
        }
        if (cause instanceof org.eclipse.jetty.http.HttpException) {
            throw HttpException.of(400, "http.body_malformed", "the body's transfer encoding is broken");
        }
        return new ClientGoneException(cause);
    }

    /** Counts what passes. */
    private final class Limited extends InputStream {
        private final long bytesMax;
        private long size;
        private Content.@Nullable Chunk chunk;

        Limited(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            Content.Chunk current = chunk;
            while (current == null || !current.hasRemaining()) {
                close();
                if (ended) {
                    return -1;
                }
                current = next();
                chunk = current;
                size += current.remaining();
                requireSize(size, bytesMax);
            }
            int count = Math.min(length, current.remaining());
            current.getByteBuffer().get(target, offset, count);
            return count;
        }

        @Override
        public void close() {
            if (chunk != null) {
                chunk.release();
                chunk = null;
            }
        }
    }
}
