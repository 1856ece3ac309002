package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTest {
    private static final HttpHandler NOTHING = x -> x.respond(204);
    private static final Mount KEYS = Mount.at("/keyval/api", "KeyVal")
            .route(Route.get("/keys/{path...}", "getKey", NOTHING)
                    .summary("Reads one key")
                    .param(Param.path("path", "The key"))
                    .answer(200, ContentType.JSON, "The entry")
                    .answer(404, "There is none"))
            .route(Route.put("/keys/{path...}", "setKey", NOTHING)
                    .param(Param.query("expiresIn", Param.Type.INTEGER, "Milliseconds")
                            .mandatory())
                    .param(Param.header("If-Match", "A version"))
                    .body(ContentType.JSON, "Any JSON value"))
            .route(Route.post("/keys/batch", "batch", NOTHING).needs(Scope.READ))
            .route(Route.delete("/queue/{id}/x/{n}", "purge", NOTHING).needs(Scope.ADMIN));
    private static final Mount ROOT = TestServer.root(OpenApi.route("Holdfast", "1.2.3"));

    @Test
    void theDocumentIsTheTableOfRoutes() throws Exception {
        try (TestServer server =
                new TestServer(TestServer.options(), b -> b.mount(KEYS).mount(ROOT))) {
            JsonNode document = Json.parse(server.get("/openapi.json").body());

            List<String> documented = new ArrayList<>();
            document.get("paths")
                    .propertyStream()
                    .forEach(path -> path.getValue()
                            .propertyStream()
                            .forEach(o -> documented.add(o.getKey() + " " + path.getKey() + " "
                                    + o.getValue().get("operationId").asString())));
            List<String> routed = server.http.router().entries().stream()
                    .map(e -> e.route().method().toLowerCase(Locale.ROOT) + " "
                            + e.template().replace("...}", "}") + " "
                            + e.route().operationId())
                    .toList();
            assertThat(documented).containsExactlyInAnyOrderElementsOf(routed).hasSize(5);
            assertThat(document.get("openapi").asString()).isEqualTo("3.1.0");
            assertThat(document.get("info").get("version").asString()).isEqualTo("1.2.3");
        }
    }

    @Test
    void anOperationSaysWhatItTakesAndGives() {
        JsonNode document = OpenApi.document("t", "1", Router.of(List.of(KEYS), List.of()));
        JsonNode get = document.at("/paths/~1keyval~1api~1keys~1{path}/get");
        JsonNode put = document.at("/paths/~1keyval~1api~1keys~1{path}/put");

        assertThat(get.get("summary").asString()).isEqualTo("Reads one key");
        assertThat(get.get("tags").get(0).asString()).isEqualTo("KeyVal");
        assertThat(get.at("/parameters/0").toString())
                .isEqualTo("{\"name\":\"path\",\"in\":\"path\",\"required\":true,\"description\":\"The key\","
                        + "\"schema\":{\"type\":\"string\"},\"x-multi-part\":true}");
        assertThat(get.at("/responses/200/content").has("application/json")).isTrue();
        assertThat(get.at("/responses/404/description").asString()).isEqualTo("There is none");
        assertThat(get.at("/responses").has("default")).isTrue();
        assertThat(put.at("/requestBody/content").has("application/json")).isTrue();
        assertThat(put.get("parameters").valueStream().map(p -> p.get("in").asString() + " " + p.get("required")))
                .containsExactly("path true", "query true", "header false");
    }

    @Test
    void everyOperationNamesItsScope() {
        JsonNode document = OpenApi.document("t", "1", Router.of(List.of(KEYS), List.of()));

        assertThat(scope(document, "/paths/~1keyval~1api~1keys~1{path}/get")).isEqualTo("read");
        assertThat(scope(document, "/paths/~1keyval~1api~1keys~1{path}/put")).isEqualTo("write");
        assertThat(scope(document, "/paths/~1keyval~1api~1keys~1batch/post")).isEqualTo("read");
        assertThat(scope(document, "/paths/~1keyval~1api~1queue~1{id}~1x~1{n}/delete"))
                .isEqualTo("admin");
    }

    private static String scope(JsonNode document, String operation) {
        return document.at(operation + "/security/0/token/0").asString();
    }
}
