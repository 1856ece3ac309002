package dev.holdfast.collection;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Codecs;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * JSON documents under one name in one namespace. It exists from its first document, index or option on; nothing has to
 * be made before.
 *
 * <p>Outside a transaction every call is one transaction of its own, unless it says otherwise: what it wrote is durable
 * and visible to everybody when it returns. Inside one everything comes with the commit, and reads see what the
 * transaction wrote.
 *
 * <p>A document is a JSON object with a string {@code id}, which never changes. Where a document or a patch is asked
 * for, a JSON tree, a map or a value that Jackson maps to an object will do. A document that breaks a rule of the
 * collection is refused, and nothing is written: {@code collection.schema}, {@code collection.unique},
 * {@code collection.document_too_large}.
 *
 * <p>All methods block the calling thread; those of a transaction belong to its thread, all others may be called by
 * many threads. Errors are of the kinds of {@link dev.holdfast.engine.HoldfastException}.
 */
public interface Collection {
    /**
     * The documents of a name in a session: in one namespace, or in one open transaction.
     *
     * @param name 1 to {@value CollectionLimits#NAME_CHARS_MAX} characters without control characters
     */
    static Collection in(Session session, String name) {
        return new StoredCollection(
                session, CollectionName.require("a collection", name), CollectionRoom.of(session.database()));
    }

    /** The name. */
    String name();

    /** A view whose documents are of one Java type; see {@link Codecs#json(Class)}. */
    default <T> CollectionView<T> as(Class<T> type) {
        return as(Codecs.json(type));
    }

    /** A view whose documents go through a codec, which must write JSON objects. */
    default <T> CollectionView<T> as(Codec<T> codec) {
        return new CollectionView<>(this, codec);
    }

    /**
     * Inserts a document, under the id it has or a new one: a version 7 UUID, so new documents sort behind old ones.
     *
     * @return the document as it is stored, with its id
     * @throws dev.holdfast.engine.InvalidInputException {@code collection.exists}: there is one with this id
     */
    Document insert(Object document);

    /**
     * Inserts documents in one transaction, all or none.
     *
     * @param documents up to {@link CollectionLimits#batchDocumentsMax()}
     * @return the documents as they are stored, in their order
     */
    List<Document> insertMany(List<?> documents);

    /** Inserts a document, or replaces the one with its id. */
    Document upsert(Object document);

    /**
     * Replaces members of the first document that matches, in the order of the ids, or inserts a document.
     *
     * @param document what is merged into the document, see {@link DocumentUpdate#merge}, or inserted
     */
    Document upsert(Filter where, Object document);

    /** The document of an id. One statement. */
    Optional<Document> get(String id);

    /** The documents that a query finds. They are all in memory then: see {@link #stream} for many. */
    default List<Document> find(DocumentQuery query) {
        try (Stream<Document> documents = stream(query)) {
            return documents.toList();
        }
    }

    /** The documents that match a filter. */
    default List<Document> find(Filter where) {
        return find(DocumentQuery.where(where));
    }

    /** The documents whose fields equal these values; see {@link DocumentQuery#where(Map)}. */
    default List<Document> find(Map<String, ? extends @Nullable Object> fields) {
        return find(DocumentQuery.where(fields));
    }

    /** The first document that a query finds. */
    default Optional<Document> findOne(DocumentQuery query) {
        return find(query.limit(1)).stream().findFirst();
    }

    /** A document that matches a filter. */
    default Optional<Document> findOne(Filter where) {
        return findOne(DocumentQuery.where(where));
    }

    /** A document whose fields equal these values. */
    default Optional<Document> findOne(Map<String, ? extends @Nullable Object> fields) {
        return findOne(DocumentQuery.where(fields));
    }

    /**
     * The documents that a query finds, read as they are asked for: batch by batch, each a snapshot of its own, outside
     * a transaction; one snapshot inside one. What has to be sorted in memory is read whole. For one thread.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code collection.sort_limit}: no index gives the order, and
     *     too much would have to be sorted
     */
    Stream<Document> stream(DocumentQuery query);

