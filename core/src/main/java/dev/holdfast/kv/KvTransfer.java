package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
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

    private final Kv kv;
    private final List<KvMutation> waiting = new ArrayList<>();
    private long bytes;

    /** Loads into the keys and values of a session. */
    public KvTransfer(Session session) {
        this.kv = Kv.in(session);
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
        if (line.has("index")) {
            loadIndex(line.path("index"));
            return;
        }
        Optional<Instant> expiresAt = line.has("expiresAt")
                ? Optional.of(Instant.ofEpochMilli(line.path("expiresAt").asLong()))
                : Optional.empty();
        KvValue value = value(line);
        waiting.add(new KvMutation.Restore(KeyJson.key(line.path("key")), value, expiresAt));
        bytes += value.encoded().length;
        if (waiting.size() == BATCH || bytes > BATCH_BYTES) {
            finish();
        }
    }

    /** Writes what is waiting. */
    public void finish() {
        if (!waiting.isEmpty()) {
            kv.commit(List.of(), List.copyOf(waiting));
            waiting.clear();
            bytes = 0;
        }
    }

    private void loadIndex(JsonNode index) {
        List<String> fields = new ArrayList<>();
        index.path("fields").forEach(field -> fields.add(field.stringValue()));
        kv.search()
                .createIndex(
                        KeyJson.prefix(index.path("prefix")),
                        fields,
                        Tokenizer.of(index.path("tokenizer").stringValue()),
                        true);
    }

    private static ObjectNode line(KvSearch.Index index) {
        ObjectNode line = Json.mapper().createObjectNode();
        ObjectNode definition = line.putObject("index");
        definition.set("prefix", KeyJson.tree(index.prefix()));
        index.fields().forEach(definition.putArray("fields")::add);
        definition.put("tokenizer", index.tokenizer().text());
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
        entry.expiresAt().ifPresent(at -> line.put("expiresAt", at.toEpochMilli()));
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
