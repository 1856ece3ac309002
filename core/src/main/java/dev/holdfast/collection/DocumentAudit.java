package dev.holdfast.collection;

import dev.holdfast.collection.CollectionDoctorSql.DocumentRow;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.search.SearchAudit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Examines the documents of one collection, and with them its indexes. */
final class DocumentAudit {
    private final Examination at;
    private final CollectionDoctorSql sql;
    private final int collection;
    private final List<IndexAudit> indexes;
    private final Optional<SearchAudit> text;

    DocumentAudit(
            Examination at,
            CollectionDoctorSql sql,
            int collection,
            List<IndexAudit> indexes,
            Optional<SearchAudit> text) {
        this.at = at;
        this.sql = sql;
        this.collection = collection;
        this.indexes = indexes;
        this.text = text;
    }

    void run() {
        each(row -> examine(row).ifPresent(tree -> {
            indexes.forEach(index -> index.expect(row.id(), tree));
            text.ifPresent(audit -> audit.expect(DocumentId.bytes(row.id()), tree, true));
        }));
        text.ifPresent(audit -> audit.finish(
                id -> sql.document(at.tx(), collection, DocumentId.of(id)).isPresent()));
        List<IndexAudit> wrong =
                indexes.stream().filter(index -> !index.agrees()).toList();
        if (!wrong.isEmpty()) {
            // Only now is it worth asking for every single entry.
            each(row -> tree(row).ifPresent(tree -> wrong.forEach(index -> index.findMissing(row.id(), tree))));
            wrong.forEach(IndexAudit::findStrays);
        }
    }

    private void each(Consumer<DocumentRow> visit) {
        List<DocumentRow> page = sql.page(at.tx(), collection, DocumentId.FIRST);
        while (!page.isEmpty()) {
            page.forEach(visit);
            page = sql.page(at.tx(), collection, page.getLast().id());
        }
    }

    /** The body of a document, if it is a document. */
    private Optional<JsonNode> examine(DocumentRow row) {
        if (!DocumentId.isValid(row.id())) {
            fault("the id is none", row);
        }
        at.requireHandedOut(row.versionstamp(), "collection", collection, "id", row.id());
        if (row.firstVersionstamp() < 0 || row.firstVersionstamp() > row.versionstamp()) {
            fault("the document was inserted by a later commit than it was written last", row);
        }
        if (row.createdAt() <= 0 || row.updatedAt() <= 0) {
            fault("the document was written at no possible time", row);
        }
        Optional<JsonNode> tree = tree(row);
        if (tree.isEmpty()) {
            fault("the body is no JSON object", row);
        } else if (!row.id().equals(tree.get().path(DocumentId.FIELD).stringValue(null))) {
            fault("the body does not carry the id of the document", row);
        }
        return tree;
    }

    private Optional<JsonNode> tree(DocumentRow row) {
        try {
            return Optional.of(Json.parse(sql.body(at.tx(), collection, row))).filter(JsonNode::isObject);
        } catch (InvalidInputException e) {
            return Optional.empty(); // told by whoever examines the row
        }
    }

    private void fault(String what, DocumentRow row) {
        at.fault(what, "collection", collection, "id", row.id());
    }
}
