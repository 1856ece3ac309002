package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Namespace;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.filter.Filter;
import dev.holdfast.testkit.cost.Calls.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls of the page on collections. */
final class CollectionCalls {
    private CollectionCalls() {}

    static Calls all() {
        return reads(edits(inserts(new Calls())));
    }

    private static Calls inserts(Calls calls) {
        return calls.add(
                        "`insert`",
                        CollectionCalls::made,
                        (at, run, n) -> notes(at).insert(note(run, 0)))
                .add(
                        "`insert`, one index",
                        CollectionCalls::indexed,
                        (at, run, n) -> notes(at).insert(note(run, 0)))
                .add(
                        "`insertMany` of *n*",
                        CollectionCalls::made,
                        (at, run, n) -> notes(at).insertMany(many(run, n)))
                .add(
                        "`insertMany` of *n*, one index",
                        CollectionCalls::indexed,
                        (at, run, n) -> notes(at).insertMany(many(run, n)))
                .add(
                        "`upsert(document)`",
                        CollectionCalls::indexed,
                        (at, run, n) -> notes(at).upsert(note(run % 2, run)));
    }

    private static Calls edits(Calls calls) {
        Act filled = filled(CollectionCalls::indexed);
        return calls.add(
                        "`update(id, ..)` of an indexed field",
                        filled,
                        (at, run, n) -> assertThat(notes(at).update(id(run, 0), Map.of("stars", -run)))
                                .isPresent())
                .add(
                        "`update(id, function)`",
                        filled,
                        (at, run, n) -> assertThat(notes(at)
                                        .update(
                                                id(run, 0),
                                                DocumentUpdate.apply(tree -> tree.put("text", "new" + run))))
                                .isPresent())
                .add(
                        "`delete(id)`",
                        filled,
                        (at, run, n) -> assertThat(notes(at).delete(id(run, 0))).isTrue())
                .add(
                        "`update(where, ..)` of 600 by an index",
                        filled,
                        (at, run, n) -> assertThat(
                                        notes(at).update(Filter.where("run").eq(run), Map.of("stars", -run)))
                                .isEqualTo(n))
                .add(
                        "`delete(where)` of 600 by an index",
                        filled,
                        (at, run, n) -> assertThat(
                                        notes(at).delete(Filter.where("run").eq(run)))
                                .isEqualTo(n))
                .add(
                        "`createIndex` over *n*",
                        (at, run, n) -> at.collection("c" + run).insertMany(many(run, n)),
                        (at, run, n) -> at.collection("c" + run).createIndex(DocumentIndex.on("by_text", "text")));
    }

    private static Calls reads(Calls calls) {
        Act filled = filled(CollectionCalls::indexed);
        Act plain = filled(CollectionCalls::made);
        return calls.add(
                        "`get`, `count()`",
                        filled,
                        (at, run, n) -> assertThat(notes(at).get(id(run, 0))).isPresent())
                .add("`find` of 3 by an index", filled, CollectionCalls::findAll)
                .add("`find` of 600 by an index", filled, CollectionCalls::findAll)
                .add(
                        "`find`, `count(where)` without an index among 600",
                        once(plain),
                        (at, run, n) -> assertThat(
                                        notes(at).find(Filter.where("stars").eq(7)))
                                .hasSize(1))
                .add(
                        "`findOne` by an index",
                        filled,
                        (at, run, n) -> assertThat(notes(at).findOne(Map.of("run", run)))
                                .isPresent())
                .add(
                        "`page` of 32 by an index",
                        filled,
                        (at, run, n) -> assertThat(notes(at)
                                        .page(DocumentQuery.where(Map.of("run", run)), Optional.empty(), n)
                                        .documents())
                                .hasSize(n));
    }

    private static void findAll(Namespace at, int run, int n) {
        assertThat(notes(at).find(Map.of("run", run))).hasSize(n);
    }

    private static Act once(Act prepare) {
        return (at, run, n) -> {
            if (run == 0) {
                prepare.in(at, run, n);
            }
        };
    }

    private static Collection notes(Namespace at) {
        return at.collection("notes");
    }

    private static void made(Namespace at, int run, int n) {
        notes(at).upsert(Map.of("id", "first"));
    }

    private static void indexed(Namespace at, int run, int n) {
        if (run == 0) {
            notes(at).createIndex(DocumentIndex.on("by_run", "run", "stars"));
        }
    }

    private static Act filled(Act before) {
        return (at, run, n) -> {
            before.in(at, run, n);
            notes(at).insertMany(many(run, n));
        };
    }

    private static List<Map<String, Object>> many(int run, int n) {
        List<Map<String, Object>> documents = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            documents.add(note(run, i));
        }
        return documents;
    }

    private static Map<String, Object> note(int run, int i) {
        return Map.of("id", id(run, i), "run", run, "stars", i, "text", "note " + i);
    }

    private static String id(int run, int i) {
        return "r" + run + "-" + i;
    }
}
