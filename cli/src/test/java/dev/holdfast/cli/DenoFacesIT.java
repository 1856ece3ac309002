package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One program in Deno per direction: what it writes, Java and REST read, and the other way round. */
@Timeout(120)
class DenoFacesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What Deno writes, by the last part of its key, in the order of Java and REST. */
    private static final List<String> WRITTEN = List.of(
            "[\"written\",\"bigint\"] {\"__type\":\"bigint\",\"value\":\"-1180591620717411303424\"}",
            "[\"written\",\"bytes\"] {\"__type\":\"bytes\",\"value\":\"AP8\"}",
            "[\"written\",\"counter\"] {\"__type\":\"bigint\",\"value\":\"9223372036854775808\"}",
            "[\"written\",\"date\"] {\"__type\":\"date\",\"value\":\"1970-01-01T00:00:00.000Z\"}",
            "[\"written\",\"map\"] {\"__type\":\"map\",\"value\":[[\"k\",1]]}",
            "[\"written\",\"object\"] {\"name\":\"Ann\",\"age\":41,\"tags\":[\"a\",\"b\"]}",
            "[\"written\",\"set\"] {\"__type\":\"set\",\"value\":[1.5]}");

    @TempDir
    static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Holdfast store;
    private static HoldfastServer server;

    @BeforeAll
    static void serve() {
        store = Holdfast.open(folder.resolve("faces.db"));
        server = HoldfastServer.start(store, HttpServerOptions.defaults().withPort(0), Authenticator.none());
    }

    @AfterAll
    static void close() {
        HTTP.shutdownNow();
        server.close();
        store.close();
    }

    @Test
    void javaAndRestReadFilterAndWatchWhatDenoWrites() throws Exception {
        store.kv().set(Key.of("written", "gone"), "there before");
        Map<String, String> watched = new ConcurrentHashMap<>();
        try (KvWatch watch = store.kv().watch(below("written"), event -> remember(event, watched));
                BufferedReader events = events("/watch/prefix?prefix=written")) {
            assertThat(watch).isNotNull();
            String stamp = deno("faces-write.ts").lines().toList().getFirst();

            List<KvEntry> entries =
                    store.kv().list(KvSelection.below("written")).toList();
            assertThat(entries).extracting(DenoFacesIT::line).isEqualTo(WRITTEN);
            assertThat(entries)
                    .extracting(KvEntry::versionstamp)
                    .containsOnly(Versionstamp.ofHex(stamp).orElseThrow());
            assertThat(entries.get(1).value().as(byte[].class)).containsExactly(0, 255);
            assertThat(entries.get(2).value()).isEqualTo(KvValue.u64(Long.MIN_VALUE));
            assertThat(entries.get(5).value().as(Person.class)).isEqualTo(new Person("Ann", 41, List.of("a", "b")));
            assertThat(lines(rest("POST", "/keys/list", "{\"prefix\":[\"written\"]}")))
                    .isEqualTo(WRITTEN);

            await().atMost(LIMIT).until(() -> watched.containsValue("null") && watched.size() > WRITTEN.size());
            assertThat(told(events, WRITTEN.size() + 1)).isEqualTo(watched);
        }
    }

    @Test
    void entriesAreShownAsDenosConsoleShowsThem() throws Exception {
        List<String> shown = deno("faces-write.ts").lines().skip(1).toList();

        List<String> ours = store.kv()
                .list(KvSelection.all())
                .filter(entry -> List.of("written", "kinds", "shown")
                        .contains(entry.key().get(0, String.class)))
                .map(DenoText::entry)
                .toList();
        assertThat(ours).containsExactlyInAnyOrderElementsOf(shown);
    }

    @Test
    void everyKindOfKeyFromDenoStandsInTheOrderOfJavaAndRestAndFiltersSeeValuesOfDeno() throws Exception {
        deno("faces-write.ts");

        List<String> kinds = List.of(
                "[\"kinds\",{\"__type\":\"bytes\",\"value\":\"AQ\"}] \"object\"",
                "[\"kinds\",\"1\"] \"string\"",
                "[\"kinds\",1] \"number\"",
                "[\"kinds\",{\"__type\":\"bigint\",\"value\":\"1\"}] \"bigint\"",
                "[\"kinds\",true] \"boolean\"");
        assertThat(store.kv()
                        .list(KvSelection.below("kinds"))
                        .map(DenoFacesIT::line)
                        .toList())
                .isEqualTo(kinds);
        assertThat(lines(rest("GET", "/keys?prefix=kinds", ""))).isEqualTo(kinds);

        assertThat(matching("{\"age\":{\"$gt\":40},\"tags[0]\":\"a\"}")).containsExactly("[\"written\",\"object\"]");
        assertThat(matching("{\"value\":{\"$startsWith\":\"1970\"}}")).containsExactly("[\"written\",\"date\"]");
        assertThat(matching("{\"value[0][1]\":1}")).containsExactly("[\"written\",\"map\"]");
        assertThat(matching("{\"$\":{\"$gt\":1}}")).containsExactly("[\"written\",\"counter\"]");

        store.kv().atomic().sum(Key.of("sums", "counter"), BigInteger.TWO).commit();
        assertThat(store.kv().get(Key.of("sums", "counter")).orElseThrow().value())
                .isEqualTo(KvValue.u64(42));
    }

    @Test
    void denoReadsListsWatchesAndChecksWhatJavaAndRestWrite() throws Exception {
        store.kv().set(Key.of("there", "java"), KvValue.jsonText("{\"name\":\"Bob\",\"age\":7}"));
        store.kv().set(Key.of("there", new byte[] {1}), new byte[] {9});
        store.kv().set(Key.of("there", BigInteger.TWO), KvValue.u64(3));
        rest("PUT", "/keys/there/1", "{\"nested\":[null,{\"__type\":\"bigint\",\"value\":\"18446744073709551616\"}]}");
        rest("POST", "/keys/set", "{\"key\":[\"there\",true],\"value\":\"text\"}");
        rest("PUT", "/keys/turn", "\"nobody's\"");
        String first = stamp("turn");
        try (KvWatch watch =
                store.kv().watch(KvWatchOptions.keys(Key.of("ask")).withoutInitial(), DenoFacesIT::write)) {
            assertThat(watch).isNotNull();

            assertThat(deno("faces-read.ts")).isEqualTo("""
                    [ Uint8Array(1) [ 1 ] ] Uint8Array(1) [ 9 ]
                    [ "java" ] { name: "Bob", age: 7 }
                    [ 2n ] [Deno.KvU64: 3n]
                    [ 1 ] { nested: [ null, 18446744073709551616n ] }
                    [ true ] text
                    last [ true ]
                    last [ 1 ]
                    between [ 2n ]
                    between [ 1 ]
                    sum [Deno.KvU64: 7n]
                    at first nobody's
                    wrote java's false true deno after java
                    wrote rest's false true deno after rest
                    """);
        }

        KvEntry turn = store.kv().get(Key.of("turn")).orElseThrow();
        assertThat(turn.versionstamp().uuid()).isEqualTo(stamp("turn"));
        assertThat(checked(first)).isEqualTo("false");
        assertThat(checked(stamp("turn"))).isEqualTo("true");
        assertThat(store.kv()
                        .atomic()
                        .check(turn.key(), turn.versionstamp())
                        .set(turn.key(), "lost")
                        .commit()
                        .isCommitted())
                .isFalse();
    }

    /** Runs a program; answers what it has printed. */
    private static String deno(String program) throws IOException, InterruptedException {
        String file =
                Suites.ROOT.resolve("conformance/kv-connect").resolve(program).toString();
        return Suites.run(folder, KvConnectContract.SCRIPT, "--program", file, "none", server.baseUrl() + "/kv");
    }

    /** Writes the turn by the face that is asked for. */
    private static void write(KvWatch.Event event) {
        for (KvWatch.Update update : event.updates()) {
            switch (update.entry().orElseThrow().value().as(String.class)) {
                case "java" -> store.kv().set(Key.of("turn"), "java's");
                case "rest" -> rest("PUT", "/keys/turn", "\"rest's\"");
                default -> throw new IllegalStateException("nobody is asked");
            }
        }
    }

    private static String checked(String stamp) {
        return rest(
                        "POST",
                        "/atomic",
                        "{\"checks\":[{\"key\":[\"turn\"],\"versionstamp\":\"" + stamp
                                + "\"}],\"mutations\":[{\"type\":\"set\",\"key\":[\"turn\"],\"value\":1}]}")
                .path("ok")
                .toString();
    }

    private static String stamp(String path) {
        return rest("GET", "/keys/" + path, "").path("versionstamp").stringValue();
    }

    /** The keys that match a filter among what Deno has written, which Java and REST agree on. */
    private static List<String> matching(String where) {
        KvSelection selection = KvSelection.below("written").where(Filter.parse(Json.parse(where), Instant.now()));
        List<String> keys = store.kv().keys(selection).map(KeyJson::text).toList();
        JsonNode found = rest("POST", "/keys/list", "{\"prefix\":[\"written\"],\"where\":" + where + "}");
        assertThat(found.valueStream()
                        .map(entry -> Json.text(entry.path("key")))
                        .toList())
                .isEqualTo(keys);
        return keys;
    }

    private static KvWatchOptions below(String prefix) {
        return KvWatchOptions.prefixes(KeyPrefix.of(prefix));
    }

    private static void remember(KvWatch.Event event, Map<String, String> watched) {
        for (KvWatch.Update update : event.updates()) {
            watched.put(
                    KeyJson.text(update.key()),
                    update.entry()
                            .map(entry -> Json.text(EntryValue.json(entry.value())))
                            .orElse("null"));
        }
    }

    /** Reads events until so many keys were told and one of them is gone; answers what was told of each last. */
    private static Map<String, String> told(BufferedReader events, int keys) throws IOException {
        Map<String, String> told = new ConcurrentHashMap<>();
        while (told.size() < keys || !told.containsValue("null")) {
            String line = events.readLine();
            assertThat(line).as("the stream goes on, after %s", told).isNotNull();
            if (line.startsWith("data: [")) {
                Json.parse(line.substring(6))
                        .forEach(entry -> told.put(Json.text(entry.path("key")), Json.text(entry.path("value"))));
            }
        }
        return told;
    }

    private static BufferedReader events(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(keyval(path)).build();
        return new BufferedReader(new InputStreamReader(
                HTTP.send(request, BodyHandlers.ofInputStream()).body(), UTF_8));
    }

    private static JsonNode rest(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(keyval(path))
                .timeout(LIMIT)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            var answer = HTTP.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return Json.parse(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static URI keyval(String path) {
        return URI.create(server.baseUrl() + "/keyval/api" + path);
    }

    private static List<String> lines(JsonNode entries) {
        return entries.valueStream()
                .map(entry -> Json.text(entry.path("key")) + " " + Json.text(entry.path("value")))
                .toList();
    }

    private static String line(KvEntry entry) {
        return KeyJson.text(entry.key()) + " " + Json.text(EntryValue.json(entry.value()));
    }

    /** What the object of Deno is in Java. */
    private record Person(String name, int age, List<String> tags) {}
}
