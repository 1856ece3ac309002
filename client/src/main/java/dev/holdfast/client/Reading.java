package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that is being read, as an iterator that blocks. A reading that is not live ends at the tail; a live one when
 * the stream was closed and everything was handed out, or with {@link #close}.
 *
 * <p>It is read ahead by two chunks at most. When the network fails it goes on by itself, without a gap and without a
 * repetition; another reading goes on from the {@code next} of what was handed out last. A chunk without content tells
 * that the tail was reached, once each time, or the end.
 *
 * <p>One thread at a time reads; {@link #close} may be called by any. An error is thrown by each call from then on.
 *
 * @param <T> what is handed out: {@link RemoteChunk} or {@link RemoteMessages}
 */
public final class Reading<T> implements Iterator<T>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    /** One wait of many. */
    private static final Duration FOREVER = Duration.ofDays(1);

    /** What the reading thread hands over. */
    private sealed interface Handed<T> {
        /** Something that was read. */
        record Item<T>(T value) implements Handed<T> {}

        /** Nothing follows. */
        record End<T>() implements Handed<T> {}

        /** Reading failed. */
        record Failure<T>(RuntimeException error) implements Handed<T> {}
    }

    private final ChunkSource source;
    private final Function<RemoteChunk, T> form;
    private final ArrayBlockingQueue<Handed<T>> queue = new ArrayBlockingQueue<>(1);
    private volatile boolean closed;
    private volatile @Nullable Thread reader;
    private @Nullable Handed<T> ahead;

    Reading(ChunkSource source, Function<RemoteChunk, T> form) {
        this.source = source;
        this.form = form;
    }

    Transport transport() {
        return source.transport();
    }

    /**
     * Whether something follows; blocks until that is known.
     *
     * @throws ClientException reading failed, or the thread was interrupted
     */
    @Override
    public boolean hasNext() {
        Handed<T> known = ahead;
        while (known == null) {
            known = await(FOREVER);
        }
        if (known instanceof Handed.Failure<T> failure) {
            throw failure.error();
        }
        return known instanceof Handed.Item<T>;
    }

    /** What follows; blocks until it is there. */
    @Override
    public T next() {
        if (hasNext() && ahead instanceof Handed.Item<T> item) {
            ahead = null;
            return item.value();
        }
        throw new NoSuchElementException("the reading has ended");
    }

    /**
     * What follows, if it comes in time; empty when the time has passed, or when nothing will follow, which
     * {@link #hasNext} tells at once then.
     *
     * @throws ClientException as {@link #hasNext}
     */
    public Optional<T> poll(Duration timeout) {
        requireNonNull(timeout, "timeout");
        if (ahead == null && await(timeout) == null) {
            return Optional.empty();
        }
        return hasNext() ? Optional.of(next()) : Optional.empty();
    }

    /** Waits for what follows and keeps it; null when the time has passed. */
    private @Nullable Handed<T> await(Duration timeout) {
        begin();
        try {
            Handed<T> handed = queue.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            ahead = handed;
            return handed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientException.interrupted(source.path(), e);
        }
    }

    private void begin() {
        if (reader == null) {
            if (closed) {
                queue.offer(new Handed.End<>());
                return;
            }
            Thread started = Thread.ofVirtual().name("holdfast-client-reading").unstarted(this::read);
            reader = started;
            started.start();
            if (closed) {
                started.interrupt();
            }
        }
    }

    private void read() {
        Runnable interrupt = Thread.currentThread()::interrupt;
        source.transport().atClose(interrupt);
        try {
            putLast(readToEnd());
        } finally {
            source.transport().forget(interrupt);
        }
    }

    private Handed<T> readToEnd() {
        try {
            source.run(chunk -> queue.put(new Handed.Item<>(form.apply(chunk))));
            return new Handed.End<>();
        } catch (InterruptedException e) {
            return broken(ClientException.interrupted(source.path(), e));
        } catch (RuntimeException e) {
            return broken(e);
        } catch (Error e) {
            // Whoever waits is told, since this thread ends.
            return broken(new IllegalStateException("the stream cannot be read", e));
        }
    }

    /** Closing this, or the client, breaks what is under way in several ways, which mean the same. */
    private Handed<T> broken(RuntimeException failure) {
        if (closed) {
            return new Handed.End<>();
        }
        return new Handed.Failure<>(source.transport().isOpen() ? failure : Transport.closed());
    }

    private void putLast(Handed<T> last) {
        while (!queue.offer(last)) {
            if (closed || !source.transport().isOpen()) {
                // Nobody waits for what is there.
                queue.clear();
            } else {
                try {
                    queue.put(last);
                    return;
                } catch (InterruptedException e) {
                    LOG.trace("a reading was closed before its end was taken", e);
                }
            }
        }
    }

    /**
     * Stops reading; who waits is told that nothing follows. May be called again without effect. Closing the client
     * stops it too; then whoever waits is told {@code client.closed}.
     */
    @Override
    public void close() {
        closed = true;
        try {
            source.stop();
        } catch (IOException e) {
            LOG.debug("an event stream could not be closed in order", e);
        }
        Thread started = reader;
        if (started != null) {
            started.interrupt();
        }
    }
}
