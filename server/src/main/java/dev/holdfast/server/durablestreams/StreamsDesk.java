package dev.holdfast.server.durablestreams;

import dev.holdfast.Holdfast;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.Percent;
import dev.holdfast.server.http.Scope;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamRoom;
import java.util.Optional;

/** The store behind the routes: which stream a request means, and whether its caller may touch it. */
final class StreamsDesk {
    /** The name of the path parameter. */
    static final String PATH = "path";

    private static final String RESERVED = "__ds";
    private static final String NAMESPACE = "/ns/";

    private final Holdfast holdfast;
    private final String base;
    private final DurableStreamsOptions options;
    private final LiveReaders readers;

    StreamsDesk(Holdfast holdfast, String base, DurableStreamsOptions options) {
        this.holdfast = holdfast;
        this.base = base;
        this.options = options;
        this.readers = new LiveReaders(options.liveReadersMax());
    }

    DurableStreamsOptions options() {
        return options;
    }

    LiveReaders readers() {
        return readers;
    }

    long nowMillis() {
        return holdfast.database().time().millis();
    }

    /** Tells the store from all others; see {@link StreamRoom#identity}. */
    long identity() {
        return StreamRoom.of(holdfast.database()).identity();
    }

    /** The stream that the path names. */
    DurableStream stream(Exchange exchange) {
        String name = exchange.pathParam(PATH);
        requireOurs(name);
        requireTouch(exchange, name);
        return holdfast.namespace(exchange.namespace()).stream(name);
    }

    /** The name of the stream that a header names by the path of its URL; the caller must be allowed to read it. */
    String named(Exchange exchange, String url) {
        String path = withoutNamespace(url, exchange.namespace()).orElse("");
        if (!path.startsWith(base + "/")) {
            throw HttpException.notFound(
                    "stream.no_source", "the source of a fork is named by the path of its URL on this server");
        }
        String name = Percent.decodePath(path.substring(base.length() + 1));
        requireOurs(name);
        requireTouch(exchange, name);
        if (!exchange.principal().may(Scope.READ)) {
            throw HttpException.forbidden("http.scope_missing", "a fork reads its source (needed=read)");
        }
        return name;
    }

    private static Optional<String> withoutNamespace(String path, String namespace) {
        if (!path.startsWith(NAMESPACE)) {
            return Optional.of(path);
        }
        int slash = path.indexOf('/', NAMESPACE.length());
        boolean same = slash > 0
                && Percent.decodePath(path.substring(NAMESPACE.length(), slash)).equals(namespace);
        return same ? Optional.of(path.substring(slash)) : Optional.empty();
    }

    private static void requireOurs(String name) {
        if (name.equals(RESERVED) || name.startsWith(RESERVED + "/")) {
            throw HttpException.notFound(Refusals.RESERVED, "names that begin with __ds belong to the protocol");
        }
    }

    private static void requireTouch(Exchange exchange, String name) {
        if (!exchange.principal().mayTouch(Grant.Kind.STREAM, name)) {
            throw HttpException.forbidden("http.grant_missing", "the token does not open this stream");
        }
    }
}
