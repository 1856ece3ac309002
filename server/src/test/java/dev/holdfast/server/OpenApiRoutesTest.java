package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The document of the whole server is its table of routes, over all mounts. */
class OpenApiRoutesTest {
    @Test
    void everyRouteOfEveryMountIsDescribedAndNothingElse() throws Exception {
        try (ServedStore served = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults())) {
            JsonNode document =
                    served.ask(ServedStore.ADMIN, "GET", "/openapi.json", "").json();

            List<String> described = new ArrayList<>();
            document.path("paths")
                    .propertyStream()
                    .forEach(path -> path.getValue()
                            .propertyStream()
                            .forEach(operation -> described.add(operation.getKey() + " " + path.getKey() + " "
                                    + operation
                                            .getValue()
                                            .at("/security/0/token/0")
                                            .stringValue())));
            List<String> routed = served.server().http().router().entries().stream()
                    .map(entry -> method(entry.route()) + " " + entry.template().replace("...}", "}") + " "
                            + entry.route().scope().text())
                    .toList();
            assertThat(described).containsExactlyInAnyOrderElementsOf(routed);
            assertThat(described)
                    .contains("get /openapi.json read", "get /health/live read", "put /keyval/api/keys/{key} write");
            assertThat(served.server().http().router().entries())
                    .allSatisfy(entry -> assertThat(entry.route().summary())
                            .as(entry.template())
                            .isNotBlank());
        }
    }

    private static String method(Route route) {
        return route.method().toLowerCase(Locale.ROOT);
    }
}
