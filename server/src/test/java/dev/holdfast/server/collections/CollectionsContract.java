package dev.holdfast.server.collections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.json.Json;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Principal;
import dev.holdfast.server.http.Scope;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Documents over real HTTP, on any database. */
abstract class CollectionsContract {
    private static final Principal LIMITED = new Principal(
            "limited", Set.of(Scope.READ), Optional.empty(), List.of(new Grant(Grant.Kind.COLLECTION, "pub")));

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Holdfast holdfast;
    private HoldfastServer server;

    /** The name of an empty database. */
    abstract String database();

    /** Deletes the database, when nobody uses it any more. */
    abstract void delete();

    @BeforeEach
    void start() {
        holdfast = Holdfast.open(database());
        server = HoldfastServer.start(
                holdfast, HttpServerOptions.defaults().withPort(0), Authenticator.bearer(token -> switch (token) {
                    case "limited" -> Optional.of(LIMITED);
                    case "admin" -> Optional.of(Principal.admin("admin"));
                    default -> Optional.empty();
                }));
    }

    @AfterEach
    void stop() {
        server.close();
        holdfast.close();
        delete();
        client.close();
    }

    @Test
    void aDocumentLivesItsLife() throws Exception {
        HttpResponse<String> created = send("POST", "/notes", "{\"text\":\"red\",\"n\":1.50}");
        assertThat(created.statusCode()).isEqualTo(201);
        String id = json(created).path("id").stringValue();
        assertThat(id).hasSize(36);

        assertThat(send("GET", "/notes/" + id).body()).isEqualTo(created.body());
        HttpResponse<String> patched = send("PATCH", "/notes/" + id, "{\"text\":\"blue\",\"tags\":[1]}");
        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(json(patched))
                .isEqualTo(Json.parse("{\"id\":\"" + id + "\",\"text\":\"blue\",\"n\":1.50,\"tags\":[1]}"));
        assertThat(send("GET", "/notes").body()).isEqualTo("[" + patched.body() + "]");
        HttpResponse<String> deleted = send("DELETE", "/notes/" + id);
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();

        assertThat(send("GET", "/notes").body()).isEqualTo("[]");
        for (String method : List.of("GET", "DELETE")) {
            assertRefused(send(method, "/notes/" + id), 404, "collection.not_found", "document not found: " + id);
        }
        assertRefused(send("PATCH", "/notes/" + id, "{}"), 404, "collection.not_found", "document not found: " + id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":          | json.malformed        | request body must be valid JSON
                    [1]            | collection.body       | request body must be a JSON object
                    {"id":"mine"}  | collection.id_managed | field "id" is managed by the runtime
                    """)
    void bodiesThatAreNoDocumentsAreRefused(String body, String code, String text) throws Exception {
        assertRefused(send("POST", "/notes", body), 400, code, text);
        holdfast.collection("notes").insert(Map.of("id", "n1"));
        assertRefused(send("PATCH", "/notes/n1", body), 400, code, text);
        assertThat(holdfast.collection("notes").count()).isEqualTo(1);
    }

    @Test
    void listsByFieldsWhateverTheirType() throws Exception {
        holdfast.collection("things")
                .insertMany(List.of(
                        Map.of("id", "a", "n", 7, "done", true, "by", Map.of("name", "Ann")),
                        Map.of("id", "b", "n", "7", "done", "true"),
                        Map.of("id", "c", "n", 8, "done", false)));

        assertThat(ids("/things?n=7")).containsExactly("a", "b");
        assertThat(ids("/things?n=7.0&done=true")).containsExactly("a");
        assertThat(ids("/things?n=7&n=8&done=false")).containsExactly("c");
        assertThat(ids("/things?by.name=Ann")).containsExactly("a");
        assertThat(ids("/things?n=x%25")).isEmpty();
        assertThat(ids("/things?limit=2")).containsExactly("a", "b");
        assertThat(ids("/things?$where=" + encoded("{\"n\":{\"$gte\":7}}") + "&$sort=-n"))
                .containsExactly("c", "a");
        assertThat(ids("/nothing?n=7")).isEmpty();
    }

    @Test
    void goesThroughPages() throws Exception {
        holdfast.collection("things")
                .insertMany(IntStream.range(0, 250)
                        .mapToObj(i -> Map.of("id", "n" + (1_000 + i), "n", i % 10))
                        .toList());
        holdfast.collection("things").createIndex(DocumentIndex.on("by_n", "n"));

        HttpResponse<String> first = send("GET", "/things");
        assertThat(json(first).size()).isEqualTo(50);
        assertThat(json(send("GET", "/things?limit=1000")).size()).isEqualTo(100);
        List<String> all = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            String more = cursor.get().isEmpty() ? "" : "&$cursor=" + encoded(cursor.get());
            HttpResponse<String> page = send("GET", "/things?$sort=n,-id&limit=40" + more);
            json(page).forEach(document -> all.add(document.path("id").stringValue()));
            cursor = page.headers().firstValue("Next-Cursor");
        }

        assertThat(all)
                .hasSize(250)
                .doesNotHaveDuplicates()
                .startsWith("n1240", "n1230")
                .endsWith("n1019", "n1009");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    limit=0          | collection.limit     | limit must be a positive integer
                    limit=x          | collection.limit     | limit must be a positive integer
                    $where=%7B       | collection.where     | $where is no filter
                    $where=5         | collection.where     | $where is no filter
                    $cursor=abc      | collection.cursor    | the cursor was not given out by this store
                    $order=a         | collection.parameter | unsupported parameter: $order
                    """)
    void questionsThatMeanNothingAreRefused(String query, String code, String text) throws Exception {
        HttpResponse<String> answer = send("GET", "/notes?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("code").stringValue()).isEqualTo(code);
        assertThat(json(answer).path("error").stringValue()).startsWith(text);
    }

    @Test
    void idsAndNamesAreDecoded() throws Exception {
        holdfast.collection("a b/c").insert(Map.of("id", "ä/1 2"));

        assertThat(send("GET", "/a%20b%2Fc/%C3%A4%2F1%202").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/a%20b/c/x").statusCode()).isEqualTo(404);
        assertRefused(
                send("GET", "/notes/" + "x".repeat(300)),
                404,
                "collection.not_found",
                "document not found: " + "x".repeat(200) + "...");
    }

    @Test
    void whatAUniqueIndexOrASchemaRefusesIsToldApart() throws Exception {
        holdfast.collection("users")
                .createIndex(DocumentIndex.on("by_mail", "mail").asUnique());
        send("POST", "/users", "{\"mail\":\"a\"}");
        HttpResponse<String> other = send("POST", "/users", "{\"mail\":\"b\"}");

        assertThat(send("POST", "/users", "{\"mail\":\"a\"}").statusCode()).isEqualTo(409);
        HttpResponse<String> patch =
                send("PATCH", "/users/" + json(other).path("id").stringValue(), "{\"mail\":\"a\"}");
        assertThat(patch.statusCode()).isEqualTo(409);
        assertThat(json(patch).path("code").stringValue()).isEqualTo("collection.unique");
        assertThat(patch.body()).doesNotContain("\"a\"");
    }

    @Test
    void otherMethodsAreNamed() throws Exception {
        HttpResponse<String> answer = send("PUT", "/notes/n1", "{}");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("GET", "PATCH", "DELETE");
        assertThat(json(answer).path("error").stringValue()).startsWith("method not allowed; allowed methods: ");
        assertThat(send("DELETE", "/notes").statusCode()).isEqualTo(405);
    }

    @Test
    void listsTheCollectionsThatACallerMayTouch() throws Exception {
        holdfast.collection("public").insert(Map.of("id", "a"));
        holdfast.collection("secret").insert(Map.of("id", "b"));

        assertThat(json(send("GET", "")))
                .isEqualTo(Json.parse("[{\"name\":\"public\",\"documents\":1},{\"name\":\"secret\",\"documents\":1}]"));
        assertThat(json(send("limited", "GET", "", "")))
                .isEqualTo(Json.parse("[{\"name\":\"public\",\"documents\":1}]"));
        assertThat(send("limited", "GET", "/public/a", "").statusCode()).isEqualTo(200);
        assertThat(send("limited", "GET", "/secret/b", "").statusCode()).isEqualTo(403);
        assertThat(send("limited", "GET", "/secret", "").statusCode()).isEqualTo(403);
        assertThat(send("limited", "POST", "/public", "{}").statusCode()).isEqualTo(403);
        assertThat(send("nobody", "GET", "/public", "").statusCode()).isEqualTo(401);
        assertThat(holdfast.collection("public").count()).isEqualTo(1);
    }

    @Test
    void namespacesAreApart() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.baseUrl() + "/ns/acme/v1/collections/notes"))
                .header("Authorization", "Bearer admin")
                .POST(BodyPublishers.ofString("{\"n\":1}"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);

        assertThat(send("GET", "/notes").body()).isEqualTo("[]");
        assertThat(holdfast.namespace("acme").collection("notes").count()).isEqualTo(1);
    }

    private List<String> ids(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        json(answer).forEach(document -> ids.add(document.path("id").stringValue()));
        return ids;
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return send("admin", method, path, "");
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send("admin", method, path, body);
    }

    private HttpResponse<String> send(String token, String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.baseUrl() + CollectionsMount.BASE + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code, String text) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(json(answer).path("code").stringValue()).isEqualTo(code);
        assertThat(json(answer).path("error").stringValue()).isEqualTo(text);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.parse(answer.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
