package dev.holdfast.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.filter.Filter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What SQLite does for each statement, by its own account. */
class CollectionPlanTest {
    private final List<String> plans = new ArrayList<>();
    private TestStore store;
    private Collection things;
    private boolean listening;

    @BeforeEach
    void open() {
        store = new TestStore(new Explaining(SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system())));
        things = store.collection("things");
        things.createIndex(DocumentIndex.on("by_age", "age", "name"));
        things.createIndex(DocumentIndex.on("by_mail", "mail").asUnique());
        things.createIndex(DocumentIndex.on("by_tag", "tags").asMulti());
        things.insertMany(IntStream.range(0, 500)
                .mapToObj(i ->
                        Map.of("id", "n" + i, "age", i % 50, "name", "x" + i, "mail", "m" + i, "tags", List.of(i % 7)))
                .toList());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void readsOfIndexedFieldsSeekInTheIndexAndThenByKey() {
        Filter age = Filter.where("age").eq(7);

        for (DocumentQuery query : List.of(
                DocumentQuery.where(age),
                DocumentQuery.where(age.and(Filter.where("name").startsWith("x1"))),
                DocumentQuery.where(Filter.where("age").between(3, 5)).sort("-age", "-name"),
                DocumentQuery.where(Filter.where("age").in(1, 2, 3)),
                DocumentQuery.where(Filter.where("mail").eq("m7")),
                DocumentQuery.all().containing("tags", 3))) {
            plansOf(() -> things.find(query));

            assertThat(plans).anyMatch(plan -> plan.startsWith("SEARCH i USING PRIMARY KEY (ns=? AND index_no=?"));
            assertThat(plans)
                    .anyMatch(plan -> plan.equals("SEARCH d USING PRIMARY KEY (ns=? AND collection=? AND id=?)"));
            assertNothingIsScanned();
        }
    }

    @Test
    void orderOfAnIndexNeedsNoSorting() {
        plansOf(() -> things.find(DocumentQuery.all().sort("age", "name").limit(5)));
        assertNothingIsScanned();

        plansOf(() -> things.find(DocumentQuery.all().sort("-age", "-name").limit(5)));
        assertNothingIsScanned();
    }

    @Test
    void readsByIdSeek() {
        plansOf(() -> things.get("n7"));
        assertNothingIsScanned();

        plansOf(() -> things.find(Filter.where("id").in("n1", "n2")));
        assertNothingIsScanned();

        plansOf(() -> things.find(
                DocumentQuery.where(Filter.where("id").startsWith("n1")).sort("-id")));
        assertNothingIsScanned();
    }

    @Test
    void aScanReadsOneCollectionByItsKey() {
        plansOf(() -> things.find(Filter.where("other").eq(1)));

        assertThat(plans)
                .contains("SEARCH d USING PRIMARY KEY (ns=? AND collection=? AND id>? AND id<?)")
                .noneMatch(plan -> plan.contains("TEMP B-TREE"));
    }

    @Test
    void writesSeek() {
        plansOf(() -> things.insert(Map.of("id", "new", "age", 1, "tags", List.of(1, 2))));
        assertNothingIsScanned();

        plansOf(() -> things.update("n7", Map.of("age", 8, "mail", "other", "tags", List.of())));
        assertNothingIsScanned();

        plansOf(() -> things.update(Filter.where("age").eq(3), Map.of("age", 4)));
        assertNothingIsScanned();

        plansOf(() -> things.delete("n7"));
        assertNothingIsScanned();
    }

    @Test
    void clearingAwaySeeks() {
        plansOf(() -> things.dropIndex("by_age"));
        assertNothingIsScanned();

        plansOf(() -> things.drop());
        assertNothingIsScanned();
    }

    private void plansOf(Runnable call) {
        plans.clear();
        listening = true;
        try {
            call.run();
        } finally {
            listening = false;
        }
        assertThat(plans).isNotEmpty();
    }

    private void assertNothingIsScanned() {
        assertThat(plans)
                .filteredOn(plan -> !plan.startsWith("SCAN CONSTANT") && !plan.contains("holdfast_state"))
                .noneMatch(plan -> plan.startsWith("SCAN") && !plan.equals("SCAN s"))
                .noneMatch(plan -> plan.contains("TEMP B-TREE"));
    }

    /** An engine that asks for the plan of each statement before it runs it. */
    private final class Explaining implements Engine {
        private final Engine engine;

        Explaining(Engine engine) {
            this.engine = engine;
        }

        @Override
        public <R> R read(Work<R> work) {
            return engine.read(unit -> work.run(explaining(unit)));
        }

        @Override
        public <R> R write(Work<R> work) {
            return engine.write(unit -> work.run(explaining(unit)));
        }

        @Override
        public <R> R write(UnitKind kind, Work<R> work) {
            return engine.write(kind, unit -> work.run(explaining(unit)));
        }

        @Override
        public dev.holdfast.engine.Dialect dialect() {
            return engine.dialect();
        }

        @Override
        public Signals signals() {
            return engine.signals();
        }

        @Override
        public void close() {
            engine.close();
        }

        private Unit explaining(Unit unit) {
            return (Unit) Proxy.newProxyInstance(
                    Unit.class.getClassLoader(), new Class<?>[] {Unit.class}, (proxy, method, args) -> {
                        boolean statement = args != null && args.length > 1 && args[0] instanceof String;
                        if (listening && statement) {
                            plans.addAll(explain(unit, (String) args[0]));
                        }
                        try {
                            return method.invoke(unit, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private List<String> explain(Unit unit, String statement) {
            RowReader<String> detail = row -> row.getString(4);
            return unit.list("explain query plan " + statement, detail);
        }
    }
}
