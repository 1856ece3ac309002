package dev.holdfast.collection;

import dev.holdfast.collection.CollectionDoctorSql.IndexRow;
import dev.holdfast.collection.CollectionDoctorSql.Named;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.json.Json;
import dev.holdfast.search.SearchAudit;
import dev.holdfast.search.SearchDoctor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Examines the collections of a namespace: that every document is one and carries its id, that the change log knows of
 * each, that every declared index holds exactly the entries that its documents ask for, unique ones too, and that
 * nothing belongs to a collection or an index that does not exist. What a dropped one has left is no fault; it is
 * cleared away in time. Reads page by page; large documents one at a time.
 */
public final class CollectionDoctor {
    private static final List<String> TABLES =
            List.of("{p}collections", "{p}documents", "{p}indexes", "{p}document_index", "{p}document_unique");
    private static final String TEXT_SCOPES = CollectionRoom.NAME + "/";

    private final Examination at;
    private final CollectionDoctorSql sql;
    private final Map<Integer, List<StoredIndex>> indexes = new HashMap<>();
    private final Set<String> textScopes = new HashSet<>();

    private CollectionDoctor(Examination at) {
        this.at = at;
        this.sql = at.tx().database().shared(CollectionDoctorSql.class, CollectionDoctorSql::new);
    }

    /** The tables of the room whose rows belong to a namespace. */
    public static List<String> tables() {
        return TABLES;
    }

    /** Examines a namespace. */
    public static void examine(Examination at) {
        new CollectionDoctor(at).run();
    }

    private void run() {
        List<Named> collections = sql.collections(at.tx());
        Set<Integer> numbers = new HashSet<>();
        collections.forEach(collection -> numbers.add(collection.number()));
        sql.indexes(at.tx()).forEach(row -> index(row, numbers));
        sql.strays(at.tx())
                .forEach(stray -> at.fault(
                        "rows belong to a collection or an index that does not exist",
                        "table",
                        stray.table(),
                        "number",
                        stray.number(),
                        "rows",
                        stray.rows()));
        collections.stream().filter(collection -> !collection.dropped()).forEach(this::collection);
        SearchDoctor.scopes(at, TEXT_SCOPES).stream()
                .filter(scope -> !textScopes.contains(scope))
                .forEach(scope -> at.fault("a full-text index belongs to no collection", "scope", scope));
        sql.unlogged(at.tx())
                .forEach(row -> at.fault(
                        "a document was written without a line in the change log",
                        "collection",
                        row.collection(),
                        "id",
                        row.id(),
                        "versionstamp",
                        row.versionstamp()));
    }

    private void index(IndexRow row, Set<Integer> collections) {
        if (!collections.contains(row.collection())) {
            at.fault("an index belongs to a collection that does not exist", "index", row.number());
        }
        if (!row.trouble().isEmpty()) {
            at.fault("the declaration of an index cannot be read: " + row.trouble(), "index", row.number());
        }
        if (row.index() != null) {
            indexes.computeIfAbsent(row.collection(), any -> new ArrayList<>()).add(row.index());
        }
    }

    private void collection(Named collection) {
        List<IndexAudit> audits = indexes.getOrDefault(collection.number(), List.of()).stream()
                .map(index -> new IndexAudit(at, sql, collection.number(), index))
                .toList();
        new DocumentAudit(at, sql, collection.number(), audits, text(collection)).run();
    }

    /** The full-text index of a collection, if it has one. */
    private Optional<SearchAudit> text(Named collection) {
        String scope = CollectionState.textScope(collection.number());
        textScopes.add(scope);
        Optional<SearchAudit> found = SearchDoctor.indexes(at, scope).stream()
                .map(index -> new SearchAudit(at, index))
                .findFirst();
        try {
            if (CollectionOptions.isText(Json.parse(collection.options())) != found.isPresent()) {
                at.fault(
                        "the options of a collection and its full-text index disagree",
                        "collection",
                        collection.number());
            }
        } catch (HoldfastException e) {
            at.fault("the options of a collection cannot be read: " + e.detail(), "collection", collection.number());
        }
        return found;
    }
}
