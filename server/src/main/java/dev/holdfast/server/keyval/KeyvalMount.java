package dev.holdfast.server.keyval;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The KeyVal interface as a mount: its routes and the shape of its errors. */
public final class KeyvalMount {
    /** Where the routes begin. */
    public static final String BASE = "/keyval/api";

    /** The error codes that clients of this interface know. */
    private static final Map<String, String> CODES = Map.of(
            "kv.type_mismatch", "TYPE_MISMATCH",
            "engine.commit_unknown", "KEYVAL_COMMIT_UNKNOWN",
            "engine.closed", "KEYVAL_UNAVAILABLE",
            "engine.failure", "KEYVAL_DB_DOWN");

    private KeyvalMount() {}

    /** The mount over a store. */
    public static Mount of(Holdfast holdfast) {
        KeyvalStore store = new KeyvalStore(holdfast);
        return Mount.at(BASE, "keyval")
                .errors(errors())
                .routes(checkingGrants(new KeyvalKeys(store).routes()))
                .routes(checkingGrants(new KeyvalAtomic(store).routes()))
                .routes(checkingGrants(new KeyvalWatch(store).routes()))
                .routes(checkingGrants(new KeyvalPoll(store).routes()))
                .routes(checkingGrants(new KeyvalSearch(store).routes()))
                .routes(new KeyvalMetrics(store).routes())
                .route(Route.post("/queue/{rest...}", "keyvalNoQueue", KeyvalMount::noQueue)
                        .summary("Refused: this version has no queue")
                        .answer(501, ContentType.JSON, "always"));
    }

    /** Routes that ask {@link KeyvalGrants} for every key and prefix they touch. */
    private static List<Route> checkingGrants(List<Route> routes) {
        return routes.stream().map(Route::checkingGrants).toList();
    }

    private static void noQueue(Exchange exchange) throws IOException {
        exchange.json();
        throw HttpException.of(501, "keyval.no_queue", "this version has no queue");
    }

    private static ErrorRenderer errors() {
        return failure -> {
            ObjectNode body = Json.mapper().createObjectNode();
            body.put("error", text(failure));
            String code = CODES.get(failure.code());
            if (code != null) {
                body.put("code", code);
            }
            int status = failure.code().equals("search.no_index") ? 404 : failure.status();
            return ErrorRenderer.Body.json(status, body);
        };
    }

    private static String text(Failure failure) {
        return switch (failure.code()) {
            case "http.no_route" -> "Not found";
            case "internal" -> "Internal server error";
            default -> failure.detail();
        };
    }
}
