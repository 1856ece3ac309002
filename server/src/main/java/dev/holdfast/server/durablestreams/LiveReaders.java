package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.HttpException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many readers wait for something to come; there is a limit. */
final class LiveReaders {
    private static final int RETRY_SECONDS = 5;

    private final int max;
    private final Semaphore free;

    LiveReaders(int max) {
        this.max = max;
        this.free = new Semaphore(max);
    }

    /** A place that a reader gives back, once. */
    static final class Place implements AutoCloseable {
        private final Semaphore free;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(Semaphore free) {
            this.free = free;
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                free.release();
            }
        }
    }

    /** How many wait. */
    int count() {
        return max - free.availablePermits();
    }

    /** Takes a place, or tells the reader to come later. */
    Place enter() {
        if (!free.tryAcquire()) {
            throw HttpException.tooMany(
                    "stream.too_many_readers",
                    "too many readers wait for streams (liveReadersMax=" + max + ")",
                    RETRY_SECONDS);
        }
        return new Place(free);
    }
}
