package dev.holdfast.collection;

import dev.holdfast.collection.CollectionDoctorSql.EntryRow;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Compares a declared index with the documents of its collection. First both sides are added up, which needs no memory
 * and no look-ups; only when the sums differ is every entry looked for.
 */
final class IndexAudit {
    private final Examination at;
    private final CollectionDoctorSql sql;
    private final int collection;
    private final StoredIndex index;
    private final EntrySum entries = new EntrySum();
    private final EntrySum places = new EntrySum();

    IndexAudit(Examination at, CollectionDoctorSql sql, int collection, StoredIndex index) {
        this.at = at;
        this.sql = sql;
        this.collection = collection;
        this.index = index;
    }

    /** Adds what a document asks for. */
    void expect(String id, JsonNode document) {
        try {
            index.entries(document).forEach(value -> entries.add(value, id));
            index.uniqueKeys(document).forEach(value -> places.add(value, id));
        } catch (InvalidInputException e) {
            at.fault("the document does not fit into the index: " + e.detail(), "index", index.number(), "id", id);
        }
    }

    /** Whether the index holds what was expected, as far as sums tell. One that is being built may hold less. */
    boolean agrees() {
        return index.isComplete()
                && entries.isSame(sum(CollectionDoctorSql.Part.ENTRIES))
                && places.isSame(sum(CollectionDoctorSql.Part.PLACES));
    }

    /** Looks for the entries of a document. */
    void findMissing(String id, JsonNode document) {
        if (!index.isComplete() && DocumentId.ORDER.compare(id, index.builtTo()) > 0) {
            return; // not yet reached
        }
        findMissing(CollectionDoctorSql.Part.ENTRIES, id, entries(document));
        findMissing(CollectionDoctorSql.Part.PLACES, id, index.uniqueKeys(document));
    }

    private void findMissing(CollectionDoctorSql.Part part, String id, Collection<byte[]> values) {
        for (byte[] value : values) {
            if (!sql.holds(at.tx(), part, index.number(), new EntryRow(value, id))) {
                at.fault(
                        "the index misses an entry of a document",
                        "table",
                        part.table(),
                        "index",
                        index.number(),
                        "id",
                        id);
            }
        }
    }

    /** Looks for entries that no document asks for. */
    void findStrays() {
        findStrays(CollectionDoctorSql.Part.ENTRIES);
        findStrays(CollectionDoctorSql.Part.PLACES);
    }

    private void findStrays(CollectionDoctorSql.Part part) {
        try (Stream<EntryRow> rows = sql.entries(at.tx(), part, index.number())) {
            rows.filter(row -> !isAskedFor(part, row))
                    .forEach(row -> at.fault(
                            "the index holds an entry that no document asks for",
                            "table",
                            part.table(),
                            "index",
                            index.number(),
                            "id",
                            row.id()));
        }
    }

    private boolean isAskedFor(CollectionDoctorSql.Part part, EntryRow row) {
        Optional<JsonNode> document =
                sql.document(at.tx(), collection, row.id()).flatMap(IndexAudit::tree);
        if (document.isEmpty()) {
            return false;
        }
        Collection<byte[]> values = switch (part) {
            case ENTRIES -> entries(document.get());
            case PLACES -> index.uniqueKeys(document.get());
        };
        return values.stream().anyMatch(value -> Arrays.equals(value, row.value()));
    }

    private Collection<byte[]> entries(JsonNode document) {
        try {
            return index.entries(document);
        } catch (InvalidInputException e) {
            return List.of(); // told when it was expected
        }
    }

    private static Optional<JsonNode> tree(byte[] body) {
        try {
            return Optional.of(Json.parse(body)).filter(JsonNode::isObject);
        } catch (InvalidInputException e) {
            return Optional.empty(); // told when the document was examined
        }
    }

    private EntrySum sum(CollectionDoctorSql.Part part) {
        EntrySum sum = new EntrySum();
        try (Stream<EntryRow> rows = sql.entries(at.tx(), part, index.number())) {
            rows.forEach(row -> sum.add(row.value(), row.id()));
        }
        return sum;
    }
}
