package dev.holdfast.collection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Documents that are written together, with what that means for the indexes: which entries go and which come. An entry
 * that stays is in neither list, so all that goes may go before anything comes.
 */
final class DocumentBatch {
    private static final JsonNode NOTHING = MissingNode.getInstance();

    final List<DocumentInput> inserts = new ArrayList<>();
    final List<Replacement> replacements = new ArrayList<>();
    final List<Document> deletes = new ArrayList<>();
    final List<Entry> entriesGone = new ArrayList<>();
    final List<Entry> entriesNew = new ArrayList<>();
    final List<Entry> uniqueGone = new ArrayList<>();
    final List<Entry> uniqueNew = new ArrayList<>();

    /** Whether the new documents were looked for and are missing, so that one which exists came in between. */
    boolean insertsMissing;

    private final CollectionState state;
    private final boolean needsTrees;
    private final boolean checked;

    DocumentBatch(CollectionState state) {
        this(state, true);
    }

    private DocumentBatch(CollectionState state, boolean checked) {
        this.state = state;
        this.needsTrees = !state.indexes().isEmpty();
        this.checked = checked;
    }

    /** A batch of documents that were stored before: what holds for new ones is not asked of them. */
    static DocumentBatch ofStored(CollectionState state) {
        return new DocumentBatch(state, false);
    }

    /** Adds a new document. */
    void insert(DocumentInput document) {
        check(document);
        inserts.add(document);
        if (needsTrees) {
            index(document.id(), NOTHING, document.tree());
        }
    }

    /** Adds the next version of a document. */
    void replace(Document before, DocumentInput after) {
        check(after);
        replacements.add(new Replacement(before, after));
        if (needsTrees) {
            index(before.id(), before.json(), after.tree());
        }
    }

    void delete(Document document) {
        deletes.add(document);
        if (needsTrees) {
            index(document.id(), document.json(), NOTHING);
        }
    }

    /** Adds the entries of a document that stays as it is to an index that is being made. */
    void index(StoredIndex index, Document document) {
        index.entries(document.json()).forEach(value -> entriesNew.add(new Entry(index, value, document.id())));
        index.uniqueKeys(document.json()).forEach(value -> uniqueNew.add(new Entry(index, value, document.id())));
    }

    int size() {
        return inserts.size() + replacements.size() + deletes.size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    private void check(DocumentInput document) {
        if (checked) {
            state.schema().ifPresent(schema -> schema.check(document.tree()));
        }
    }

    private void index(String id, JsonNode before, JsonNode after) {
        for (StoredIndex index : state.indexes()) {
            SortedSet<byte[]> old = before.isMissingNode() ? none() : index.entries(before);
            SortedSet<byte[]> now = after.isMissingNode() ? none() : index.entries(after);
            difference(index, id, old, now, entriesGone);
            difference(index, id, now, old, entriesNew);
            if (index.definition().unique()) {
                old = before.isMissingNode() ? none() : index.uniqueKeys(before);
                now = after.isMissingNode() ? none() : index.uniqueKeys(after);
                difference(index, id, old, now, uniqueGone);
                difference(index, id, now, old, uniqueNew);
            }
        }
    }

    private static void difference(
            StoredIndex index, String id, SortedSet<byte[]> these, SortedSet<byte[]> those, List<Entry> into) {
        for (byte[] value : these) {
            if (!those.contains(value)) {
                into.add(new Entry(index, value, id));
            }
        }
    }

    private static SortedSet<byte[]> none() {
        return new TreeSet<>(Arrays::compareUnsigned);
    }

    /** A document before and after. */
    record Replacement(Document before, DocumentInput after) {}

    /** An entry of an index, or what a document occupies in a unique one. */
    record Entry(StoredIndex index, byte[] value, String id) {}
}
