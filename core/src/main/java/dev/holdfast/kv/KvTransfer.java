package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyJson;
import dev.holdfast.search.Tokenizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The room's part of an export: indexes first, then entries in key order, one JSON object each. Versionstamps are left
 * out: what is loaded is a new commit.
 */
public final class KvTransfer {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final String INDEX = "index";
    private static final String COMPLETE = "complete";
    private static final String EXPIRES_AT = "expiresAt";

    private final Kv kv;
    private final KvLimits limits;
    private final List<KvMutation> waiting = new ArrayList<>();
    private long bytes;

    /** Loads into the keys and values of a session. */
    public KvTransfer(Session session) {
        this.kv = Kv.in(session);
        this.limits = KvRoom.of(session.database()).limits();
    }

    /** Hands out everything the namespace holds, as it is in this session. */
    public static void export(Session session, Consumer<ObjectNode> out) {
        Kv kv = Kv.in(session);
        kv.search().indexes().forEach(index -> out.accept(line(index)));
        try (Stream<KvEntry> entries = kv.list(KvSelection.all())) {
            entries.forEach(entry -> out.accept(line(entry)));
        }
    }

    /**
     * Takes one line. Entries are written in batches of 500 or a little more than 4 MiB, each a transaction;
     * {@link #finish} writes the last.
     *
     * @throws InvalidInputException {@code kv.transfer}: the line is not one of this room
     */
    public void load(JsonNode line) {
        if (line.has(INDEX)) {
            finish();
            KvSearch.Index index = index(line.path(INDEX));
            kv.search().createIndex(index.prefix(), index.fields(), index.tokenizer(), index.complete());
            return;
        }
        KvMutation.Restore entry = entry(line);
        waiting.add(entry);
        bytes += entry.value().encoded().length;
        if (waiting.size() == BATCH || bytes > BATCH_BYTES) {
            finish();
        }
    }

    /**
     * Looks at one line, and writes nothing.
     *
     * @throws InvalidInputException {@code kv.transfer}: the line is not one of this room; or its key or value is none
     */
    public void check(JsonNode line) {
        if (line.has(INDEX)) {
            index(line.path(INDEX)).fields().forEach(FieldPath::parse);
        } else {
            entry(line);
        }
    }

    /** How many entries wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Writes what is waiting. */
    public void finish() {
        if (!waiting.isEmpty()) {
            kv.commit(List.of(), List.copyOf(waiting));
            waiting.clear();
            bytes = 0;
        }
    }

    private KvMutation.Restore entry(JsonNode line) {
        Optional<Instant> expiresAt = Optional.empty();
        if (line.has(EXPIRES_AT)) {
            JsonNode millis = line.path(EXPIRES_AT);
            if (!millis.isIntegralNumber() || !millis.canConvertToLong()) {
                throw new InvalidInputException("kv.transfer", "the expiry is no number of milliseconds");
            }
            expiresAt = Optional.of(Instant.ofEpochMilli(millis.longValue()));
        }
        return new KvMutation.Restore(KeyJson.stored(line.path("key")), limits.requireValue(value(line)), expiresAt);
    }

    private static KvSearch.Index index(JsonNode index) {
        List<String> fields = new ArrayList<>();
        for (JsonNode field : index.path("fields")) {
            if (!field.isString()) {
                throw new InvalidInputException("kv.transfer", "a field of an index is no text");
            }
            fields.add(field.stringValue());
        }
        Tokenizer tokenizer = Tokenizer.of(index.path("tokenizer").asString(""));
        JsonNode complete = index.path(COMPLETE);
        if (!complete.isMissingNode() && !complete.isBoolean()) {
            throw new InvalidInputException("kv.transfer", "whether an index is complete is true or false");
        }
        return new KvSearch.Index(KeyJson.prefix(index.path("prefix")), fields, tokenizer, complete.asBoolean(true));
    }

    private static ObjectNode line(KvSearch.Index index) {
        ObjectNode line = Json.mapper().createObjectNode();
        ObjectNode definition = line.putObject(INDEX);
        definition.set("prefix", KeyJson.tree(index.prefix()));
        index.fields().forEach(definition.putArray("fields")::add);
        definition.put("tokenizer", index.tokenizer().text());
        if (!index.complete()) {
            definition.put(COMPLETE, false);
        }
        return line;
    }

    private static ObjectNode line(KvEntry entry) {
        ObjectNode line = Json.mapper().createObjectNode();
        line.set("key", KeyJson.tree(entry.key()));
        if (entry.value().encoding() == Encoding.JSON) {
            line.set("value", entry.value().json());
        } else {
            line.put("encoding", entry.value().encoding().name());
            line.put("bytes", Base64.getEncoder().encodeToString(entry.value().encoded()));
        }
        entry.expiresAt().ifPresent(at -> line.put(EXPIRES_AT, at.toEpochMilli()));
        return line;
    }

    private static KvValue value(JsonNode line) {
        if (line.has("value")) {
            return KvValue.json(line.get("value"));
        }
        try {
            Encoding encoding = Encoding.valueOf(line.path("encoding").asString(""));
            return new KvValue(
                    encoding, Base64.getDecoder().decode(line.path("bytes").asString("")));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "kv.transfer", "the line has neither a value nor an encoding with bytes", e);
        }
    }
}
