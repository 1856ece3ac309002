package dev.holdfast.server.collections;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.Mount;
import tools.jackson.databind.node.ObjectNode;

/** Documents as a mount: the routes and the shape of their errors. */
public final class CollectionsMount {
    /** Where the routes begin. */
    public static final String BASE = "/v1/collections";

    private CollectionsMount() {}

    /** The mount over a store. */
    public static Mount of(Holdfast holdfast) {
        return Mount.at(BASE, "collections")
                .errors(CollectionsMount::render)
                .routes(new CollectionRoutes(holdfast).routes());
    }

    private static ErrorRenderer.Body render(Failure failure) {
        ErrorRenderer.Body problem = ErrorRenderer.problem().render(failure);
        ObjectNode body = (ObjectNode) Json.parse(problem.text());
        body.put("error", text(failure));
        return new ErrorRenderer.Body(problem.status(), problem.type(), Json.text(body));
    }

    private static String text(Failure failure) {
        return failure.code().equals("json.malformed") ? "request body must be valid JSON" : failure.detail();
    }
}
