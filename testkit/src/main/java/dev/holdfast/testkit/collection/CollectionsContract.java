package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionInfo;
import dev.holdfast.collection.CollectionOptions;
import dev.holdfast.collection.Collections;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.filter.Filter;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.Contract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Collections as a whole: listed, dropped, cleared away, counted for quotas. */
public abstract class CollectionsContract extends Contract {
    private TestStore store;
    private Collections collections;

    /** A suite over the stores of one engine. */
    protected CollectionsContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        collections = Collections.in(store.session());
    }

    @Test
    void listsNamesWithCountsSortedByCodePoint() {
        collections.collection("b").insertMany(List.of(Map.of(), Map.of()));
        collections.collection("\ud83d\ude00").insert(Map.of());
        collections.collection("\uffef").insert(Map.of());
        collections.collection("a").insert(Map.of());

        assertThat(collections.list())
                .extracting(info -> info.name() + info.documents())
                .containsExactly("a1", "b2", "\uffef1", "\ud83d\ude001");
        assertThat(collections.list().getFirst().createdAt()).isNotNull();
    }

    @Test
    void leavesOutWhatHasNeitherDocumentsNorDeclarations() {
        collections.collection("empty").insert(Map.of());
        collections.collection("empty").delete(Filter.all());
        collections.collection("indexed").createIndex(DocumentIndex.on("i", "a"));
        collections.collection("ruled").options(CollectionOptions.defaults().withSchema("{}"));
        collections.collection("searched").search().createIndex(List.of("text"), Tokenizer.UNICODE61);

        assertThat(collections.list()).extracting(CollectionInfo::name).containsExactly("indexed", "ruled", "searched");
        collections.collection("indexed").dropIndex("i");
        collections.collection("ruled").options(CollectionOptions.defaults());
        collections.collection("searched").search().dropIndex();
        assertThat(collections.list()).isEmpty();
    }

    @Test
    void dropRemovesEverythingUnderTheName() {
        Collection notes = collections.collection("notes");
        notes.createIndex(DocumentIndex.on("i", "n").asUnique());
        notes.options(CollectionOptions.defaults().withSchema("{\"required\":[\"n\"]}"));
        notes.search().createIndex(List.of("text"), Tokenizer.UNICODE61);
        notes.insertMany(IntStream.range(0, 900)
                .mapToObj(i -> Map.of("n", i, "text", "x"))
                .toList());
        collections.collection("other").insert(Map.of("n", 1));

        assertThat(notes.drop()).isTrue();

        assertThat(notes.count()).isZero();
        assertThat(notes.indexes()).isEmpty();
        assertThat(notes.options()).isEqualTo(CollectionOptions.defaults());
        assertThat(notes.search().index()).isEmpty();
        assertThat(store.rows("documents")).isEqualTo(1);
        assertThat(store.rows("document_index") + store.rows("document_unique") + store.rows("search_docs"))
                .isZero();
        notes.insert(Map.of("id", "a"));
        assertThat(notes.find(Filter.all())).hasSize(1);
    }

    @Test
    void dropOfNothingIsFalse() {
        assertThat(collections.collection("notes").drop()).isFalse();
    }

    @Test
    void numbersAreNotUsedAgain() {
        Collection notes = collections.collection("notes");
        for (int i = 0; i < 3; i++) {
            notes.insert(Map.of("id", "a"));
            notes.drop();
        }
        notes.insert(Map.of("id", "b"));

        long number = store.session()
                .read(tx -> tx.first(
                                "select number from holdfast_collections where name = 'notes'", row -> row.getLong(1))
                        .orElseThrow());
        assertThat(number).isEqualTo(4);
        assertThat(store.room().sweep("default")).isZero();
        assertThat(store.rows("collections")).isEqualTo(1);
    }

    @Test
    void sweepClearsWhatAProgramThatEndedHasLeft() {
        Collection notes = collections.collection("notes");
        notes.createIndex(DocumentIndex.on("i", "n"));
        notes.insertMany(IntStream.range(0, 600).mapToObj(i -> Map.of("n", i)).toList());
        store.transaction(tx -> tx.exec("update holdfast_collections set name = '\u0001', dropped_at = 1")
                + tx.exec("update holdfast_indexes set name = '\u0001', state = 2"));

        assertThat(collections.list()).isEmpty();
        assertThat(store.room().sweep("default")).isEqualTo(1_200);
        assertThat(store.rows("documents") + store.rows("document_index")).isZero();
    }

    @Test
    void refusesNames() {
        for (String name : List.of("", "x".repeat(129), "a\nb", "\ud800")) {
            assertThatThrownBy(() -> collections.collection(name)).hasMessageStartingWith("collection.name");
        }
        collections.collection("x".repeat(128)).insert(Map.of());
        collections.collection("a/b c.d").insert(Map.of());
    }

    @Test
    void aQuotaCountsDocuments() {
        store.transaction(tx -> tx.exec("insert into holdfast_namespaces"
                + " (name, ns, created_at, quota_rows, quota_bytes, changes_floor)"
                + " values ('small', 2, 0, 3, 10000, 0)"));
        Collection metered = Collection.in(store.database().session("small"), "notes");
        metered.insertMany(List.of(Map.of("id", "a"), Map.of("id", "b"), Map.of("id", "c")));
        assertThatThrownBy(() -> metered.insert(Map.of("id", "d"))).hasMessageStartingWith("namespace.quota");
        assertThatThrownBy(() -> metered.update("a", Map.of("x", "y".repeat(10_000))))
                .hasMessageStartingWith("namespace.quota");
        metered.delete("a");
        metered.insert(Map.of("id", "d"));
        metered.drop();
        metered.insertMany(List.of(Map.of("id", "a"), Map.of("id", "b"), Map.of("id", "c")));
        assertThat(metered.count()).isEqualTo(3);
    }
}
