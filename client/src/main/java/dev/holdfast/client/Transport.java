package dev.holdfast.client;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests until one is answered, refused, or the policy allows no more. Blocks the calling thread, which may be
 * interrupted; closing ends every wait.
 */
final class Transport implements AutoCloseable {
    private final HttpClient http;
    private final boolean ours;
    private final RetryPolicy retry;
    private final int answerBytesMax;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** What close ends: requests that are under way, and readings, whose threads may wait for their readers. */
    private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();

    private final Pause pause;

    /**
     * Sends with a client.
     *
     * @param ours whether the client is closed with this
     */
    Transport(HttpClient http, boolean ours, ClientOptions options) {
        this.http = http;
        this.ours = ours;
        this.retry = options.retry();
        this.answerBytesMax = options.answerBytesMax();
        this.pause = this::awaitClosing;
    }

    /** One whose pauses are somebody else's. */
    Transport(HttpClient http, ClientOptions options, Pause pause) {
        this.http = http;
        this.ours = true;
        this.retry = options.retry();
        this.answerBytesMax = options.answerBytesMax();
        this.pause = pause;
    }

    /** Runs something when this is closed, at once when it is; until it is forgotten. */
    void atClose(Runnable end) {
        ends.add(end);
        if (!isOpen()) {
            end.run();
        }
    }

    void forget(Runnable end) {
        ends.remove(end);
    }

    boolean isOpen() {
        return closing.getCount() > 0;
    }

    RetryPolicy retry() {
        return retry;
    }

    /**
     * Asks until there is an answer.
     *
     * @param timeout of one attempt; of an event stream, until it begins
     * @throws ClientException the last failure; the first one is among its suppressed ones
     * @throws ClosedException this was closed
     */
    Answer call(StreamAddress at, WireRequest request, Duration timeout) {
        ClientException first = null;
        boolean unknown = false;
        for (int failures = 1; ; failures++) {
            ClientException failure;
            Duration atLeast = Duration.ZERO;
            try {
                Answer answer = exchange(at, request, timeout);
                if (answer.status() == 200 || answer.status() == 201 || answer.status() == 204) {
                    return answer;
                }
                failure = Refusals.of(request, answer, at.path());
                // A server may name a time of day, which only the clock of the system knows.
                atLeast = RetryAfter.of(answer.headers(), Instant.now());
            } catch (IOException e) {
                failure = AnswerTooLarge.isBehind(e)
                        ? ClientException.tooLarge(at.path(), answerBytesMax, e)
                        : ClientException.network(at.path(), e);
            }
            requireOpen();
            if (first != null) {
                failure.addSuppressed(first);
            }
            if (unknown) {
                failure = failure.behindUnknown();
            }
            unknown |= failure.isUnknown();
            if (!failure.mayRetry() || failures >= retry.attemptsMax()) {
                throw failure;
            }
            first = first == null ? failure : first;
            rest(at.path(), retry.delay(failures, atLeast, ThreadLocalRandom.current()));
        }
    }

    /** Lets some time pass. */
    void rest(String path, Duration time) {
        try {
            pause.await(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientException.interrupted(path, e);
        }
    }

    private void awaitClosing(Duration time) throws InterruptedException {
        if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw closed();
        }
    }

    private Answer exchange(StreamAddress at, WireRequest request, Duration timeout) throws IOException {
        requireOpen();
        HttpRequest built = build(at, request);
        CompletableFuture<Answer> running = new CompletableFuture<>();
        Thread sender = Thread.ofVirtual().name("holdfast-client-request").start(() -> send(built, running));
        Runnable end = () -> abandon(running, sender);
        atClose(end);
        try {
            return running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (CancellationException e) {
            ClosedException closed = closed();
            closed.initCause(e);
            throw closed;
        } catch (ExecutionException e) {
            throw io(e.getCause());
        } catch (TimeoutException e) {
            discard(running, sender, e);
            HttpTimeoutException late = new HttpTimeoutException("no answer in time (timeout=" + timeout + ")");
            late.initCause(e);
            throw late;
        } catch (InterruptedException e) {
            discard(running, sender, e);
            Thread.currentThread().interrupt();
            throw ClientException.interrupted(at.path(), e);
        } finally {
            forget(end);
        }
    }

    /**
     * Sends on this thread. The JDK's own way of not waiting completes its futures on the pool that all programs share,
     * and would wait for whoever blocks it, perhaps for an answer of ours.
     */
    private void send(HttpRequest request, CompletableFuture<Answer> running) {
        try {
            Answer answer = Answer.of(http.send(request, Answer.handler(answerBytesMax)));
            if (!running.complete(answer)) {
                answer.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.completeExceptionally(e);
        } catch (IOException | RuntimeException | Error e) {
            running.completeExceptionally(e);
        }
    }

    /** Ends a request whose answer nobody waits for any more. */
    private static void abandon(CompletableFuture<Answer> running, Thread sender) {
        if (running.cancel(false)) {
            sender.interrupt();
        }
    }

    /** The same for one who does not wait any more; an answer that has come in this moment is closed. */
    static void discard(CompletableFuture<Answer> running, Thread sender, Exception why) {
        abandon(running, sender);
        if (running.state() == Future.State.SUCCESS) {
            try {
                running.resultNow().close();
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }

    /** The caller's headers come first, so those of the protocol win. */
    private static HttpRequest build(StreamAddress at, WireRequest request) {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(at.uri(request.query()))
                    .method(
                            request.method(),
                            request.body().length == 0
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(request.body()));
            at.headers().forEach((name, value) -> set(builder, name, value.get()));
            request.headers().forEach((name, value) -> set(builder, name, value));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "client.request", "a header or the address cannot be sent (path=" + at.path() + ")", e);
        }
    }

    /** The JDK's client would send any other character as a question mark, and two ids of producers would be one. */
    private static void set(HttpRequest.Builder builder, String name, String value) {
        if (value.chars().anyMatch(c -> c > '~')) {
            throw new IllegalArgumentException("the header " + name + " holds characters beyond ASCII");
        }
        builder.setHeader(name, value);
    }

    private static IOException io(@Nullable Throwable cause) {
        return cause instanceof IOException known ? known : new IOException("the request failed", cause);
    }

    private void requireOpen() {
        if (!isOpen() || http.isTerminated()) {
            throw closed();
        }
    }

    static ClosedException closed() {
        return new ClosedException("client.closed", "the client was closed");
    }

    @Override
    public void close() {
        closing.countDown();
        ends.forEach(Runnable::run);
        if (ours) {
            http.shutdownNow();
        }
    }
}
