package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionSearch;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.filter.Filter;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.Contract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The full-text index of a collection. */
public abstract class CollectionSearchContract extends Contract {
    private TestStore store;
    private Collection notes;

    /** A suite over the stores of one engine. */
    protected CollectionSearchContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        notes = store.collection("notes");
    }

    @Test
    void findsWhatWasThereAndWhatComesLater() {
        notes.insert(Map.of("id", "a", "text", "The quick brown fox"));
        notes.search().createIndex(List.of("text"), Tokenizer.PORTER);
        notes.insert(Map.of("id", "b", "text", "Foxes are quick"));
        notes.insert(Map.of("id", "c", "text", "A slow dog"));

        assertThat(ids("quick fox")).containsExactlyInAnyOrder("a", "b");
        assertThat(ids("dog OR brown")).containsExactlyInAnyOrder("a", "c");
        assertThat(notes.search().index()).contains(new CollectionSearch.Index(List.of("text"), Tokenizer.PORTER));
    }

    @Test
    void everyWriteKeepsTheIndex() {
        notes.search().createIndex(List.of("text"), Tokenizer.UNICODE61);
        notes.insertMany(List.of(Map.of("id", "a", "text", "red"), Map.of("id", "b", "text", "red")));

        notes.update("a", Map.of("text", "blue"));
        notes.upsert(Map.of("id", "c", "text", "blue"));
        notes.delete("b");

        assertThat(ids("red")).isEmpty();
        assertThat(ids("blue")).containsExactly("a", "c");
        notes.update(Filter.all(), Map.of("text", "green"));
        assertThat(ids("green")).containsExactly("a", "c");
        notes.delete(Filter.all());
        assertThat(ids("green")).isEmpty();
    }

    @Test
    void cutsAfterTheFilter() {
        notes.search().createIndex(List.of("text"), Tokenizer.UNICODE61);
        notes.insertMany(IntStream.range(0, 100)
                .mapToObj(i -> Map.of("id", "n" + i, "text", "red", "n", i))
                .toList());

        List<Document> found = notes.search()
                .find(
                        "red",
                        DocumentQuery.where(Filter.where("n").gte(95)).limit(3).fields("n"));

        assertThat(found)
                .hasSize(3)
                .allMatch(document -> document.json().path("n").asInt() >= 95);
        assertThat(found).allMatch(document -> !document.json().has("text"));
        assertThat(notes.search().find("red", 7)).hasSize(7);
        assertThat(notes.search().find("red", 0)).hasSize(100);
    }

    @Test
    void withoutAnIndexThereIsNothingToSearch() {
        assertThatThrownBy(() -> ids("red")).hasMessageStartingWith("search.no_index");
        notes.search().createIndex(List.of("text"), Tokenizer.UNICODE61);

        assertThat(notes.search().dropIndex()).isTrue();
        assertThat(notes.search().dropIndex()).isFalse();

        assertThatThrownBy(() -> ids("red")).hasMessageStartingWith("search.no_index");
        assertThat(notes.search().index()).isEmpty();
        notes.insert(Map.of("text", "red"));
        assertThat(store.rows("search_docs")).isZero();
    }

    @Test
    void refusesAnIndexInsideATransaction() {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    Collection.in(tx, "notes").search().createIndex(List.of("text"), Tokenizer.UNICODE61);
                    return tx;
                }))
                .hasMessageStartingWith("collection.in_transaction");
    }

    private List<String> ids(String text) {
        return notes.search().find(text, 0).stream().map(Document::id).toList();
    }
}
