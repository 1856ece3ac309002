package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two packaged servers on one store are one store. */
abstract class TwoServersContract {
    private static final int DUELS = 150;

    private final HttpClient http = HttpClient.newHttpClient();

    /** The name of an empty store. */
    abstract String database();

    @Test
    void aWatchOnOneMissesNothingThatIsWrittenOnEither() {
        Path root = LauncherSandbox.launcher().resolve("../..").toAbsolutePath().normalize();
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dholdfast.root=" + root,
                root.resolve("conformance/TwoServers.java").toString(),
                "--db",
                database(),
                "--writes",
                "200",
                "--no-bounds");
        program.environment().put("JAVA_HOME", System.getProperty("java.home"));
        program.environment().remove("HOLDFAST_TOKEN");

        try (ChildJvm measured = ChildJvm.start(program)) {
            measured.awaitSuccess();

            measured.lines().forEach(line -> System.out.println("two servers: " + line));
            assertThat(measured.lines()).hasSize(3).allMatch(line -> line.matches(".*writes (100|200), lost 0.*"));
        }
    }

    @Test
    void aCheckAndSetOnBothAtOnceNeverWinsTwice() throws Exception {
        String db = database();
        int wins = 0;
        try (ServedStore one = ServedStore.start(db);
                ServedStore other = ServedStore.start(db);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int duel = 0; duel < DUELS; duel++) {
                String body = checkAndSet(duel, versionstamp(duel % 2 == 0 ? one : other));
                Future<Boolean> first = threads.submit(() -> won(one, start, body));
                Future<Boolean> second = threads.submit(() -> won(other, start, body));

                int won = (first.get() ? 1 : 0) + (second.get() ? 1 : 0);
                assertThat(won).as("winners of duel %d", duel).isLessThanOrEqualTo(1);
                wins += won;
            }

            assertThat(wins).isPositive();
            assertThat(get(one.keyval("/keys/wins")).path("value").intValue()).isEqualTo(wins);
            assertThat(get(other.keyval("/keys/wins")).path("value").intValue()).isEqualTo(wins);
        }
        System.out.println("two servers: " + DUELS + " duels, " + wins + " won");
    }

    private boolean won(ServedStore server, CyclicBarrier start, String body)
            throws InterruptedException, BrokenBarrierException {
        start.await();
        return send(HttpRequest.newBuilder(server.keyval("/atomic"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build())
                .path("ok")
                .asBoolean(false);
    }

    private static String checkAndSet(int duel, JsonNode versionstamp) {
        return "{\"checks\":[{\"key\":[\"prize\"],\"versionstamp\":" + Json.text(versionstamp) + "}],\"mutations\":["
                + "{\"type\":\"set\",\"key\":[\"prize\"],\"value\":" + duel + "},"
                + "{\"type\":\"sum\",\"key\":[\"wins\"],\"value\":1}]}";
    }

    /** What the entry's versionstamp is now; null for none. */
    private JsonNode versionstamp(ServedStore server) {
        JsonNode versionstamp = get(server.keyval("/keys/prize")).path("versionstamp");
        return versionstamp.isMissingNode() ? Json.mapper().nullNode() : versionstamp;
    }

    private JsonNode get(URI uri) {
        return send(HttpRequest.newBuilder(uri).build());
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(List.of(200, 404)).as(answer.body()).contains(answer.statusCode());
            return Json.parse(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
