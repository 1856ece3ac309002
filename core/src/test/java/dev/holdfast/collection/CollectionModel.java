package dev.holdfast.collection;

import dev.holdfast.filter.Filter;
import dev.holdfast.filter.JsonOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a collection is meant to be, in the plainest way: a sorted map of documents, and indexes that only say what is
 * unique.
 */
final class CollectionModel {
    final TreeMap<String, ObjectNode> documents = new TreeMap<>(DocumentId.ORDER);
    final Map<String, DocumentIndex> indexes = new LinkedHashMap<>();

    CollectionModel copy() {
        CollectionModel copy = new CollectionModel();
        documents.forEach((id, document) -> copy.documents.put(id, document.deepCopy()));
        copy.indexes.putAll(indexes);
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
            JsonNode value = values.getFirst();
            List<List<JsonNode>> places = new ArrayList<>();
            if (value.isArray()) {
                value.forEach(element -> places.add(List.of(element)));
            } else {
                places.add(List.of(value));
            }
            places.removeIf(
                    place -> place.getFirst().isNull() || place.getFirst().isMissingNode());
            return places;
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
            Comparator<Map.Entry<String, ObjectNode>> byId = Map.Entry.comparingByKey(DocumentId.ORDER);
            found.sort(order.thenComparing(descending ? byId.reversed() : byId));
        }
        return found.stream().map(Map.Entry::getKey).toList();
    }

    private static boolean holds(DocumentQuery.Element element, ObjectNode document) {
        JsonNode value = element.path().get(document);
        JsonNode wanted = element.value().toJson();
        if (!value.isArray()) {
            return JsonOrder.values().compare(value, wanted) == 0;
        }
        for (JsonNode one : value) {
            if (JsonOrder.values().compare(one, wanted) == 0) {
                return true;
            }
        }
        return false;
    }

    /** The documents with some of them in another state. */
    Map<String, ObjectNode> with(Map<String, ObjectNode> changed) {
        Map<String, ObjectNode> all = new HashMap<>(documents);
        all.putAll(changed);
        return all;
    }
}
