package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionLimits;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.collection.IndexInfo;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.testkit.Contract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Declared indexes: made, kept by every write, used, unique, dropped. */
public abstract class CollectionIndexContract extends Contract {
    private TestStore store;
    private Collection things;

    /** A suite over the stores of one engine. */
    protected CollectionIndexContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        things = store.collection("things");
    }

    @Test
    void anIndexOfNoDocumentsIsCompleteAtOnce() {
        things.createIndex(DocumentIndex.on("by_age", "age"));

        assertThat(things.indexes()).containsExactly(new IndexInfo(DocumentIndex.on("by_age", "age"), true));
    }

    @Test
    void existingDocumentsAreIndexedInBatches() {
        insert(1_200);

        things.createIndex(DocumentIndex.on("by_age", "age"));

        assertThat(store.rows("document_index")).isEqualTo(1_200);
        assertThat(things.explain(DocumentQuery.where(Filter.where("age").eq(7))))
                .startsWith("index by_age");
        assertThat(things.count(Filter.where("age").eq(7))).isEqualTo(12);
    }

    @Test
    void everyWriteKeepsTheIndex() {
        things.createIndex(DocumentIndex.on("by_age", "age"));
        insert(300);

        things.update(Filter.where("age").eq(7), Map.of("age", 8));
        things.delete(Filter.where("age").eq(9));
        things.upsert(Map.of("id", "n10000", "age", 7));

        assertThat(things.count(Filter.where("age").eq(7))).isEqualTo(1);
        assertThat(things.count(Filter.where("age").eq(8))).isEqualTo(6);
        assertThat(things.count(Filter.where("age").eq(9))).isZero();
        assertThat(store.rows("document_index")).isEqualTo(297);
    }

    @Test
    void theSameIndexAgainIsNoError() {
        things.createIndex(DocumentIndex.on("by_age", "age"));
        things.createIndex(DocumentIndex.on("by_age", "age"));

        assertThat(things.indexes()).hasSize(1);
        assertRefused("collection.index_exists", () -> things.createIndex(DocumentIndex.on("by_age", "age", "name")));
        assertRefused(
                "collection.index_exists",
                () -> things.createIndex(DocumentIndex.on("by_age", "age").asUnique()));
    }

    @Test
    void anInterruptedIndexIsNotUsedAndIsFilledToItsEndByTheNextCall() {
        insert(700);
        things.createIndex(DocumentIndex.on("by_age", "age"));
        String back = "update {p}indexes set state = 0, built_to = 'n10200'";
        String lost = "delete from {p}document_index where id > 'n10200'";
        String version = "update {p}collections set version = version + 1";
        store.transaction(tx -> Stream.of(back, lost, version)
                .map(store.database().tables()::sql)
                .mapToInt(tx::exec)
                .sum());

        assertThat(things.explain(DocumentQuery.where(Filter.where("age").eq(7))))
                .isEqualTo("every document");
        assertThat(things.indexes()).extracting(IndexInfo::complete).containsExactly(false);
        things.insert(Map.of("id", "n10500b", "age", 7));
        things.createIndex(DocumentIndex.on("by_age", "age"));

        assertThat(things.indexes()).extracting(IndexInfo::complete).containsExactly(true);
        assertThat(store.rows("document_index")).isEqualTo(701);
        assertThat(things.count(Filter.where("age").eq(7))).isEqualTo(8);
    }

    @Test
    void dropRemovesEveryEntry() {
        things.createIndex(DocumentIndex.on("by_age", "age"));
        things.createIndex(DocumentIndex.on("by_name", "name").asUnique());
        insert(1_100);

        assertThat(things.dropIndex("by_name")).isTrue();
        assertThat(things.dropIndex("by_name")).isFalse();

        assertThat(store.rows("document_index")).isEqualTo(1_100);
        assertThat(store.rows("document_unique")).isZero();
        assertThat(things.indexes()).hasSize(1);
        assertThat(things.count(Filter.where("name").eq("x5"))).isEqualTo(1);
    }

    @Test
    void anIndexMadeAgainHasNothingOfTheOldOne() {
        things.createIndex(DocumentIndex.on("i", "age"));
        insert(50);
        things.dropIndex("i");

        things.createIndex(DocumentIndex.on("i", "name"));

        assertThat(store.rows("document_index")).isEqualTo(50);
        assertThat(things.find(Filter.where("name").eq("x7"))).hasSize(1);
        assertThat(things.find(Filter.where("age").eq(7))).hasSize(1);
    }

    @Test
    void aUniqueIndexRefusesASecondDocumentAndNothingIsWritten() {
        things.createIndex(DocumentIndex.on("by_mail", "mail").asUnique());
        things.insert(Map.of("id", "a", "mail", "x@y"));

        assertRefused("collection.unique", () -> things.insert(Map.of("id", "b", "mail", "x@y")));
        assertRefused("collection.unique", () -> things.insertMany(List.of(Map.of("mail", "1"), Map.of("mail", "1"))));
        things.insert(Map.of("id", "c", "mail", "z"));
        assertRefused("collection.unique", () -> things.update("c", Map.of("mail", "x@y")));
        assertRefused("collection.unique", () -> things.update(Filter.all(), Map.of("mail", "same")));

        assertThat(things.count()).isEqualTo(2);
        assertThat(things.find(Map.of("mail", "z"))).hasSize(1);
        assertThat(store.rows("document_unique")).isEqualTo(2);
    }

    @Test
    void theMessageNamesIndexAndCollectionAndNoValue() {
        things.createIndex(DocumentIndex.on("by_mail", "mail").asUnique());
        things.insert(Map.of("mail", "secret@example.org"));

        assertThatThrownBy(() -> things.insert(Map.of("mail", "secret@example.org")))
                .hasMessage("collection.unique: another document has the same value in a unique index"
                        + " (collection=things, index=by_mail)");
    }

    @Test
    void uniqueLeavesOutDocumentsWithoutTheField() {
        things.createIndex(DocumentIndex.on("i", "a", "b").asUnique());

        things.insertMany(List.of(Map.of(), Map.of(), Map.of("a", 1), Map.of("a", 1), Map.of("a", 1, "b", 2)));

        assertRefused("collection.unique", () -> things.insert(Map.of("a", 1.0, "b", 2)));
        assertThat(things.count()).isEqualTo(5);
    }

    @Test
    void uniqueIsExactBeyondWhatAnEntryHolds() {
        things.createIndex(DocumentIndex.on("i", "a").asUnique());
        String same = "x".repeat(5_000);

        things.insert(Map.of("a", same + "1"));
        things.insert(Map.of("a", same + "2"));

        assertRefused("collection.unique", () -> things.insert(Map.of("a", same + "1")));
        assertThat(things.find(Map.of("a", same + "2"))).hasSize(1);
    }

    @Test
    void aPlaceMayChangeHandsInOneUpdate() {
        things.createIndex(DocumentIndex.on("i", "n").asUnique());
        things.insertMany(List.of(Map.of("id", "a", "n", 1), Map.of("id", "b", "n", 2), Map.of("id", "c", "n", 3)));

        things.update(
                Filter.all(),
                DocumentUpdate.apply(tree -> tree.put("n", 1 + tree.path("n").asInt() % 3)));

        assertThat(things.find(DocumentQuery.all().sort("n")))
                .extracting(Document::id)
                .containsExactly("c", "a", "b");
        assertRefused("collection.unique", () -> things.insert(Map.of("n", 1)));
    }

    @Test
    void aUniqueIndexCannotBeMadeOverEqualValues() {
        things.insertMany(List.of(Map.of("n", 1), Map.of("n", 2), Map.of("n", 1)));

        assertRefused(
                "collection.unique",
                () -> things.createIndex(DocumentIndex.on("i", "n").asUnique()));

        assertThat(things.indexes()).isEmpty();
        assertThat(store.rows("document_index") + store.rows("document_unique")).isZero();
        things.insert(Map.of("n", 1));
    }

    @Test
    void anIndexOfElementsAnswersContaining() {
        things.insertMany(List.of(
                Map.of("id", "a", "tags", List.of("red", "blue", "red")),
                Map.of("id", "b", "tags", List.of()),
                Map.of("id", "c", "tags", "red"),
                Map.of("id", "d"),
                Map.of("id", "e", "tags", List.of("reddish", 7))));

        things.createIndex(DocumentIndex.on("by_tag", "tags").asMulti());

        DocumentQuery red = DocumentQuery.all().containing("tags", "red");
        assertThat(things.explain(red)).startsWith("index by_tag");
        assertThat(things.find(red)).extracting(Document::id).containsExactly("a", "c");
        assertThat(things.find(DocumentQuery.all().containing("tags", 7.0)))
                .extracting(Document::id)
                .containsExactly("e");
        assertThat(things.find(red.sort("-id"))).extracting(Document::id).containsExactly("c", "a");
        assertThat(store.rows("document_index")).isEqualTo(5);
    }

    @Test
    void elementsAreUniqueAmongDocumentsNotWithinOne() {
        things.createIndex(DocumentIndex.on("by_tag", "tags").asMulti().asUnique());
        things.insert(Map.of("tags", List.of("a", "a", "b")));

        assertRefused("collection.unique", () -> things.insert(Map.of("tags", List.of("c", "b"))));
        things.insert(Map.of("tags", List.of("c")));
    }

    @Test
    void refusesTooManyElements() {
        things.createIndex(DocumentIndex.on("by_tag", "tags").asMulti());

        assertRefused(
                "collection.elements",
                () -> things.insert(
                        Map.of("tags", IntStream.range(0, 1_001).boxed().toList())));
        things.insert(Map.of("tags", IntStream.range(0, 1_000).boxed().toList()));
    }

    @Test
    void refusesMoreIndexesThanTheLimit() {
        for (int i = 0; i < CollectionLimits.INDEXES_MAX; i++) {
            things.createIndex(DocumentIndex.on("i" + i, "f" + i));
        }

        assertRefused("collection.indexes", () -> things.createIndex(DocumentIndex.on("one more", "x")));
    }

    @Test
    void refusesAnIndexInsideATransaction() {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    Collection.in(tx, "things").createIndex(DocumentIndex.on("i", "a"));
                    return tx;
                }))
                .hasMessageStartingWith("collection.in_transaction");
    }

    @Test
    void aRolledBackChangeOfIndexesLeavesNothingRemembered() {
        things.createIndex(DocumentIndex.on("by_age", "age"));
        insert(10);

        assertThatThrownBy(() -> store.transaction(tx -> {
                    Collection inside = Collection.in(tx, "things");
                    inside.dropIndex("by_age");
                    inside.insert(Map.of("id", "z", "age", 3));
                    assertThat(inside.count(Filter.where("age").eq(3))).isEqualTo(2);
                    throw new IllegalStateException("roll back");
                }))
                .hasMessage("roll back");

        things.insert(Map.of("id", "y", "age", 3));
        assertThat(things.explain(DocumentQuery.where(Filter.where("age").eq(3))))
                .startsWith("index by_age");
        assertThat(things.count(Filter.where("age").eq(3))).isEqualTo(2);
    }

    private void insert(int documents) {
        List<Map<String, Object>> all = IntStream.range(0, documents)
                .mapToObj(i -> Map.<String, Object>of("id", "n" + (10_000 + i), "age", i % 100, "name", "x" + i))
                .toList();
        for (int i = 0; i < documents; i += 1_000) {
            things.insertMany(all.subList(i, Math.min(documents, i + 1_000)));
        }
    }

    private static void assertRefused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(InvalidInputException.class)
                .extracting(e -> ((InvalidInputException) e).code())
                .isEqualTo(code);
    }
}
