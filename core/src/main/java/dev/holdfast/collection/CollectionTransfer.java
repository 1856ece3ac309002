package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.json.Json;
import dev.holdfast.search.Tokenizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The room's part of an export: for each collection, by name, a line with its options and indexes, then its documents
 * in the order of their ids, one JSON object each. Versionstamps are left out: what is loaded is a new commit.
 */
public final class CollectionTransfer {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final String COLLECTION = "collection";
    private static final String DOCUMENT = "document";
    private static final String INDEXES = "indexes";
    private static final String TEXT = "text";

    private final Session session;
    private final CollectionRoom room;
    private final List<DocumentRestore> waiting = new ArrayList<>();
    private String name = "";
    private long bytes;

    /** Loads into the collections of a session, which is in no transaction. */
    public CollectionTransfer(Session session) {
        this.session = session;
        this.room = CollectionRoom.of(session.database());
    }

    /** Hands out everything the namespace holds, as it is in this session. */
    public static void export(Session session, Consumer<ObjectNode> out) {
        for (CollectionInfo info : Collections.in(session).list()) {
            Collection collection = Collection.in(session, info.name());
            out.accept(line(collection));
            try (Stream<Document> documents =
                    collection.stream(DocumentQuery.all().sort(DocumentId.FIELD))) {
                documents.forEach(document -> out.accept(line(info.name(), document)));
            }
        }
    }

    /**
     * Takes one line. Documents are written in batches, each a transaction; {@link #finish} writes the last. They are
     * written as they are, whatever JSON Schema holds by now, over those with the same ids.
     *
     * @throws InvalidInputException {@code collection.transfer}: the line is not one of this room;
     *     {@code collection.unique}, {@code collection.index_exists}: it does not go with what is there
     */
    public void load(JsonNode line) {
        String next = collection(line);
        if (!next.equals(name)) {
            finish();
            name = next;
        }
        if (!line.has(DOCUMENT)) {
            finish();
            declare(line);
            return;
        }
        DocumentRestore document = document(line);
        waiting.add(document);
        bytes += document.input().body().length;
        if (waiting.size() == BATCH || bytes > BATCH_BYTES) {
            finish();
        }
    }

    /**
     * Looks at one line, and writes nothing.
     *
     * @throws InvalidInputException {@code collection.transfer}: the line is not one of this room; or what it declares
     *     or holds is nothing that a collection takes
     */
    public void check(JsonNode line) {
        CollectionName.require("a collection", collection(line));
        if (line.has(DOCUMENT)) {
            document(line);
            return;
        }
        for (JsonNode index : line.path(INDEXES)) {
            index(index);
        }
        JsonNode text = line.path(TEXT);
        if (text.isObject()) {
            texts(text.path("fields")).forEach(FieldPath::parse);
            Tokenizer.of(text(text, "tokenizer"));
        }
    }

    /** How many documents wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Writes what is waiting. */
    public void finish() {
        if (!waiting.isEmpty()) {
            new DocumentEdits(session, CollectionName.require("a collection", name), room).restore(waiting);
            waiting.clear();
            bytes = 0;
        }
    }

    private static String collection(JsonNode line) {
        if (!line.path(COLLECTION).isString()) {
            throw new InvalidInputException("collection.transfer", "the line names no collection");
        }
        return line.path(COLLECTION).stringValue();
    }

    private DocumentRestore document(JsonNode line) {
        return DocumentRestore.of(line.path(DOCUMENT), time(line, "createdAt"), time(line, "updatedAt"), room);
    }

    private void declare(JsonNode line) {
        Collection collection = Collection.in(session, name);
        if (line.has("schema")) {
            collection.options(CollectionOptions.defaults().withSchema(line.path("schema")));
        }
        for (JsonNode index : line.path(INDEXES)) {
            collection.createIndex(index(index));
        }
        JsonNode text = line.path(TEXT);
        if (text.isObject()) {
            collection.search().createIndex(texts(text.path("fields")), Tokenizer.of(text(text, "tokenizer")));
        }
    }

    private static ObjectNode line(Collection collection) {
        ObjectNode line = Json.mapper().createObjectNode().put(COLLECTION, collection.name());
        collection.options().schema().ifPresent(schema -> line.set("schema", schema));
        ArrayNode indexes = line.putArray(INDEXES);
        for (IndexInfo info : collection.indexes()) {
            DocumentIndex index = info.index();
            ObjectNode entry = indexes.addObject().put("name", index.name());
            ArrayNode paths = entry.putArray("paths");
            index.paths().forEach(path -> paths.add(path.toString()));
            entry.put("unique", index.unique()).put("multi", index.multi());
        }
        collection.search().index().ifPresent(text -> {
            ObjectNode entry = line.putObject(TEXT);
            text.fields().forEach(entry.putArray("fields")::add);
            entry.put("tokenizer", text.tokenizer().text());
        });
        return line;
    }

    private static ObjectNode line(String collection, Document document) {
        ObjectNode line = Json.mapper().createObjectNode().put(COLLECTION, collection);
        line.set(DOCUMENT, document.json());
        return line.put("createdAt", document.createdAt().toEpochMilli())
                .put("updatedAt", document.updatedAt().toEpochMilli());
    }

    private static DocumentIndex index(JsonNode index) {
        List<FieldPath> paths =
                texts(index.path("paths")).stream().map(FieldPath::parse).toList();
        return new DocumentIndex(
                text(index, "name"),
                paths,
                index.path("unique").asBoolean(false),
                index.path("multi").asBoolean(false));
    }

    private static Optional<Instant> time(JsonNode line, String field) {
        JsonNode millis = line.path(field);
        if (millis.isMissingNode()) {
            return Optional.empty();
        }
        if (!millis.isIntegralNumber() || !millis.canConvertToLong()) {
            throw new InvalidInputException("collection.transfer", field + " is no number of milliseconds");
        }
        return Optional.of(Instant.ofEpochMilli(millis.longValue()));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            texts.add(element.asString(""));
        }
        return texts;
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }
}
