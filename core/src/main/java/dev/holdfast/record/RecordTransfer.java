package dev.holdfast.record;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The room's part of an export: each store, and the logs of its documents, a record a line. */
public final class RecordTransfer {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final String STORE = "store";
    private static final String DOC = "doc";
    private static final String RECORD = "record";

    private final Session session;
    private final List<StoreRecord> waiting = new ArrayList<>();
    private long bytes;
    private @Nullable Place place;
    /** The log at the place was begun anew. */
    private boolean begun;

    /** Loads into the record stores of a session. */
    public RecordTransfer(Session session) {
        this.session = session;
    }

    /** Hands out everything the namespace holds, as it is in this session. */
    public static void export(Session session, Consumer<ObjectNode> out) {
        RecordStores stores = RecordStores.in(session);
        for (String name : stores.list()) {
            out.accept(Json.mapper().createObjectNode().put(STORE, name));
            stores.find(name).ifPresent(store -> export(store, name, out));
        }
    }

    private static void export(RecordStore store, String name, Consumer<ObjectNode> out) {
        try (RecordCursor<String> ids = store.listDocIds()) {
            while (ids.hasNext()) {
                String docId = ids.next();
                try (RecordCursor<StoreRecord> records = store.loadAll(docId)) {
                    records.forEachRemaining(record -> {
                        ObjectNode line = Json.mapper()
                                .createObjectNode()
                                .put(STORE, name)
                                .put(DOC, docId);
                        line.set(RECORD, RecordJson.of(record));
                        out.accept(line);
                    });
                }
            }
        }
    }

    /**
     * Takes one line. The log of a document takes the place of the one that is there; it is written in batches of 500
     * records or a little more than 4 MiB, each a transaction. {@link #finish} writes the last.
     *
     * @throws InvalidInputException {@code record.transfer}: the line is not one of this room
     */
    public void load(JsonNode line) {
        String name = name(line);
        if (!line.has(DOC)) {
            finish();
            RecordStores.in(session).create(name);
            return;
        }
        Place next = new Place(name, line.path(DOC).stringValue());
        if (!next.equals(place)) {
            finish();
            place = next;
            begun = false;
        }
        StoreRecord record = record(line);
        waiting.add(record);
        bytes += RecordRow.of(record).size();
        if (waiting.size() >= BATCH || bytes > BATCH_BYTES) {
            writeIfPossible();
        }
    }

    /**
     * Looks at one line, and writes nothing.
     *
     * @throws InvalidInputException {@code record.transfer}: the line is not one of this room
     */
    public void check(JsonNode line) {
        name(line);
        if (line.has(DOC)) {
            record(line);
        }
    }

    /** How many records wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Writes what is waiting. */
    public void finish() {
        if (!waiting.isEmpty()) {
            write();
        }
    }

    /** A log is begun with its first metadata, wherever that stands. */
    private void writeIfPossible() {
        if (begun || waiting.stream().anyMatch(StoreRecord.Meta.class::isInstance)) {
            write();
        }
    }

    private void write() {
        if (place == null) {
            throw new IllegalStateException("records wait without a document");
        }
        String docId = place.docId;
        RecordStore store = RecordStore.in(session, place.store);
        refusing(() -> {
            if (begun) {
                store.appendAll(docId, waiting);
            } else {
                store.delete(docId);
                store.replace(docId, waiting);
            }
            return docId;
        });
        begun = true;
        waiting.clear();
        bytes = 0;
    }

    private static String name(JsonNode line) {
        return refusing(() -> {
            String name = RecordText.string(line.path(STORE), STORE);
            TableNames.requireStoreName(name);
            return name;
        });
    }

    private static StoreRecord record(JsonNode line) {
        return refusing(() -> {
            RecordRules.requireDocId(RecordText.string(line.path(DOC), DOC));
            return RecordJson.read(line.path(RECORD));
        });
    }

    private static <R> R refusing(Supplier<R> read) {
        try {
            return read.get();
        } catch (RecordStoreException e) {
            throw new InvalidInputException("record.transfer", e.detail(), e);
        }
    }

    /** A document of a store. */
    private record Place(String store, String docId) {}
}
