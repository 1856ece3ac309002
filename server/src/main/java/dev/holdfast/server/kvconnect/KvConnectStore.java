package dev.holdfast.server.kvconnect;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.stream.StreamRoom;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The store behind the routes: which database a request means, and what it may ask for. */
final class KvConnectStore {
    /** The header that names the version of the protocol. */
    static final String VERSION = "x-denokv-version";

    /** The header that names the database. */
    static final String DATABASE_ID = "x-denokv-database-id";

    private final Holdfast holdfast;
    private final KvConnectLimits limits;

    KvConnectStore(Holdfast holdfast, KvConnectLimits limits) {
        this.holdfast = holdfast;
        this.limits = limits;
    }

    KvConnectLimits limits() {
        return limits;
    }

    Instant now() {
        return Instant.ofEpochMilli(holdfast.database().time().millis());
    }

    /**
     * Where the operations of a request run. Who may enter only one namespace reaches none that is made after it: the
     * right was looked at before the body arrived.
     */
    Session session(Exchange exchange) {
        Namespace namespace = holdfast.namespace(exchange.namespace());
        return exchange.principal().namespace().isPresent()
                ? namespace.present().session()
                : namespace.session();
    }

    /** The same to be watched: a watch goes on in the next namespace of the name, for as long as its token is good. */
    Session watched(Exchange exchange) {
        return holdfast.namespace(exchange.namespace()).session();
    }

    /** What clients call the database: the same for as long as the store lives, another one for each namespace. */
    String databaseId(Exchange exchange) {
        String name = holdfast.namespace(exchange.namespace()).name();
        long store = StreamRoom.of(holdfast.database()).identity();
        return UUID.nameUUIDFromBytes(("kv-connect " + store + " " + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** A handler of the data path, whose requests name a version and their database. */
    HttpHandler data(HttpHandler handler) {
        return exchange -> {
            Optional<String> version = exchange.header(VERSION).filter(KvConnectMetadata::isSpoken);
            if (version.isEmpty()) {
                throw new InvalidInputException(
                        "kvconnect.version", "Invalid protocol version: the header " + VERSION + " must be 2 or 3.");
            }
            if (!exchange.header(DATABASE_ID).equals(Optional.of(databaseId(exchange)))) {
                throw new InvalidInputException("kvconnect.database_id", "Invalid database id.");
            }
            handler.handle(exchange);
        };
    }
}
