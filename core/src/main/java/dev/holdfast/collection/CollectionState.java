package dev.holdfast.collection;

import dev.holdfast.search.SearchIndex;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the store keeps about a collection, as it was at one version. Immutable.
 *
 * @param number its number within the namespace; the scope of its changes in the change log
 * @param version another one after every change of anything here
 * @param indexes those that writes keep, in the order of their numbers
 * @param text its full-text index
 */
record CollectionState(
        String name,
        int number,
        long version,
        CollectionOptions options,
        Optional<DocumentSchema> schema,
        List<StoredIndex> indexes,
        Optional<SearchIndex> text) {

    CollectionState {
        indexes = List.copyOf(indexes);
    }

    /** The scope of its entries in the change log. */
    String scope() {
        return Integer.toString(number);
    }

    /** The scope of its full-text index. */
    static String textScope(int number) {
        return CollectionRoom.NAME + "/" + number;
    }

    @Nullable
    StoredIndex index(String indexName) {
        return indexes.stream()
                .filter(index -> index.definition().name().equals(indexName))
                .findFirst()
                .orElse(null);
    }

    boolean hasUniqueIndex() {
        return indexes.stream().anyMatch(index -> index.definition().unique());
    }
}
