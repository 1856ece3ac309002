package dev.holdfast.collection;

import dev.holdfast.codec.Codec;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a collection as values of one Java type. A component {@code id} of the type is the id of the
 * document; a type without one is fine too.
 *
 * <p>A document that is no value of the type fails when it is read here, with
 * {@link dev.holdfast.engine.InvalidInputException} {@code codec.mismatch}; it stays as it is. Filters and sorts name
 * the fields of the stored JSON. Blocks, commits and is safe for threads as the {@link Collection} below it.
 *
 * @param <T> the type of the documents
 */
public final class CollectionView<T> {
    private final Collection collection;
    private final Codec<T> codec;

    CollectionView(Collection collection, Codec<T> codec) {
        this.collection = collection;
        this.codec = codec;
    }

    /** The same documents without a type. */
    public Collection untyped() {
        return collection;
    }

    /** Inserts a document, under the id it has or a new one; see {@link Collection#insert}. */
    public Entry<T> insert(T document) {
        return typed(collection.insert(DocumentInput.object(codec, document)));
    }

    /** Inserts documents in one transaction, all or none; see {@link Collection#insertMany}. */
    public List<Entry<T>> insertMany(List<T> documents) {
        return collection
                .insertMany(documents.stream()
                        .map(document -> DocumentInput.object(codec, document))
                        .toList())
                .stream()
                .map(this::typed)
                .toList();
    }

    /** Inserts a document, or replaces the one with its id. */
    public Entry<T> upsert(T document) {
        return typed(collection.upsert(DocumentInput.object(codec, document)));
    }

    /** The document of an id. */
    public Optional<T> get(String id) {
        return entry(id).map(Entry::value);
    }

    /** The document of an id with its versionstamp. */
    public Optional<Entry<T>> entry(String id) {
        return collection.get(id).map(this::typed);
    }

    /** The documents that a query finds, whole whatever its projection. */
    public List<T> find(DocumentQuery query) {
        try (Stream<Entry<T>> entries = stream(query)) {
            return entries.map(Entry::value).toList();
        }
    }

    /** The documents that match a filter. */
    public List<T> find(Filter where) {
        return find(DocumentQuery.where(where));
    }

    /** The documents whose fields equal these values; see {@link DocumentQuery#where(Map)}. */
    public List<T> find(Map<String, ? extends @Nullable Object> fields) {
        return find(DocumentQuery.where(fields));
    }

    /** The first document that a query finds, in its order. */
    public Optional<T> findOne(DocumentQuery query) {
        return find(query.limit(1)).stream().findFirst();
    }

    /** A document that matches a filter. */
    public Optional<T> findOne(Filter where) {
        return findOne(DocumentQuery.where(where));
    }

    /** The documents that a query finds, read as they are asked for; see {@link Collection#stream}. */
    public Stream<Entry<T>> stream(DocumentQuery query) {
        return collection.stream(query.whole()).map(this::typed);
    }

    /**
     * Replaces a document by what a function makes of it, called again when another commit came first; see
     * {@link DocumentUpdate#apply}. Members that the type does not have are lost, since the whole document is replaced.
     *
     * @return its new state; empty when there is no such document
     */
    public Optional<Entry<T>> update(String id, UnaryOperator<T> function) {
        return collection
                .update(
                        id,
                        DocumentUpdate.apply(tree -> DocumentInput.object(
                                codec, function.apply(codec.decode(dev.holdfast.json.Json.bytes(tree))))))
                .map(this::typed);
    }

    private Entry<T> typed(Document document) {
        return new Entry<>(document.id(), document.as(codec), document.versionstamp());
    }

    /**
     * A document with its value decoded.
     *
     * @param <T> the type of the value
     * @param id of the document
     * @param value the document
     * @param versionstamp of the commit that wrote it
     */
    public record Entry<T>(String id, T value, Versionstamp versionstamp) {}
}
