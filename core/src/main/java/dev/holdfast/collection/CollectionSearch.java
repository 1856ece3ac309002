package dev.holdfast.collection;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.filter.Filter;
import dev.holdfast.search.SearchIndex;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.search.Tokenizer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The full-text index over the documents of a collection: at most one, kept in step by every write. Reached by
 * {@link Collection#search()}.
 */
public final class CollectionSearch {
    private static final byte[] NO_PREFIX = {};
    private static final int BATCH = 200;
    private static final int READ_AT_ONCE = 32;

    private final Session session;
    private final String collection;
    private final CollectionRoom room;
    private final SearchRoom search;

    CollectionSearch(Session session, String collection, CollectionRoom room) {
        this.session = session;
        this.collection = collection;
        this.room = room;
        this.search = SearchRoom.of(session.database());
    }

    /**
     * Makes the index over all documents, replacing one that is there, in one transaction.
     *
     * @param fields paths; texts, numbers, booleans, and all that arrays and objects hold are indexed
     * @throws InvalidInputException {@code search.fields}: not 1 to 32 fields, or a field that is no path;
     *     {@code collection.in_transaction}: it was called inside a transaction
     */
    public void createIndex(List<String> fields, Tokenizer tokenizer) {
        var unused = Allowance.orAlone(
                UnitKind.OPERATION,
                UnitKind.ALONE,
                kind -> session.write(kind, tx -> {
                    if (!tx.single()) {
                        throw new InvalidInputException(
                                "collection.in_transaction",
                                "an index is made outside of transactions, while others write");
                    }
                    room.catalog().require(tx, collection);
                    return room.catalog().change(tx, collection, found -> {
                        CollectionState state = found.orElseThrow();
                        spend(tx, state, true);
                        SearchIndex index = search.define(
                                tx, CollectionState.textScope(state.number()), NO_PREFIX, fields, tokenizer);
                        room.catalog().setOptions(tx, collection, state.options(), true);
                        fill(tx, state, index);
                        search.completed(tx, index);
                        return index;
                    });
                }));
    }

    /** Counts what the index holds, and what it will, before anything is done about it. */
    private void spend(Tx tx, CollectionState state, boolean documents) {
        Allowance allowance = Allowance.in(tx);
        if (allowance.isLimited()) {
            search.spend(tx, CollectionState.textScope(state.number()), NO_PREFIX, allowance);
            if (documents) {
                room.documents().spend(tx, state, allowance);
            }
        }
    }

    /** The indexed fields and the tokenizer, if there is an index. */
    public Optional<Index> index() {
        return session.read(tx -> room.catalog().find(tx, collection).flatMap(CollectionState::text))
                .map(index -> new Index(index.fields(), index.tokenizer()));
    }

    /** Removes the index; answers whether there was one. */
    public boolean dropIndex() {
        return Allowance.orAlone(
                UnitKind.OPERATION,
                UnitKind.ALONE,
                kind -> session.write(
                        kind,
                        tx -> room.catalog().change(tx, collection, state -> {
                            state.ifPresent(known -> room.catalog().setOptions(tx, collection, known.options(), false));
                            return state.isPresent() && dropped(tx, state.get());
                        })));
    }

    /**
     * The documents whose indexed fields match a text query, the most relevant first.
     *
     * @param text any text: all its words must occur, {@code word*} is a beginning, quoted words stand side by side,
     *     {@code OR} between two words offers either
     * @param query what the documents must be like besides, and how many are wanted; its sort is not used
     * @throws InvalidInputException {@code search.no_index}: the collection has no full-text index
     */
    public List<Document> find(String text, DocumentQuery query) {
        Predicate<JsonNode> predicate = query.predicate();
        List<Document> found = session.scan(tx -> matches(tx, text, predicate, query.limit()));
        return found.stream().map(query.projection()::apply).toList();
    }

    /**
     * The most relevant documents whose indexed fields match a text query; see {@link #find(String, DocumentQuery)}.
     */
    public List<Document> find(String text, int limit) {
        return find(text, DocumentQuery.where(Filter.all()).limit(limit));
    }

    private List<Document> matches(Tx tx, String text, Predicate<JsonNode> predicate, long limit) {
        CollectionState state = room.catalog().find(tx, collection).orElseThrow(CollectionSearch::noIndex);
        SearchIndex index = state.text().orElseThrow(CollectionSearch::noIndex);
        List<Document> found = new ArrayList<>();
        try (Stream<byte[]> ids = search.match(tx, index, text)) {
            Iterator<byte[]> next = ids.iterator();
            boolean more = next.hasNext();
            while (more && (limit == 0 || found.size() < limit)) {
                List<String> some = new ArrayList<>();
                while (more && some.size() < READ_AT_ONCE) {
                    some.add(DocumentId.of(next.next()));
                    more = next.hasNext();
                }
                Map<String, Document> documents = room.documents().some(tx, state, some).stream()
                        .flatMap(DocumentSql.Row::documents)
                        .collect(Collectors.toMap(Document::id, document -> document));
                some.stream()
                        .map(documents::get)
                        .filter(document -> document != null && predicate.test(document.json()))
                        .limit(limit == 0 ? Long.MAX_VALUE : limit - found.size())
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Removes the index of a collection that goes; answers whether there was one. */
    boolean dropped(Tx tx, CollectionState state) {
        spend(tx, state, false);
        return search.drop(tx, CollectionState.textScope(state.number()), NO_PREFIX);
    }

    private void fill(Tx tx, CollectionState state, SearchIndex index) {
        List<Document> batch = room.writes().lockSome(tx, state, DocumentId.FIRST, BATCH);
        while (!batch.isEmpty()) {
            batch.forEach(document -> search.put(tx, index, DocumentId.bytes(document.id()), document.json()));
            batch = room.writes().lockSome(tx, state, batch.getLast().id(), BATCH);
        }
    }

    private static InvalidInputException noIndex() {
        return new InvalidInputException("search.no_index", "the collection has no full-text index; make one first");
    }

    /**
     * A full-text index.
     *
     * @param fields the indexed paths
     * @param tokenizer how texts become words
     */
    public record Index(List<String> fields, Tokenizer tokenizer) {
        /** Keeps its own copy. */
        public Index {
            fields = List.copyOf(fields);
        }
    }
}
