package dev.holdfast.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in one of the three ways, and goes on after failures where it was. It belongs to the thread that runs
 * it; {@link #stop} may be called by any.
 */
final class ChunkSource {
    private static final int REJOIN_MILLIS = 100;
    private static final int REJOIN_MILLIS_MAX = 5_000;
    private static final int DOUBLINGS_MAX = 6;
    private static final long WAIT_NANOS_MIN = 20_000_000;

    /** Takes what was read; blocks until there is room. */
    interface Sink {
        void accept(RemoteChunk chunk) throws InterruptedException;
    }

    private final Transport transport;
    private final StreamAddress address;
    private final ClientOptions options;
    private final ReadOptions wanted;
    private final Supplier<String> contentType;
    private volatile @Nullable InputStream open;
    private volatile boolean stopped;
    private String offset;
    private Optional<String> cursor;
    private Optional<String> seenType = Optional.empty();
    private boolean tailTold;

    /**
     * Reads from a place.
     *
     * @param contentType asks for the stream's content type, where no answer has told it
     */
    ChunkSource(
            Transport transport,
            StreamAddress address,
            ClientOptions options,
            ReadOptions wanted,
            Supplier<String> contentType) {
        this.transport = transport;
        this.address = address;
        this.options = options;
        this.wanted = wanted;
        this.contentType = contentType;
        this.offset = wanted.offset();
        this.cursor = wanted.cursor();
    }

    Transport transport() {
        return transport;
    }

    String path() {
        return address.path();
    }

    /** Reads until the reading has ended as it should, or fails. */
    void run(Sink sink) throws InterruptedException {
        if (wanted.live() == Live.CATCH_UP || wanted.catchUpFirst()) {
            boolean ended = catchUp(sink);
            if (ended || wanted.live() == Live.CATCH_UP) {
                return;
            }
        }
        if (wanted.live() == Live.SSE) {
            followEvents(sink);
        } else {
            poll(sink);
        }
    }

    /** Ends what waits for an event; other waits end when their thread is interrupted. */
    void stop() throws IOException {
        stopped = true;
        InputStream body = open;
        if (body != null) {
            body.close();
        }
    }

    /** Reads up to the tail; answers whether that is the end. */
    private boolean catchUp(Sink sink) throws InterruptedException {
        while (true) {
            String before = offset;
            Answer answer =
                    transport.call(address, WireRequest.of("GET").param("offset", offset), options.requestTimeout());
            RemoteChunk chunk = chunk(answer);
            hand(chunk, sink);
            if (chunk.upToDate()) {
                return chunk.atEnd();
            }
            requireProgress(before, chunk);
        }
    }

    private void poll(Sink sink) throws InterruptedException {
        int barren = 0;
        while (true) {
            String before = offset;
            long asked = System.nanoTime();
            Answer answer = transport.call(address, liveRequest("long-poll"), options.liveTimeout());
            RemoteChunk chunk = chunk(answer);
            hand(chunk, sink);
            if (chunk.atEnd()) {
                return;
            }
            if (!chunk.upToDate() || !chunk.isEmpty()) {
                requireProgress(before, chunk);
                barren = 0;
            } else if (System.nanoTime() - asked < WAIT_NANOS_MIN) {
                // A server that does not let wait, or a cache that does not know how, is not asked without pause.
                transport.rest(path(), rejoinDelay(++barren));
            }
        }
    }

    /** An answer that neither moves on nor reaches the tail would be asked for again and again. */
    private void requireProgress(String before, RemoteChunk chunk) {
        if (chunk.next().equals(before)) {
            throw ClientException.malformed(path(), "an answer neither moves on nor reaches the tail");
        }
    }

    private void followEvents(Sink sink) throws InterruptedException {
        int barren = 0;
        while (true) {
            // No event says what type of content the stream holds.
            String type = seenType.orElseGet(contentType);
            seenType = Optional.of(type);
            Answer answer = transport.call(address, liveRequest("sse"), options.requestTimeout());
            InputStream events = answer.events();
            if (events == null) {
                throw ClientException.malformed(path(), "the server answers no event stream");
            }
            Joined joined = join(
                    new SseConnection(
                            answer,
                            IdleWatch.over(events, options.liveTimeout()),
                            path(),
                            type,
                            options.answerBytesMax()),
                    events,
                    sink);
            if (joined.ended()) {
                return;
            }
            barren = joined.told() ? 0 : barren + 1;
            IOException failure = joined.failure();
            if (failure != null && barren >= transport.retry().attemptsMax()) {
                throw ClientException.network(path(), failure);
            }
            transport.rest(path(), rejoinDelay(barren));
        }
    }

    /**
     * What came of one event stream.
     *
     * @param ended whether nothing follows
     * @param told whether a control event came
     * @param failure how it broke, if it did
     */
    private record Joined(
            boolean ended, boolean told, @Nullable IOException failure) {}

    /** Reads one event stream to its end. When it breaks, what no control event has confirmed is read again. */
    private Joined join(SseConnection connection, InputStream events, Sink sink) throws InterruptedException {
        boolean told = false;
        open = events;
        try (connection) {
            RemoteChunk chunk = stopped ? null : connection.next();
            while (chunk != null && !stopped) {
                told = true;
                hand(chunk, sink);
                if (chunk.atEnd()) {
                    return new Joined(true, true, null);
                }
                chunk = connection.next();
            }
            return new Joined(stopped, told, null);
        } catch (IOException e) {
            return new Joined(stopped, told, e);
        } finally {
            open = null;
        }
    }

    /** Readers whose answers ended together do not all come back together. */
    private static Duration rejoinDelay(int barren) {
        int bound = Math.min(REJOIN_MILLIS_MAX, REJOIN_MILLIS << Math.min(barren, DOUBLINGS_MAX));
        return Duration.ofMillis(ThreadLocalRandom.current().nextInt(bound + 1));
    }

    private WireRequest liveRequest(String mode) {
        WireRequest request = WireRequest.of("GET").param("offset", offset).param("live", mode);
        return cursor.isEmpty() ? request : request.param("cursor", cursor.get());
    }

    private RemoteChunk chunk(Answer answer) {
        String next = answer.text(Wire.NEXT_OFFSET);
        if (next.isEmpty()) {
            throw ClientException.malformed(path(), "an answer does not say where its content ends");
        }
        String type = answer.text(Wire.CONTENT_TYPE);
        if (answer.status() == 200 && !type.isEmpty()) {
            seenType = Optional.of(type);
        }
        boolean closed = answer.says(Wire.CLOSED);
        String told = answer.text(Wire.CURSOR);
        return new RemoteChunk(
                path(),
                answer.status() == 200 ? type : seenType.orElse(type),
                answer.body(),
                next,
                closed || answer.status() == 204 || answer.says(Wire.UP_TO_DATE),
                closed,
                told.isEmpty() ? Optional.empty() : Optional.of(told));
    }

    /** Moves on, and hands out what says something new: content, that the tail is reached, or the end. */
    private void hand(RemoteChunk chunk, Sink sink) throws InterruptedException {
        offset = chunk.next();
        cursor = chunk.cursor().or(() -> cursor);
        boolean news = !chunk.isEmpty() || chunk.atEnd() || (chunk.upToDate() && !tailTold);
        tailTold = chunk.upToDate();
        if (news) {
            sink.accept(chunk);
        }
    }
}
