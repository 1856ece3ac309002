package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which documents are wanted, in which order, and how much of them. Immutable.
 *
 * <p>Without a sort the order is that of the index that answers the query, or of the ids when none does; new ids sort
 * behind old ones. It is the same for all pages of one cursor.
 *
 * @param where what a document must be like
 * @param elements what its arrays must hold
 * @param sort the order, most important key first, at most {@value CollectionLimits#PATHS_MAX}; equal documents come in
 *     the order of their ids, in the direction of the last key
 * @param limit documents at most, 0 for all
 * @param projection which members of the documents are wanted
 */
public record DocumentQuery(
        Filter where, List<Element> elements, List<DocumentSort> sort, long limit, DocumentProjection projection) {

    /**
     * A condition on an array, which {@link Filter} has none of.
     *
     * @param path the field
     * @param value one of its elements must equal it; a field that is no array must equal it itself
     */
    public record Element(FieldPath path, Operand value) {
        /** Checks for null. */
        public Element {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(value, "value");
        }

        Predicate<JsonNode> predicate() {
            Predicate<JsonNode> equal = new Filter.Compare(FieldPath.root(), Filter.Comparison.EQ, value).predicate();
            return document -> DocumentIndex.elements(path.get(document)).anyMatch(equal);
        }
    }

    /** Checks the limit and the number of sort keys. */
    public DocumentQuery {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(projection, "projection");
        elements = List.copyOf(elements);
        sort = List.copyOf(sort);
        if (limit < 0) {
            throw new InvalidInputException("collection.limit", "a limit is 0 or more (limit=" + limit + ")");
        }
        if (sort.size() > CollectionLimits.PATHS_MAX) {
            throw new InvalidInputException(
                    "collection.sort",
                    "too many sort keys (keys=" + sort.size() + ", keysMax=" + CollectionLimits.PATHS_MAX + ")");
        }
    }

    /** Every document. */
    public static DocumentQuery all() {
        return where(Filter.all());
    }

    /** The documents that match a filter. */
    public static DocumentQuery where(Filter where) {
        return new DocumentQuery(where, List.of(), List.of(), 0, DocumentProjection.everything());
    }

    /**
     * The documents whose fields equal these values.
     *
     * @param fields paths and texts, numbers or booleans; null stands for a field that is missing or null
     */
    public static DocumentQuery where(Map<String, ? extends @Nullable Object> fields) {
        return where(equal(fields));
    }

    /** The same documents as far as a filter matches too. */
    public DocumentQuery and(Filter filter) {
        return new DocumentQuery(where.and(filter), elements, sort, limit, projection);
    }

    /**
     * The same documents as far as an array has an element that equals a value, or the field itself does. An index for
     * elements answers it.
     *
     * @param value text, a number or a boolean
     */
    public DocumentQuery containing(String path, Object value) {
        List<Element> more = new ArrayList<>(elements);
        more.add(new Element(FieldPath.parse(path), Operand.of(value)));
        return new DocumentQuery(where, more, sort, limit, projection);
    }

    /** The same in another order: paths, behind a minus sign for descending ones. */
    public DocumentQuery sort(String... keys) {
        return sort(Arrays.stream(keys).map(DocumentSort::parse).toList());
    }

    /** The same in another order. */
    public DocumentQuery sort(List<DocumentSort> keys) {
        return new DocumentQuery(where, elements, keys, limit, projection);
    }

    /** The same, at most so many; 0 for all. */
    public DocumentQuery limit(long value) {
        return new DocumentQuery(where, elements, sort, value, projection);
    }

    /** The same documents with only these members, and the id. */
    public DocumentQuery fields(String... names) {
        return new DocumentQuery(where, elements, sort, limit, DocumentProjection.only(names));
    }

    /** The same documents without these members. */
    public DocumentQuery without(String... names) {
        return new DocumentQuery(where, elements, sort, limit, DocumentProjection.without(names));
    }

    /** The whole condition, made ready to test many documents. */
    Predicate<JsonNode> predicate() {
        Predicate<JsonNode> all = where.predicate();
        for (Element element : elements) {
            all = all.and(element.predicate());
        }
        return all;
    }

    /** The same documents with all their members. */
    DocumentQuery whole() {
        return new DocumentQuery(where, elements, sort, limit, DocumentProjection.everything());
    }

    /** Whether every document is wanted. */
    boolean isEverything() {
        return elements.isEmpty() && where.equals(Filter.all());
    }

    /** The filter that fields equal values. */
    static Filter equal(Map<String, ? extends @Nullable Object> fields) {
        return Filter.allOf(fields.entrySet().stream()
                .<Filter>map(field -> {
                    @Nullable Object value = field.getValue();
                    return value == null
                            ? Filter.where(field.getKey()).isNull()
                            : new Filter.Compare(
                                    FieldPath.parse(field.getKey()), Filter.Comparison.EQ, Operand.of(value));
                })
                .toList());
    }
}
