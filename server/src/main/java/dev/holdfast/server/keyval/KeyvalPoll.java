package dev.holdfast.server.keyval;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Watching by polling: the client hands back the versionstamps it has, and gets what differs.
 *
 * <p>A state may be longer than a URL: both polls take their parameters in a JSON body, too.
 *
 * <p>The state of a prefix is one text, {@code key:stamp,key:stamp}. Keys are written in base64url of their stored
 * bytes behind a {@code ~}, which no path can be mistaken for; the form with paths, which older clients made
 * themselves, is understood too.
 */
final class KeyvalPoll {
    private static final char ENCODED = '~';
    private static final String STATE = "versionstamps";
    private static final String BAD_STATE = "versionstamps must be the text of an earlier answer";
    /** Keys that are looked up at once. */
    private static final int BATCH = 256;

    private final KeyvalStore store;

    KeyvalPoll(KeyvalStore store) {
        this.store = store;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/watch/poll", "keyvalPoll", exchange -> keys(exchange, store.kv(exchange)))
                        .summary("What changed among keys since the versionstamps given")
                        .param(Param.query("keys", Param.Type.STRING, "keys as paths, separated by commas")
                                .mandatory())
                        .param(Param.query("versionstamps", Param.Type.STRING, "one for each key; empty: missing"))
                        .answer(200, JSON, "changed entries and the new versionstamps"),
                Route.post("/watch/poll", "keyvalPollByBody", exchange -> keysByBody(exchange, store.kv(exchange)))
                        .needs(Scope.READ)
                        .summary("What changed among JSON keys since the versionstamps given")
                        .body(JSON, "keys, and versionstamps: one for each key, empty or null for a missing one")
                        .answer(200, JSON, "changed entries and the new versionstamps"),
                Route.get("/watch/prefix/poll", "keyvalPollPrefix", exchange -> prefixes(exchange, store.kv(exchange)))
                        .summary("What changed below prefixes since the state given")
                        .param(Param.query("prefix", Param.Type.STRING, "a key as a path")
                                .mandatory())
                        .param(Param.query("versionstamps", Param.Type.STRING, "the state of the last answer"))
                        .answer(
                                200,
                                JSON,
                                "changed entries and the new state; a state too long for a URL goes by POST"),
                Route.post(
                                "/watch/prefix/poll",
                                "keyvalPollPrefixByBody",
                                exchange -> prefixesByBody(exchange, store.kv(exchange)))
                        .needs(Scope.READ)
                        .summary("What changed below JSON prefixes since the state given, of whatever length")
                        .body(JSON, "prefixes, limit, and versionstamps: the state of the last answer")
                        .answer(200, JSON, "changed entries and the new state"));
    }

    private static void keys(Exchange exchange, Kv kv) {
        List<Key> keys = KeyPath.keys(exchange.rawQueryParam("keys").orElseThrow(() -> KeyvalSearch.missing("keys")));
        String[] known = exchange.queryParam("versionstamps")
                .map(text -> text.split(",", -1))
                .orElse(new String[0]);
        keys(exchange, kv, keys, known);
    }

    private static void keysByBody(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        List<Key> keys = new ArrayList<>();
        elements(body, "keys").forEach(node -> keys.add(KeyJson.key(node)));
        List<String> known = new ArrayList<>();
        for (JsonNode stamp : body.path(STATE)) {
            known.add(stamp.asString(""));
        }
        keys(exchange, kv, keys, known.toArray(String[]::new));
    }

    private static void keys(Exchange exchange, Kv kv, List<Key> keys, String[] known) {
        KeyvalGrants.of(exchange).requireKeys(keys);
        List<Optional<KvEntry>> entries = kv.getAll(keys);
        Answer answer = new Answer();
        for (int i = 0; i < keys.size(); i++) {
            String stamp =
                    entries.get(i).map(entry -> entry.versionstamp().uuid()).orElse("");
            if (!stamp.equals(i < known.length ? known[i] : "")) {
                answer.add(keys.get(i), entries.get(i));
            }
            answer.state.add('"' + stamp + '"');
        }
        exchange.respond(200, JSON, answer.bytes("[" + String.join(",", answer.state) + "]"));
    }

    private static void prefixes(Exchange exchange, Kv kv) {
        List<KeyPrefix> prefixes = KeyvalWatch.prefixesOf(exchange);
        int limit = KeyvalJson.limit(exchange.queryParam("limit"), KeyvalKeys.LIMIT, KeyvalKeys.LIMIT_MAX);
        prefixes(exchange, kv, prefixes, limit, known(exchange.rawQueryParam(STATE)));
    }

    private static void prefixesByBody(Exchange exchange, Kv kv) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        List<KeyPrefix> prefixes = new ArrayList<>();
        elements(body, "prefixes").forEach(node -> prefixes.add(KeyJson.prefix(node)));
        int limit = KeyvalJson.limit(body, KeyvalKeys.LIMIT, KeyvalKeys.LIMIT_MAX);
        JsonNode state = body.path(STATE);
        if (!state.isMissingNode() && !state.isString()) {
            throw new InvalidInputException("keyval.state", BAD_STATE);
        }
        prefixes(exchange, kv, prefixes, limit, known(state.stringValueOpt()));
    }

    private static JsonNode elements(ObjectNode body, String member) {
        JsonNode elements = body.path(member);
        if (!elements.isArray() || elements.isEmpty()) {
            throw new InvalidInputException("keyval.parameter", member + " must be a non-empty array");
        }
        return elements;
    }

    private static void prefixes(
            Exchange exchange, Kv kv, List<KeyPrefix> prefixes, int limit, Map<Key, String> known) {
        KeyvalGrants grants = KeyvalGrants.of(exchange);
        grants.requirePrefixes(prefixes);
        grants.requireKeys(known.keySet()); // A client may have put other keys into the state.
        Answer answer = new Answer();
        for (KeyPrefix prefix : prefixes) {
            prefix.key().flatMap(kv::get).ifPresent(entry -> addListed(entry, known, answer));
            try (Stream<KvEntry> below = kv.list(KvSelection.below(prefix).limit(limit))) {
                below.forEach(entry -> addListed(entry, known, answer));
            }
        }
        addUnlisted(kv, known, answer);
        exchange.respond(200, JSON, answer.bytes('"' + String.join(",", answer.state) + '"'));
    }

    private static void addListed(KvEntry entry, Map<Key, String> known, Answer answer) {
        String stamp = entry.versionstamp().uuid();
        if (!stamp.equals(known.remove(entry.key()))) {
            answer.add(entry.key(), Optional.of(entry));
        }
        answer.state.add(ENCODED + base64(entry.key()) + ':' + stamp);
    }

    /** What the client knew and the listing did not show: it was deleted, or it stands beyond the limit. */
    private static void addUnlisted(Kv kv, Map<Key, String> known, Answer answer) {
        List<Key> all = List.copyOf(known.keySet());
        for (int from = 0; from < all.size(); from += BATCH) {
            List<Key> keys = all.subList(from, Math.min(all.size(), from + BATCH));
            List<Optional<KvEntry>> entries = kv.getAll(keys);
            for (int i = 0; i < keys.size(); i++) {
                addUnlisted(keys.get(i), entries.get(i), known, answer);
            }
        }
    }

    private static void addUnlisted(Key key, Optional<KvEntry> entry, Map<Key, String> known, Answer answer) {
        String stamp = entry.map(found -> found.versionstamp().uuid()).orElse("");
        if (!stamp.equals(known.get(key))) {
            answer.add(key, entry);
        }
        if (entry.isPresent()) {
            answer.state.add(ENCODED + base64(key) + ':' + stamp);
        }
    }

    private static Map<Key, String> known(Optional<String> text) {
        Map<Key, String> known = new LinkedHashMap<>();
        for (String pair : text.filter(state -> !state.isEmpty())
                .map(state -> state.split("%2C|%2c|,"))
                .orElse(new String[0])) {
            String decoded = pair.replace("%3A", ":")
                    .replace("%3a", ":")
                    .replace("%7E", "~")
                    .replace("%7e", "~");
            int colon = decoded.lastIndexOf(':');
            if (colon < 0) {
                throw new InvalidInputException("keyval.state", BAD_STATE);
            }
            known.put(key(decoded.substring(0, colon)), decoded.substring(colon + 1));
        }
        return known;
    }

    private static Key key(String text) {
        try {
            return text.charAt(0) == ENCODED
                    ? Key.decode(Base64.getUrlDecoder().decode(text.substring(1)))
                    : KeyPath.key(text);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidInputException("keyval.state", BAD_STATE, e);
        }
    }

    private static String base64(Key key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.encoded());
    }

    /** The changed entries and the state that the client hands back. */
    private static final class Answer {
        private static final int BYTES_MAX = 32 << 20;

        private final ByteArrayOutputStream changed = new ByteArrayOutputStream(256);
        private final List<String> state = new ArrayList<>();

        void add(Key key, Optional<KvEntry> entry) {
            if (changed.size() > 0) {
                changed.write(',');
            }
            KeyvalJson.append(changed, key, entry);
            if (changed.size() > BYTES_MAX) {
                throw new InvalidInputException(
                        "keyval.answer_too_large",
                        "what changed is larger than the limit (answerBytesMax=" + BYTES_MAX
                                + "); ask for fewer keys, or less below a prefix");
            }
        }

        byte[] bytes(String versionstamps) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(changed.size() + 64);
            out.writeBytes(KeyvalJson.utf8("{\"entries\":["));
            out.writeBytes(changed.toByteArray());
            out.writeBytes(KeyvalJson.utf8("],\"versionstamps\":" + versionstamps + "}"));
            return out.toByteArray();
        }
    }
}
