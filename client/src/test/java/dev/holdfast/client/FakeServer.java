package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers what it is told to, one answer after the other, and keeps what it was asked. */
final class FakeServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** An answer. */
    interface Reply {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** What was asked. */
    record Request(String method, String uri, String body, HttpExchange exchange) {
        String header(String name) {
            String value = exchange.getRequestHeaders().getFirst(name);
            return value == null ? "" : value;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closing = new CountDownLatch(1);

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where the streams are. */
    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/stream");
    }

    /** The next answer. */
    FakeServer then(Reply reply) {
        replies.add(reply);
        return this;
    }

    /** The next answer: a status, and headers as name, value, name, value. */
    FakeServer then(int status, String... headers) {
        return then(exchange -> respond(exchange, status, "", headers));
    }

    /** The next answer: 200 with a body. */
    FakeServer thenBody(String body, String... headers) {
        return then(exchange -> respond(exchange, 200, body, headers));
    }

    /** The next answer is none: the connection is cut. */
    FakeServer thenCut() {
        return then(HttpExchange::close);
    }

    /** The next answer does not come before the server is closed. */
    FakeServer thenSilence() {
        return then(exchange -> {
            closing.await();
            exchange.close();
        });
    }

    /** The next answer is an event stream; it ends in order, or is cut. */
    FakeServer thenEvents(String events, boolean cut, String... headers) {
        return then(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            headers(exchange, headers);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(events.getBytes(UTF_8));
            exchange.getResponseBody().flush();
            if (cut) {
                // Closing the exchange would end the answer in order; an error of the handler does not.
                throw new IOException("cut");
            }
            exchange.close();
        });
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Waits until so many requests have come. */
    void awaitRequests(int count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> requests.size() >= count);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        requests.add(new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, exchange));
        Reply reply = replies.poll();
        try {
            if (reply == null) {
                respond(exchange, 418, "nothing was said about this request");
            } else {
                reply.to(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void respond(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        headers(exchange, headers);
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static void headers(HttpExchange exchange, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
    }

    @Override
    public void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
