package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.Collections;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents inside transactions and namespaces. */
public abstract class CollectionTransactionContract extends Contract {
    private TestStore store;
    private Collection notes;

    /** A suite over the stores of one engine. */
    protected CollectionTransactionContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        notes = store.collection("notes");
    }

    @Test
    void everythingOfATransactionCarriesOneVersionstampAndIsSeenInside() {
        List<Versionstamp> stamps = store.transaction(tx -> {
            Collection inside = Collection.in(tx, "notes");
            Document a = inside.insert(Map.of("id", "a"));
            Document b = inside.insert(Map.of("id", "b"));
            Document again = inside.update("a", Map.of("x", 1)).orElseThrow();
            assertThat(inside.count()).isEqualTo(2);
            assertThat(inside.find(Map.of("x", 1))).containsExactly(again);
            assertThat(inside.update("a", DocumentUpdate.apply(tree -> tree.put("x", 2))))
                    .isPresent();
            return List.of(a.versionstamp(), b.versionstamp(), again.versionstamp());
        });

        assertThat(stamps).containsOnly(notes.get("a").orElseThrow().versionstamp());
        assertThat(notes.get("a").orElseThrow().json().path("x").asInt()).isEqualTo(2);
    }

    @Test
    void nothingOfARolledBackTransactionRemains() {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    Collection.in(tx, "notes").insert(Map.of("id", "a"));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(notes.count()).isZero();
        assertThat(Collections.in(store.session()).list()).isEmpty();
        assertThat(store.rows("collections")).isZero();
        notes.insert(Map.of("id", "a"));
    }

    @Test
    void aRefusedCallLeavesTheTransactionAsItWas() {
        notes.createIndex(DocumentIndex.on("by_n", "n").asUnique());
        notes.insert(Map.of("id", "a", "n", 1));

        store.transaction(tx -> {
            Collection inside = Collection.in(tx, "notes");
            inside.insert(Map.of("id", "b", "n", 2));
            assertRefused(
                    "collection.unique",
                    () -> inside.insertMany(List.of(Map.of("n", 3), Map.of("n", 2), Map.of("n", 4))));
            assertRefused("collection.exists", () -> inside.insert(Map.of("id", "a", "n", 5)));
            assertRefused("collection.unique", () -> inside.update("b", Map.of("n", 1)));
            return inside;
        });

        assertThat(notes.find(DocumentQuery.all())).extracting(Document::id).containsExactly("a", "b");
        assertThat(store.rows("document_index")).isEqualTo(2);
        assertThat(store.rows("document_unique")).isEqualTo(2);
    }

    @Test
    void aNestedStepCanBeUndone() {
        store.transaction(tx -> {
            Collection inside = Collection.in(tx, "notes");
            inside.insert(Map.of("id", "a"));
            assertThatThrownBy(() -> tx.nested(() -> {
                        inside.insert(Map.of("id", "b"));
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            return inside;
        });

        assertThat(notes.find(DocumentQuery.all())).extracting(Document::id).containsExactly("a");
    }

    @Test
    void readsOfATransactionSeeOneSnapshot() {
        notes.insert(Map.of("id", "a"));

        long seen = store.session().read(tx -> {
            Collection inside = Collection.in(tx, "notes");
            return inside.count() + inside.find(Filter.all()).size();
        });

        assertThat(seen).isEqualTo(2);
        assertThatThrownBy(() ->
                        store.session().read(tx -> Collection.in(tx, "notes").insert(Map.of())))
                .hasMessageStartingWith("engine.read_only");
    }

    @Test
    void namespacesShareNothing() {
        Collection other = Collection.in(store.database().session("other"), "notes");
        notes.createIndex(DocumentIndex.on("i", "n").asUnique());
        notes.insert(Map.of("id", "a", "n", 1));

        other.insert(Map.of("id", "a", "n", 1));
        other.insert(Map.of("id", "b", "n", 1));

        assertThat(notes.count()).isEqualTo(1);
        assertThat(other.count()).isEqualTo(2);
        assertThat(other.indexes()).isEmpty();
        assertThat(Collection.in(store.database().session("nobody"), "notes").find(Filter.all()))
                .isEmpty();
        assertThat(Collections.in(store.database().session("nobody")).list()).isEmpty();
    }

    @Test
    void aFunctionThatKeepsLosingRunsAgainOnTheNewestVersion() {
        notes.insert(Map.of("id", "a", "n", 0));
        List<Integer> seen = new ArrayList<>();

        notes.update("a", DocumentUpdate.apply(tree -> {
            int n = tree.path("n").asInt();
            seen.add(n);
            if (n < 3) {
                notes.update("a", Map.of("n", n + 1));
            }
            return tree.put("done", true);
        }));

        assertThat(seen).containsExactly(0, 1, 2, 3);
        assertThat(notes.find(Map.of("id", "a", "n", 3, "done", true))).hasSize(1);
    }

    private static void assertRefused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(InvalidInputException.class)
                .extracting(e -> ((InvalidInputException) e).code())
                .isEqualTo(code);
    }
}
