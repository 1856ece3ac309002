package dev.holdfast.cli;

import dev.holdfast.json.Json;
import dev.holdfast.stream.StreamOffset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A reader that follows a stream over every kill, from the offset that it was told last. Whatever it was handed must be
 * there for ever. One thread at a time runs it.
 */
final class TailingReader {
    private final HttpClient http;
    private final String stream;
    private final boolean byEvents;
    private final Consumer<String> told;
    private final List<String> seen = new ArrayList<>();
    private String offset = "-1";

    TailingReader(HttpClient http, String stream, boolean byEvents) {
        this(http, stream, byEvents, message -> {});
    }

    /**
     * A reader of a stream of JSON.
     *
     * @param byEvents whether it takes events, else it asks again and again
     * @param told is told each message at once, on the thread that reads
     */
    TailingReader(HttpClient http, String stream, boolean byEvents, Consumer<String> told) {
        this.told = told;
        this.http = http;
        this.stream = stream;
        this.byEvents = byEvents;
    }

    String stream() {
        return stream;
    }

    /** The messages that it was handed, in their order. */
    List<String> seen() {
        return seen;
    }

    /** The stream was put back to this: what it saw beyond is gone, and it goes on from its offset. */
    void goOnAfterLoss(List<String> kept) {
        long units = offset.equals("-1")
                ? 0
                : StreamOffset.units(StreamOffset.parse(offset).orElseThrow());
        List<String> passed = kept.subList(0, (int) Math.min(units, kept.size()));
        if (!seen.subList(0, passed.size()).equals(passed)) {
            throw new AssertionError("a reader of " + stream + " saw something else than what was kept");
        }
        seen.clear();
        seen.addAll(passed);
    }

    /** Reads until the server is gone. */
    void run(ServedStore server) {
        try {
            while (byEvents ? events(server) : longPoll(server)) {
                // The next answer.
            }
        } catch (IOException | UncheckedIOException e) {
            // The server is gone; what was under way counts as not read.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(ServedStore server, String live) {
        URI uri = URI.create(server.stream(stream) + "?offset=" + offset + "&live=" + live);
        return HttpRequest.newBuilder(uri).build();
    }

    private boolean longPoll(ServedStore server) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request(server, "long-poll"), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 500) {
            return false;
        }
        if (answer.statusCode() >= 300) {
            throw new AssertionError(
                    "a reader of " + stream + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        String next = answer.headers().firstValue("Stream-Next-Offset").orElseThrow();
        take(answer.statusCode() == 204 ? "[]" : answer.body(), next);
        return true;
    }

    private boolean events(ServedStore server) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer = http.send(request(server, "sse"), HttpResponse.BodyHandlers.ofLines());
        if (answer.statusCode() >= 500) {
            return false;
        }
        if (answer.statusCode() >= 300) {
            throw new AssertionError("a reader of " + stream + " was answered " + answer.statusCode());
        }
        try (Stream<String> lines = answer.body()) {
            String event = "";
            String content = "[]";
            StringBuilder data = new StringBuilder();
            for (Iterator<String> next = lines.iterator(); next.hasNext(); ) {
                String line = next.next();
                if (line.startsWith("event:")) {
                    event = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5));
                } else if (line.isEmpty() && event.equals("data")) {
                    content = data.toString();
                    data.setLength(0);
                } else if (line.isEmpty() && event.equals("control")) {
                    take(
                            content,
                            Json.parse(data.toString()).path("streamNextOffset").asString());
                    content = "[]";
                    data.setLength(0);
                }
            }
        }
        return true;
    }

    private void take(String messages, String next) {
        if (!offset.equals("-1") && next.compareTo(offset) < 0) {
            throw new AssertionError("the offset of " + stream + " went back from " + offset + " to " + next);
        }
        for (JsonNode message : Json.parse(messages)) {
            seen.add(message.toString());
            told.accept(message.toString());
        }
        offset = next;
    }
}
