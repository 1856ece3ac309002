package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.FieldPath;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A declared index of a collection. It is kept in step with every write, in the same transaction.
 *
 * <p>It answers equality, lists of values, ranges and beginnings of text on its first field, or on a further one when
 * all fields before it are given by equality, and gives the order of the fields behind those.
 *
 * @param name its name within the collection
 * @param paths the fields, most important first, 1 to {@value CollectionLimits#PATHS_MAX}; exactly one when
 *     {@code multi}
 * @param unique whether no two documents may have equal values. A document in which a field is missing or null takes no
 *     part; of a {@code multi} index no two documents may share an element
 * @param multi whether each element of an array is indexed instead of the array, for {@link DocumentQuery#containing};
 *     at most {@value CollectionLimits#ELEMENTS_MAX} different ones of a document
 */
public record DocumentIndex(String name, List<FieldPath> paths, boolean unique, boolean multi) {
    /** Checks the name and the number of fields. */
    public DocumentIndex {
        CollectionName.require("an index", name);
        paths = List.copyOf(paths);
        int max = multi ? 1 : CollectionLimits.PATHS_MAX;
        if (paths.isEmpty() || paths.size() > max || paths.stream().distinct().count() < paths.size()) {
            throw new InvalidInputException(
                    "collection.index_paths",
                    "an index has 1 to " + max + " different fields (index=" + name + ", paths=" + paths.size() + ")");
        }
    }

    /** An index on fields, most important first. */
    public static DocumentIndex on(String name, String... paths) {
        return new DocumentIndex(
                name, Arrays.stream(paths).map(FieldPath::parse).toList(), false, false);
    }

    /** The same, refusing a second document with equal values. */
    public DocumentIndex asUnique() {
        return new DocumentIndex(name, paths, true, multi);
    }

    /** The same over the elements of arrays. */
    public DocumentIndex asMulti() {
        return new DocumentIndex(name, paths, unique, true);
    }

    /** The elements of an array; of anything else the value itself, unless it is missing. */
    static Stream<JsonNode> elements(JsonNode node) {
        if (node.isArray()) {
            return IntStream.range(0, node.size()).mapToObj(node::path);
        }
        return node.isMissingNode() ? Stream.empty() : Stream.of(node);
    }
}
