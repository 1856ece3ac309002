package dev.holdfast.server.kvconnect;

import dev.holdfast.Holdfast;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import java.util.List;
import java.util.stream.Stream;

/**
 * KV Connect as a mount. The base is the address that clients are given for the namespace of their token, the base and
 * a name the one for the namespace of that name; the data path lies below each.
 */
public final class KvConnectMount {
    /** The address that clients are given. */
    public static final String BASE = "/kv";

    private static final String NAMESPACE = "/{namespace}";
    private static final int INSUFFICIENT_STORAGE = 507;
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;

    private KvConnectMount() {}

    /** The mount over a store. */
    public static Mount of(Holdfast holdfast, KvConnectLimits limits) {
        KvConnectStore store = new KvConnectStore(holdfast, limits);
        return Mount.at(BASE, "kv-connect")
                .errors(failure -> new ErrorRenderer.Body(status(failure), ContentType.TEXT, text(failure)))
                .routes(routes(store, "", "", handler -> handler))
                .routes(routes(store, NAMESPACE, "Named", KvConnectMount::named));
    }

    private static List<Route> routes(KvConnectStore store, String at, String id, Place place) {
        HttpHandler exchange = place.at(new KvConnectMetadata(store)::exchange);
        Stream<Route> opening = Stream.of(
                        Route.post(at, "kvConnect" + id, exchange),
                        // Whoever writes the address with a slash at its end means the same.
                        Route.post(at + "/", "kvConnectSlash" + id, exchange))
                .map(route -> route.needs(Scope.READ)
                        .summary("Opens a database for Deno KV: the metadata exchange of KV Connect")
                        .body(ContentType.JSON, "supportedVersions")
                        .answer(200, ContentType.JSON, "version, databaseId, endpoints, token and expiresAt"));
        return Stream.concat(opening, data(store, at + "/v2", id, place)).toList();
    }

    private static Stream<Route> data(KvConnectStore store, String at, String id, Place place) {
        return Stream.of(
                        Route.post(
                                        at + "/snapshot_read",
                                        "kvConnectRead" + id,
                                        place.at(store.data(new KvConnectReads(store)::read)))
                                .summary("Ranges of keys, read from one snapshot")
                                .body(KvConnectMessages.TYPE, "a SnapshotRead")
                                .answer(200, KvConnectMessages.TYPE, "a SnapshotReadOutput"),
                        Route.post(
                                        at + "/atomic_write",
                                        "kvConnectWrite" + id,
                                        place.at(store.data(new KvConnectWrites(store)::write)))
                                .summary("Checks and mutations, all or nothing; a token that may only read is told so")
                                .body(KvConnectMessages.TYPE, "an AtomicWrite")
                                .answer(200, KvConnectMessages.TYPE, "an AtomicWriteOutput"),
                        Route.post(
                                        at + "/watch",
                                        "kvConnectWatch" + id,
                                        place.at(store.data(new KvConnectWatch(store)::watch)))
                                .summary("What some keys hold, now and whenever it changes")
                                .body(KvConnectMessages.TYPE, "a Watch")
                                .answer(200, ContentType.BYTES, "frames of WatchOutput"))
                .map(route -> route.needs(Scope.READ)
                        .param(Param.header(KvConnectStore.VERSION, "2 or 3").mandatory())
                        .param(Param.header(KvConnectStore.DATABASE_ID, "from the exchange")
                                .mandatory()));
    }

    private static HttpHandler named(HttpHandler handler) {
        return exchange -> {
            exchange.enter(exchange.pathParam("namespace"));
            handler.handle(exchange);
        };
    }

    /** A client repeats what is answered 5xx until it succeeds. */
    private static int status(Failure failure) {
        if (failure.code().equals("engine.commit_unknown")) {
            return CONFLICT;
        }
        return failure.status() == INSUFFICIENT_STORAGE ? BAD_REQUEST : failure.status();
    }

    private static String text(Failure failure) {
        return switch (failure.code()) {
            case "http.token_missing" -> "Malformed authorization header.";
            case "http.token_invalid" -> "Invalid access token.";
            case "http.no_route" -> "Resource not found.";
            default -> failure.detail();
        };
    }

    /** Where a handler stands: it may have to settle the namespace first. */
    @FunctionalInterface
    private interface Place {
        HttpHandler at(HttpHandler handler);
    }
}
