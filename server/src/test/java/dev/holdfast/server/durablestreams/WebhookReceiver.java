package dev.holdfast.server.durablestreams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Route;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Takes webhooks on loopback, and answers them as a test says. */
final class WebhookReceiver implements AutoCloseable {
    private static final int SECONDS_MAX = 30;

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final HttpServer http;
    private volatile int status = 200;
    private volatile String answer = "{}";

    WebhookReceiver() {
        http = HttpServer.builder(HttpServerOptions.defaults().withPort(0))
                .mount(Mount.at("", "hooks")
                        .route(Route.post("/hook", "hook", this::take).summary("Takes a webhook")))
                .build();
        http.start();
    }

    private void take(Exchange exchange) throws IOException {
        calls.add(new Call(
                new String(exchange.body(), UTF_8),
                exchange.header("Webhook-Signature").orElse("")));
        exchange.respond(status, ContentType.JSON, answer.getBytes(UTF_8));
    }

    String url() {
        return http.baseUrl() + "/hook";
    }

    void answering(int nextStatus, String next) {
        status = nextStatus;
        answer = next;
    }

    Call next() throws InterruptedException {
        Call call = calls.poll(SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(call).as("a webhook").isNotNull();
        return call;
    }

    @Override
    public void close() {
        http.close();
    }

    /** A webhook that came. */
    record Call(String body, String signature) {
        JsonNode json() {
            return Json.parse(body);
        }
    }
}
