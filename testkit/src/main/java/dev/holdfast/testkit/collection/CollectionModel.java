package dev.holdfast.testkit.collection;

import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentSort;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.JsonOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a collection is meant to be, in the plainest way: a sorted map of documents, and indexes that only say what is
 * unique.
 */
final class CollectionModel {
    /** Ids sort by code point, which Java's own order of strings does not. */
    static final Comparator<String> ID_ORDER =
            Comparator.comparing(id -> id.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    final TreeMap<String, ObjectNode> documents = new TreeMap<>(ID_ORDER);
    final Map<String, DocumentIndex> indexes = new LinkedHashMap<>();
    /** Whether the documents have a full-text index. */
    boolean searchable;
    /** Whether the field {@link RandomDocuments#RULED} has to be what the JSON Schema says. */
    boolean ruled;

    CollectionModel copy() {
        CollectionModel copy = new CollectionModel();
        documents.forEach((id, document) -> copy.documents.put(id, document.deepCopy()));
        copy.indexes.putAll(indexes);
        copy.searchable = searchable;
        copy.ruled = ruled;
        return copy;
    }

    /** Whether the documents could stand together under the unique indexes. */
    boolean isUnique(Map<String, ObjectNode> candidates) {
        return indexes.values().stream().filter(DocumentIndex::unique).allMatch(index -> isUnique(index, candidates));
    }

    static boolean isUnique(DocumentIndex index, Map<String, ObjectNode> candidates) {
        List<Map.Entry<String, List<JsonNode>>> taken = new ArrayList<>();
        candidates.forEach((id, document) -> places(index, document).forEach(place -> taken.add(Map.entry(id, place))));
        for (int i = 0; i < taken.size(); i++) {
            for (int k = i + 1; k < taken.size(); k++) {
                boolean other = !taken.get(i).getKey().equals(taken.get(k).getKey());
                if (other && isEqual(taken.get(i).getValue(), taken.get(k).getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<List<JsonNode>> places(DocumentIndex index, ObjectNode document) {
        List<JsonNode> values =
                index.paths().stream().map(path -> path.get(document)).toList();
        if (index.multi()) {
            return elements(values.getFirst()).stream()
                    .filter(element -> !element.isNull())
                    .map(List::of)
                    .toList();
        }
        boolean whole = values.stream().noneMatch(value -> value.isNull() || value.isMissingNode());
        return whole ? List.of(values) : List.of();
    }

    private static boolean isEqual(List<JsonNode> these, List<JsonNode> those) {
        for (int i = 0; i < these.size(); i++) {
            if (JsonOrder.values().compare(these.get(i), those.get(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a document may be written. */
    boolean isAllowed(ObjectNode document) {
        return !ruled || !document.path(RandomDocuments.RULED).isBoolean();
    }

    /** How many entries an index has. */
    long entries(DocumentIndex index) {
        return index.multi()
                ? documents.values().stream()
                        .mapToLong(document ->
                                distinct(elements(index.paths().getFirst().get(document))))
                        .sum()
                : documents.size();
    }

    /** How many places are taken in an index, if it is unique. */
    long places(DocumentIndex index) {
        return index.unique()
                ? documents.values().stream()
                        .mapToLong(document -> distinct(places(index, document).stream()
                                .map(List::getFirst)
                                .toList()))
                        .sum()
                : 0;
    }

    private static long distinct(List<JsonNode> values) {
        TreeSet<JsonNode> distinct = new TreeSet<>(JsonOrder.values());
        distinct.addAll(values);
        return distinct.size();
    }

    private static List<JsonNode> elements(JsonNode value) {
        if (value.isMissingNode()) {
            return List.of();
        }
        List<JsonNode> elements = new ArrayList<>();
        (value.isArray() ? value : List.of(value)).forEach(elements::add);
        return elements;
    }

    /** The documents that match, in the order of their ids. */
    Map<String, ObjectNode> matching(Filter where) {
        Map<String, ObjectNode> matching = new LinkedHashMap<>();
        documents.forEach((id, document) -> {
            if (where.matches(document)) {
                matching.put(id, document);
            }
        });
        return matching;
    }

    /** The ids of all documents that a query finds, in order, its limit left aside. */
    List<String> find(DocumentQuery query) {
        List<Map.Entry<String, ObjectNode>> found =
                new ArrayList<>(matching(query.where()).entrySet());
        found.removeIf(entry -> !query.elements().stream().allMatch(element -> holds(element, entry.getValue())));
        Comparator<Map.Entry<String, ObjectNode>> order = null;
        boolean descending = false;
        for (DocumentSort key : query.sort()) {
            Comparator<Map.Entry<String, ObjectNode>> byKey =
                    Comparator.comparing(Map.Entry::getValue, JsonOrder.by(key.path()));
            byKey = key.descending() ? byKey.reversed() : byKey;
            order = order == null ? byKey : order.thenComparing(byKey);
            descending = key.descending();
        }
        if (order != null) {
            Comparator<Map.Entry<String, ObjectNode>> byId = Map.Entry.comparingByKey(ID_ORDER);
            found.sort(order.thenComparing(descending ? byId.reversed() : byId));
        }
        return found.stream().map(Map.Entry::getKey).toList();
    }

    private static boolean holds(DocumentQuery.Element element, ObjectNode document) {
        JsonNode wanted = element.value().toJson();
        return elements(element.path().get(document)).stream()
                .anyMatch(one -> JsonOrder.values().compare(one, wanted) == 0);
    }

    /** The ids of the documents with a word in their text. */
    Set<String> withWord(String word) {
        return documents.entrySet().stream()
                .filter(entry -> List.of(entry.getValue()
                                .path(RandomDocuments.TEXT)
                                .asString("")
                                .split(" ", -1))
                        .contains(word))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The documents with some of them in another state. */
    Map<String, ObjectNode> with(Map<String, ObjectNode> changed) {
        Map<String, ObjectNode> all = new HashMap<>(documents);
        all.putAll(changed);
        return all;
    }
}
