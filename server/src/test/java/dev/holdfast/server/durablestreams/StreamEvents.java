package dev.holdfast.server.durablestreams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads an event stream. */
final class StreamEvents implements AutoCloseable {
    private final HttpResponse<InputStream> answer;
    private final BufferedReader lines;

    StreamEvents(HttpResponse<InputStream> answer) {
        this.answer = answer;
        this.lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
    }

    /** An event with its data lines joined. */
    record Event(String name, String data) {
        JsonNode json() {
            return Json.parse(data);
        }

        String nextOffset() {
            return json().path("streamNextOffset").asString("");
        }

        boolean has(String member) {
            return json().has(member);
        }
    }

    HttpResponse<InputStream> answer() {
        return answer;
    }

    /** The next event; empty when the stream has ended in order. Fails when it was cut. */
    Optional<Event> poll() throws IOException {
        String name = "";
        List<String> data = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !name.isEmpty()) {
                return Optional.of(new Event(name, String.join("\n", data)));
            }
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (!line.isEmpty() && !line.startsWith(":")) {
                assertThat(line).startsWith("data:");
                data.add(line.substring(5));
            }
        }
        assertThat(data).as("the lines of an event that is not whole").isEmpty();
        return Optional.empty();
    }

    Event next() throws IOException {
        return poll().orElseThrow(() -> new AssertionError("the stream has ended"));
    }

    Event next(String name) throws IOException {
        Event event = next();
        assertThat(event.name()).as(event.data()).isEqualTo(name);
        return event;
    }

    /** Reads control events, and nothing else, to the end. */
    void awaitEnd() throws IOException {
        for (Optional<Event> event = poll(); event.isPresent(); event = poll()) {
            assertThat(event.get().name()).isEqualTo("control");
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