    /**
     * One page of what a query finds.
     *
     * @param cursor of the page before, of the same query; none for the first page
     * @param size documents at most, 1 to 1,000; the query's own limit is not used
     * @throws dev.holdfast.engine.InvalidInputException {@code collection.cursor}: it was not given out for such a
     *     query
     */
    DocumentPage page(DocumentQuery query, Optional<String> cursor, int size);

    /** How many documents there are; all of them are counted. */
    long count();

    /** How many documents match a filter; each candidate is read. */
    long count(Filter where);

    /**
     * How a query would be answered now, in words: which index is used, and whether the documents have to be sorted.
     */
    String explain(DocumentQuery query);

    /**
     * Updates every document that matches, in one transaction.
     *
     * @return how many that were, changed or not
     */
    long update(Filter where, DocumentUpdate update);

    /** Replaces members in every document that matches; see {@link DocumentUpdate#merge}. */
    default long update(Filter where, Object patch) {
        return update(where, DocumentUpdate.merge(patch));
    }

    /**
     * Updates one document. A function is called outside any transaction of the store's own, and again when another
     * commit came first.
     *
     * @return its new state; empty when there is no such document
     */
    Optional<Document> update(String id, DocumentUpdate update);

    /** Replaces members of one document; see {@link DocumentUpdate#merge}. */
    default Optional<Document> update(String id, Object patch) {
        return update(id, DocumentUpdate.merge(patch));
    }

    /**
     * Updates one document if it is still at a version.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code collection.changed}: it is at another one. Read it again
     *     and decide anew
     */
    Optional<Document> update(String id, DocumentUpdate update, Versionstamp expected);

    /**
     * Deletes every document that matches, in one transaction; {@link Filter#all()} empties the collection.
     *
     * @return how many that were
     */
    long delete(Filter where);

    /** Deletes the documents whose fields equal these values; see {@link #delete(Filter)}. */
    default long delete(Map<String, ? extends @Nullable Object> fields) {
        return delete(DocumentQuery.equal(fields));
    }

    /** Deletes one document; answers whether there was one. */
    boolean delete(String id);

    /** Deletes one document if it is still at a version; see {@link #update(String, DocumentUpdate, Versionstamp)}. */
    boolean delete(String id, Versionstamp expected);

    /**
     * Removes the collection with its indexes and options, at once whatever its size; what it held is cleared away
     * after the commit, in batches, before this returns.
     *
     * @return whether there was one
     */
    boolean drop();

    /**
     * Declares an index and fills it, in bounded batches; other writers go on meanwhile. It is used once it is
     * complete. The same index again is no error: an interrupted one is filled to its end.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code collection.index_exists}: there is another one of this
     *     name; {@code collection.unique}: two documents have equal values, and there is no index then;
     *     {@code collection.indexes}: there are {@value CollectionLimits#INDEXES_MAX} already
     */
    void createIndex(DocumentIndex index);

    /** The declared indexes, in the order in which they were made. */
    List<IndexInfo> indexes();

    /** Removes an index; answers whether there was one. */
    boolean dropIndex(String name);

    /** What holds for documents that are written. */
    CollectionOptions options();

    /**
     * Sets what holds for documents that are written from now on. Documents that are stored stay as they are.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code collection.schema_invalid},
     *     {@code collection.schema_unavailable}
     */
    void options(CollectionOptions options);

    /** The full-text index over the documents. */
    CollectionSearch search();

    /**
     * Tells a listener of changes until the watch is closed. It is called on a thread of the watch, one call at a time.
     * Intermediate states may be left out; the last state of every document always comes. Nothing that is committed
     * after this has returned is missed; without the present documents it reads all that match before it returns.
     */
    CollectionWatch watch(CollectionWatchOptions options, Consumer<CollectionWatch.Event> listener);
}
