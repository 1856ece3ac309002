package dev.holdfast.server.durablestreams;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.stream.WebhookDelivery;
import dev.holdfast.stream.WebhookSender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Calls webhooks over HTTP: one request each, signed, without redirects and proxies, and with limits on time and on
 * what comes back. Names are looked up on a few platform threads, since that is a native call, which would keep the
 * carrier of a virtual thread.
 *
 * <p>{@code lock} guards the client, which is made with the first call, since it brings a thread of its own.
 */
final class WebhookClient implements WebhookSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookClient.class);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration LOOKUP_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final Duration IDLE_MAX = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES_MAX = 64 << 10;

    private final WebhookTargets targets;
    private final ThreadPoolExecutor lookups;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient client;
    private boolean closed;

    /** Calls these targets, so many at once at most. */
    WebhookClient(WebhookTargets targets, int callsMax) {
        this.targets = targets;
        this.lookups = new ThreadPoolExecutor(
                0,
                callsMax,
                IDLE_MAX.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("holdfast-lookup-", 0).factory());
    }

    @Override
    public Answer send(WebhookDelivery delivery) {
        try {
            HttpResponse<byte[]> answer = call(delivery);
            if (answer.statusCode() / 100 != 2) {
                LOG.debug("a webhook has refused (status={}, {})", answer.statusCode(), delivery.wake());
                return Answer.FAILED;
            }
            return saysDone(answer.body()) ? Answer.DONE : Answer.TAKEN;
        } catch (IOException | ExecutionException | TimeoutException | InvalidInputException e) {
            LOG.debug("a webhook was not reached ({})", delivery.wake(), e);
            return Answer.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.FAILED;
        }
    }

    private HttpResponse<byte[]> call(WebhookDelivery delivery)
            throws IOException, ExecutionException, TimeoutException, InterruptedException {
        URI url = targets.requireUrl(delivery.url());
        // Both end before the lease does, so that a receiver that hangs is one that failed, and the next try has its
        // pause.
        Duration fifth = delivery.wake().lease().dividedBy(5);
        requireReachable(url, shorter(fifth, LOOKUP_MAX));
        Duration limit = shorter(fifth.multipliedBy(3), ANSWER_MAX);
        byte[] body = Json.bytes(SubscriptionJson.notification(delivery));
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(limit)
                .header("Content-Type", "application/json")
                .header("Webhook-Signature", delivery.signature(body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client().sendAsync(request, info -> new LimitedBody(ANSWER_BYTES_MAX));
        try {
            // The limit of the request ends with the headers; this one holds for the body too.
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            answer.cancel(true);
        }
    }

    /** Looks a host up, on a thread that it may keep: the system's resolver cannot be cut short. */
    private void requireReachable(URI url, Duration limit)
            throws IOException, ExecutionException, TimeoutException, InterruptedException {
        Future<?> checked;
        try {
            checked = lookups.submit(() -> {
                targets.requireReachable(url);
                return url;
            });
        } catch (RejectedExecutionException e) {
            throw new IOException("too many names of webhooks are being looked up, or none any more", e);
        }
        try {
            checked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            checked.cancel(true);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private HttpClient client() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("webhooks are called no more");
            }
            HttpClient made = client;
            if (made == null) {
                made = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT_MAX)
                        .build();
                client = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    private static boolean saysDone(byte[] body) {
        if (body.length == 0) {
            return false;
        }
        try {
            JsonNode said = Json.parse(body);
            return said.path("done").isBoolean() && said.path("done").booleanValue();
        } catch (InvalidInputException e) {
            LOG.debug("a webhook has answered something else than JSON", e);
            return false;
        }
    }

    /** Cuts what runs. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            lookups.shutdownNow();
            if (client != null) {
                client.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
    }
}
