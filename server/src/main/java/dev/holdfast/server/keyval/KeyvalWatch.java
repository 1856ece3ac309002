package dev.holdfast.server.keyval;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.EventStream;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import dev.holdfast.server.http.SseEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Watching by event stream: the present entries first, then what changes; a deleted entry has nulls. */
final class KeyvalWatch {
    private static final SseEvent PING = SseEvent.of("ping", "");

    // A client that gave up on one read of the stream and began another loses what arrives first. So after a silence a
    // ping goes ahead of the change, by long enough that clients which join what arrives together do not join these
    // two.
    private static final long SILENCE_MILLIS = 250;
    private static final Duration AHEAD = Duration.ofMillis(12);

    private final KeyvalStore store;

    KeyvalWatch(KeyvalStore store) {
        this.store = store;
    }

    List<Route> routes() {
        Param initial = Param.query("initial", Param.Type.BOOLEAN, "false: only what changes from now on");
        return List.of(
                Route.get("/watch", "keyvalWatch", this::keys)
                        .summary("Watches exactly these keys")
                        .param(Param.query("keys", Param.Type.STRING, "keys as paths, separated by commas")
                                .mandatory())
                        .param(initial)
                        .answer(200, ContentType.EVENTS, "change and ping events"),
                Route.get("/watch/prefix", "keyvalWatchPrefix", this::prefixes)
                        .summary("Watches prefixes: their own keys and everything below")
                        .param(Param.query("prefix", Param.Type.STRING, "a key as a path")
                                .mandatory())
                        .param(initial)
                        .answer(200, ContentType.EVENTS, "change and ping events"),
                byBody("/watch", "keyvalWatchByBody", "keys"),
                byBody("/watch/prefix", "keyvalWatchPrefixByBody", "prefixes"));
    }

    private Route byBody(String path, String id, String member) {
        return Route.post(path, id, exchange -> byBody(exchange, member))
                .needs(Scope.READ)
                .summary("Watches by JSON keys")
                .body(JSON, member + ", initial and limit")
                .answer(200, ContentType.EVENTS, "change and ping events");
    }

    private void keys(Exchange exchange) {
        String paths = exchange.rawQueryParam("keys").orElseThrow(() -> KeyvalSearch.missing("keys"));
        KvWatchOptions options = KvWatchOptions.keys(KeyPath.keys(paths).toArray(Key[]::new));
        open(exchange, isInitial(exchange) ? options : options.withoutInitial());
    }

    private void prefixes(Exchange exchange) {
        int limit = KeyvalJson.limit(exchange.queryParam("limit"), KeyvalKeys.LIMIT, KeyvalKeys.LIMIT_MAX);
        KvWatchOptions options = KvWatchOptions.prefixes(prefixesOf(exchange).toArray(KeyPrefix[]::new))
                .withInitialLimit(limit);
        open(exchange, isInitial(exchange) ? options : options.withoutInitial());
    }

    private void byBody(Exchange exchange, String member) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        List<Key> keys = new ArrayList<>();
        List<KeyPrefix> prefixes = new ArrayList<>();
        for (JsonNode node : body.path(member)) {
            if (member.equals("keys")) {
                keys.add(KeyJson.key(node));
            } else {
                prefixes.add(KeyJson.prefix(node));
            }
        }
        if (keys.isEmpty() && prefixes.isEmpty()) {
            throw new InvalidInputException("keyval.parameter", member + " must be a non-empty array");
        }
        int limit = KeyvalJson.limit(body, KeyvalKeys.LIMIT, KeyvalKeys.LIMIT_MAX);
        open(
                exchange,
                new KvWatchOptions(keys, prefixes, body.path("initial").asBoolean(true), limit, Optional.empty()));
    }

    /** The prefixes of a request, under either name that clients use. */
    static List<KeyPrefix> prefixesOf(Exchange exchange) {
        Optional<String> one = exchange.rawQueryParam("prefix");
        if (one.isPresent()) {
            return List.of(KeyPath.prefix(one.get()));
        }
        String several = exchange.rawQueryParam("prefixes").orElseThrow(() -> KeyvalSearch.missing("prefix"));
        return KeyPath.keys(several).stream().map(KeyPrefix::of).toList();
    }

    private static boolean isInitial(Exchange exchange) {
        return exchange.queryParam("initial").filter("false"::equals).isEmpty();
    }

    private void open(Exchange exchange, KvWatchOptions options) {
        KeyvalGrants grants = KeyvalGrants.of(exchange);
        grants.requireKeys(options.keys());
        grants.requirePrefixes(options.prefixes());
        Kv kv = store.watched(exchange);
        exchange.setHeader("Cache-Control", "no-cache");
        EventStream stream = exchange.events(() -> PING);
        AtomicReference<KvWatch> watch = new AtomicReference<>();
        stream.onClose(() -> Optional.ofNullable(watch.get()).ifPresent(KvWatch::close));
        Semaphore room = new Semaphore(0);
        stream.onRoom(room::release);
        stream.onClose(room::release);
        AtomicLong lastMillis = new AtomicLong(store.now().toEpochMilli());
        watch.set(kv.watch(options, event -> {
            long now = store.now().toEpochMilli();
            if (now - lastMillis.getAndSet(now) > SILENCE_MILLIS) {
                stream.send(PING);
                store.pause(AHEAD);
            }
            send(stream, event, room);
        }));
        watch.get().onClose(stream::close);
        if (!stream.isOpen()) {
            watch.get().close();
        }
    }

    /** Sends what changed. While the reader is slow the watch waits, and keeps in mind which keys change. */
    private static void send(EventStream stream, KvWatch.Event event, Semaphore room) {
        if (event.updates().isEmpty()) {
            return;
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream(256);
        data.write('[');
        for (int i = 0; i < event.updates().size(); i++) {
            if (i > 0) {
                data.write(',');
            }
            KeyvalJson.append(
                    data, event.updates().get(i).key(), event.updates().get(i).entry());
        }
        data.write(']');
        SseEvent change = SseEvent.of("change", data.toByteArray());
        while (!stream.send(change) && stream.isOpen()) {
            room.acquireUninterruptibly();
        }
    }
}
