package dev.holdfast.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that is closed when nothing has come for too long, so that whoever reads it is not left waiting on a
 * connection that is dead. The reading thread sees an {@link IOException} then.
 */
final class IdleWatch extends FilterInputStream {
    private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);

    private final long limitNanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long heardAt = System.nanoTime();

    private IdleWatch(InputStream in, Duration limit) {
        super(in);
        this.limitNanos = limit.toNanos();
    }

    /** Watches a stream on a thread of its own until it is closed. */
    static IdleWatch over(InputStream in, Duration limit) {
        IdleWatch watch = new IdleWatch(in, limit);
        Thread.ofVirtual().name("holdfast-client-idle").start(watch::watch);
        return watch;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        heardAt = System.nanoTime();
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        heardAt = System.nanoTime();
        return read;
    }

    private void watch() {
        try {
            while (true) {
                long left = limitNanos - (System.nanoTime() - heardAt);
                if (left <= 0) {
                    close();
                    return;
                }
                if (closed.await(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("a silent event stream could not be closed in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        super.close();
    }
}
