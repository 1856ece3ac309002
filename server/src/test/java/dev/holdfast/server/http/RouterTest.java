package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static Route route(String method, String path) {
        String id = method + path.replaceAll("\\W", "_");
        return Route.of(method, path, id, x -> x.respond(204));
    }

    private static Router router(String... routes) {
        return Router.of(List.of(mount("", routes)), List.of());
    }

    private static Mount mount(String base, String... routes) {
        Mount mount = Mount.at(base, "test");
        for (String route : routes) {
            String[] parts = route.split(" ", -1);
            mount = mount.route(
                    Route.of(parts[0], parts[1], "r" + Integer.toHexString((base + route).hashCode()), x -> {}));
        }
        return mount;
    }

    private static String find(Router router, String method, String path) {
        return router.find(method, path).map(BoundRoute::toString).orElse("none");
    }

    @Test
    void fixedTextWinsForItsOwnMethodOnly() {
        Router router = router("GET /keys/count", "GET /keys/{path...}", "PUT /keys/{path...}");

        assertThat(find(router, "GET", "/keys/count")).isEqualTo("GET /keys/count");
        assertThat(find(router, "PUT", "/keys/count")).isEqualTo("PUT /keys/{path...}");
        assertThat(find(router, "GET", "/keys/count/x")).isEqualTo("GET /keys/{path...}");
    }

    @Test
    void goesBackWhenFixedTextLeadsNowhere() {
        Router router = router("GET /a/fixed/c", "GET /a/{x}/b", "GET /a/{x...}");

        assertThat(find(router, "GET", "/a/fixed/c")).isEqualTo("GET /a/fixed/c");
        assertThat(find(router, "GET", "/a/fixed/b")).isEqualTo("GET /a/{x}/b");
        assertThat(find(router, "GET", "/a/fixed/d")).isEqualTo("GET /a/{x...}");
    }

    @Test
    void aParameterIsOnePartThatIsNotEmpty() {
        Router router = router("GET /c/{name}", "GET /c/{name}/{id}");

        assertThat(find(router, "GET", "/c/notes")).isEqualTo("GET /c/{name}");
        assertThat(find(router, "GET", "/c/notes/1")).isEqualTo("GET /c/{name}/{id}");
        assertThat(find(router, "GET", "/c/a%2Fb")).isEqualTo("GET /c/{name}");
        assertThat(find(router, "GET", "/c/")).isEqualTo("none");
        assertThat(find(router, "GET", "/c/notes/")).isEqualTo("none");
        assertThat(find(router, "GET", "/c/notes/1/2")).isEqualTo("none");
    }

    @Test
    void theRestMayBeEmptyButItsSlashMustBeThere() {
        Router router = router("GET /keys/{path...}");

        assertThat(find(router, "GET", "/keys/")).isEqualTo("GET /keys/{path...}");
        assertThat(find(router, "GET", "/keys//")).isEqualTo("GET /keys/{path...}");
        assertThat(find(router, "GET", "/keys/../x")).isEqualTo("GET /keys/{path...}");
        assertThat(find(router, "GET", "/keys")).isEqualTo("none");
        assertThat(find(router, "GET", "/keysx/1")).isEqualTo("none");
    }

    @Test
    void headIsAnsweredByGetUnlessItHasItsOwnRoute() {
        Router router = router("GET /a", "GET /b", "HEAD /b");

        assertThat(find(router, "HEAD", "/a")).isEqualTo("GET /a");
        assertThat(find(router, "HEAD", "/b")).isEqualTo("HEAD /b");
        assertThat(find(router, "POST", "/a")).isEqualTo("none");
    }

    @Test
    void theLongestBaseDecides() {
        Router router = Router.of(
                List.of(
                        mount("", "GET /{all...}"),
                        mount("/keyval/api", "GET /keys", "GET "),
                        mount("/keyval", "GET /{page}")),
                List.of());

        assertThat(find(router, "GET", "/keyval/api/keys")).isEqualTo("GET /keyval/api/keys");
        assertThat(find(router, "GET", "/keyval/api")).isEqualTo("GET /keyval/api");
        assertThat(find(router, "GET", "/keyval/api/other")).isEqualTo("none");
        assertThat(find(router, "GET", "/keyval/apis")).isEqualTo("GET /keyval/{page}");
        assertThat(find(router, "GET", "/keyvals/x")).isEqualTo("GET /{all...}");
        assertThat(find(router, "GET", "/")).isEqualTo("GET /{all...}");
    }

    @Test
    void namesTheMethodsOfAPathOverAllTemplates() {
        Router router = router("GET /a/b", "PUT /a/{x}", "DELETE /a/{x...}", "POST /a");
        Router.Place root = router.place("/a/b");

        assertThat(root.tree().methods("/a/b", 0)).containsExactly("DELETE", "GET", "PUT");
        assertThat(root.tree().methods("/a", 0)).containsExactly("POST");
        assertThat(root.tree().methods("/z", 0)).isEmpty();
    }

    @Test
    void capturesWhatTheParametersStandFor() {
        Router router = router("GET /v1/{name}/x/{rest...}");
        Router.Place root = router.place("/");
        int[] captures = root.tree().newCaptures();
        String path = "/v1/no%20tes/x/a//b";

        BoundRoute found = Objects.requireNonNull(root.find("GET", path, captures));

        assertThat(found.paramNames()).containsExactly("name", "rest");
        assertThat(path.substring(captures[0], captures[1])).isEqualTo("no%20tes");
        assertThat(path.substring(captures[2], captures[3])).isEqualTo("a//b");
    }

    @Test
    void refusesTablesThatAreAmbiguous() {
        Mount twice = Mount.at("", "t").route(route("GET", "/a/{x}")).route(route("GET", "/a/{y}"));
        Mount ids = Mount.at("", "t").route(Route.get("/a", "same", x -> {})).route(Route.get("/b", "same", x -> {}));

        assertThatThrownBy(() -> Router.of(List.of(twice), List.of())).hasMessageContaining("same requests");
        assertThatThrownBy(() -> Router.of(List.of(ids), List.of())).hasMessageContaining("operation id");
        assertThatThrownBy(() -> Router.of(List.of(Mount.at("/a", "1"), Mount.at("/a", "2")), List.of()))
                .hasMessageContaining("base");
        assertThatThrownBy(() -> router("GET /{a}/{a}")).hasMessageContaining("twice");
    }

    @Test
    void refusesTemplatesThatAreNone() {
        for (String path : List.of("a", "/{a", "/a}", "/{a...}/b", "/x{a}", "/a?b", "/{}")) {
            assertThatThrownBy(() -> Route.get(path, "id", x -> {})).as(path).hasMessageContaining("template");
        }
        assertThatThrownBy(() -> Route.of("get", "/a", "id", x -> {})).hasMessageContaining("method");
        assertThatThrownBy(() -> Route.get("/a", "my id", x -> {})).hasMessageContaining("operation id");
        assertThatThrownBy(() -> Mount.at("/a/", "m")).hasMessageContaining("base");
        assertThatThrownBy(() -> Mount.at("a", "m")).hasMessageContaining("base");
    }

    /** The tree against a plain model that compares a path with every template and ranks the matches part by part. */
    @Test
    void findsWhatAPlainModelFinds() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<String> templates =
                    Stream.generate(() -> template(random)).limit(12).distinct().toList();
            Router router = router(templates.stream().map(t -> "GET " + t).toArray(String[]::new));
            for (int i = 0; i < 50; i++) {
                String path = IntStream.range(0, 1 + random.nextInt(4))
                        .mapToObj(n -> "/" + List.of("a", "b", "", "z").get(random.nextInt(4)))
                        .reduce("", String::concat);

                assertThat(find(router, "GET", path))
                        .as("seed %d, templates %s, path %s", seed, templates, path)
                        .isEqualTo(model(templates, path));
            }
        }
    }

    private static String template(Random random) {
        StringBuilder template = new StringBuilder();
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            template.append('/')
                    .append(List.of("a", "b", "{p" + i + "}", "{p" + i + "}").get(random.nextInt(4)));
        }
        return random.nextInt(4) == 0 ? template + "/{rest...}" : template.toString();
    }

    private static String model(List<String> templates, String path) {
        String best = "none";
        String bestRank = "~";
        for (String template : templates) {
            String rank =
                    rank(template.substring(1).split("/", -1), path.substring(1).split("/", -1));
            if (rank.compareTo(bestRank) < 0) {
                bestRank = rank;
                best = "GET " + template;
            }
        }
        return best;
    }

    /** One digit per part, 0 for fixed text, 1 for a parameter, 2 for the rest; "~" for no match. */
    private static String rank(String[] template, String[] path) {
        List<String> rank = new ArrayList<>();
        for (int i = 0; i < template.length; i++) {
            if (i < path.length && template[i].endsWith("...}")) {
                return String.join("", rank) + "2";
            }
            boolean param = template[i].startsWith("{");
            if (i >= path.length || (param ? path[i].isEmpty() : !template[i].equals(path[i]))) {
                return "~";
            }
            rank.add(param ? "1" : "0");
        }
        return template.length == path.length ? String.join("", rank) : "~";
    }
}
