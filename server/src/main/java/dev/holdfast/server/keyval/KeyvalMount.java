package dev.holdfast.server.keyval;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Route;
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

    /** The mount over a store, with the defaults. */
    public static Mount of(Holdfast holdfast) {
        return of(holdfast, KeyvalOptions.defaults());
    }

    /** The mount over a store. */
    public static Mount of(Holdfast holdfast, KeyvalOptions options) {
        KeyvalStore store = new KeyvalStore(holdfast);
        return Mount.at(BASE, "keyval")
                .errors(errors())
                .routes(checkingGrants(new KeyvalKeys(store).routes()))
                .routes(checkingGrants(new KeyvalAtomic(store).routes()))
                .routes(checkingGrants(new KeyvalWatch(store).routes()))
                .routes(checkingGrants(new KeyvalPoll(store).routes()))
                .routes(checkingGrants(new KeyvalSearch(store).routes()))
                .routes(new KeyvalQueue(store, options).routes())
                .routes(new KeyvalMetrics(store).routes());
    }

    /** Routes that ask {@link KeyvalGrants} for every key and prefix they touch. */
    private static List<Route> checkingGrants(List<Route> routes) {
        return routes.stream().map(Route::checkingGrants).toList();
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
