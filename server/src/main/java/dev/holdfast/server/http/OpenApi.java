package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.json.Json;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description of the interface, OpenAPI 3.1, printed from the table of routes that also answers requests.
 *
 * <p>OpenAPI has no parameter that spans several parts of a path. Such a one is described as an ordinary parameter with
 * the member {@code x-multi-part: true}.
 */
public final class OpenApi {
    private static final Pattern REST = Pattern.compile("\\{(\\w+)\\.\\.\\.}");

    private final String title;
    private final String version;

    private OpenApi(String title, String version) {
        this.title = requireNonNull(title, "title");
        this.version = requireNonNull(version, "version");
    }

    /** The route {@code GET /openapi.json}, to be put on the root mount. */
    public static Route route(String title, String version) {
        OpenApi api = new OpenApi(title, version);
        return Route.get("/openapi.json", "openapi", api::answer)
                .summary("Describes this interface")
                .answer(200, ContentType.JSON, "An OpenAPI 3.1 document");
    }

    /** The document of a table of routes. */
    public static ObjectNode document(String title, String version, Router router) {
        return new OpenApi(title, version).document(requireNonNull(router, "router"));
    }

    private void answer(Exchange exchange) {
        Router router = switch (exchange) {
            case JettyExchange jetty -> jetty.core().router();
        };
        exchange.respondJson(200, document(router));
    }

    private ObjectNode document(Router router) {
        ObjectNode document = Json.mapper().createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info").put("title", title).put("version", version);
        ObjectNode paths = document.putObject("paths");
        for (Router.Entry entry : router.entries()) {
            String path = REST.matcher(entry.template()).replaceAll("{$1}");
            ObjectNode operations = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
            String method = entry.route().method().toLowerCase(Locale.ROOT);
            // "/a/{x}" and "/a/{x...}" are one path to OpenAPI; the first one registered describes it.
            if (!operations.has(method)) {
                operation(operations.putObject(method), entry);
            }
        }
        components(document.putObject("components"));
        return document;
    }

    private static void operation(ObjectNode operation, Router.Entry entry) {
        Route route = entry.route();
        operation.put("operationId", route.operationId());
        operation.put("summary", route.summary());
        operation.putArray("tags").add(entry.mount().name());
        operation
                .putArray("security")
                .addObject()
                .putArray("token")
                .add(route.scope().text());
        parameters(operation.putArray("parameters"), entry);
        route.body().ifPresent(body -> {
            ObjectNode request = operation.putObject("requestBody");
            request.put("description", body.description());
            request.putObject("content").putObject(body.type().value());
        });
        ObjectNode responses = operation.putObject("responses");
        for (Route.Answer answer : route.answers()) {
            ObjectNode response = responses.putObject(Integer.toString(answer.status()));
            response.put("description", answer.description());
            answer.type().ifPresent(type -> response.putObject("content").putObject(type.value()));
        }
        responses.putObject("default").put("description", "An error in the shape of this part of the interface");
    }

    private static void parameters(ArrayNode parameters, Router.Entry entry) {
        Route route = entry.route();
        for (String name : new BoundRoute(entry.mount(), route).paramNames()) {
            Param described = route.params().stream()
                    .filter(p -> p.place() == Param.Place.PATH && p.name().equals(name))
                    .findFirst()
                    .orElseGet(() -> Param.path(name, ""));
            ObjectNode parameter = parameter(parameters.addObject(), described);
            if (route.path().endsWith("{" + name + "...}")) {
                parameter.put("x-multi-part", true);
            }
        }
        route.params().stream()
                .filter(p -> p.place() != Param.Place.PATH)
                .forEach(p -> parameter(parameters.addObject(), p));
    }

    private static ObjectNode parameter(ObjectNode node, Param param) {
        node.put("name", param.name());
        node.put("in", param.place().text());
        node.put("required", param.required());
        node.put("description", param.description());
        node.putObject("schema").put("type", param.type().text());
        return node;
    }

    private static void components(ObjectNode components) {
        ObjectNode token = components.putObject("securitySchemes").putObject("token");
        token.put("type", "http").put("scheme", "bearer");
    }
}
