package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.filter.Filter;
import dev.holdfast.schema.Schema;
import dev.holdfast.testkit.ExplainingEngine;
import dev.holdfast.testkit.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the databases do for each statement, by their own account. */
class CollectionPlanTest {
    private static final List<DocumentQuery> INDEXED = List.of(
            DocumentQuery.where(Filter.where("age").eq(7)),
            DocumentQuery.where(
                    Filter.where("age").eq(7).and(Filter.where("name").startsWith("x1"))),
            DocumentQuery.where(Filter.where("age").between(3, 5)).sort("-age", "-name"),
            DocumentQuery.where(Filter.where("age").in(1, 2, 3)),
            DocumentQuery.where(Filter.where("mail").eq("m7")),
            DocumentQuery.all().containing("tags", 3));

    @Nested
    class OnSqlite {
        private final ExplainingEngine engine =
                ExplainingEngine.of(SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system()));
        private final Database database = open(engine);
        private final Collection things = filled(database, 500);
        private List<String> plans = List.of();

        @AfterEach
        void close() {
            database.close();
        }

        @Test
        void readsOfIndexedFieldsSeekInTheIndexAndThenByKey() {
            for (DocumentQuery query : INDEXED) {
                explain(() -> things.find(query));

                assertThat(plans).anyMatch(plan -> plan.startsWith("SEARCH i USING PRIMARY KEY (ns=? AND index_no=?"));
                assertThat(plans)
                        .anyMatch(plan -> plan.equals("SEARCH d USING PRIMARY KEY (ns=? AND collection=? AND id=?)"));
                assertNothingIsScanned();
            }
        }

        @Test
        void orderOfAnIndexNeedsNoSorting() {
            explain(() -> things.find(DocumentQuery.all().sort("age", "name").limit(5)));
            assertNothingIsScanned();

            explain(() -> things.find(DocumentQuery.all().sort("-age", "-name").limit(5)));
            assertNothingIsScanned();
        }

        @Test
        void readsByIdSeek() {
            explain(() -> things.get("n7"));
            assertNothingIsScanned();

            explain(() -> things.find(Filter.where("id").in("n1", "n2")));
            assertNothingIsScanned();

            explain(() -> things.find(
                    DocumentQuery.where(Filter.where("id").startsWith("n1")).sort("-id")));
            assertNothingIsScanned();
        }

        @Test
        void aScanReadsOneCollectionByItsKey() {
            explain(() -> things.find(Filter.where("other").eq(1)));

            assertThat(plans)
                    .contains("SEARCH d USING PRIMARY KEY (ns=? AND collection=? AND id>? AND id<?)")
                    .noneMatch(plan -> plan.contains("TEMP B-TREE"));
        }

        @Test
        void writesSeek() {
            explain(() -> things.insert(Map.of("id", "new", "age", 1, "tags", List.of(1, 2))));
            assertNothingIsScanned();

            explain(() -> things.update("n7", Map.of("age", 8, "mail", "other", "tags", List.of())));
            assertNothingIsScanned();

            explain(() -> things.update(Filter.where("age").eq(3), Map.of("age", 4)));
            assertNothingIsScanned();

            explain(() -> things.delete("n7"));
            assertNothingIsScanned();
        }

        @Test
        void clearingAwaySeeks() {
            explain(() -> things.dropIndex("by_age"));
            assertNothingIsScanned();

            explain(() -> things.drop());
            assertNothingIsScanned();
        }

        private void explain(Runnable call) {
            plans = engine.during(call).stream()
                    .flatMap(one -> one.plan().stream())
                    .toList();
        }

        private void assertNothingIsScanned() {
            assertThat(plans)
                    .isNotEmpty()
                    .filteredOn(plan -> !plan.startsWith("SCAN CONSTANT") && !plan.contains("holdfast_state"))
                    .noneMatch(plan -> plan.startsWith("SCAN") && !plan.equals("SCAN s"))
                    .noneMatch(plan -> plan.contains("TEMP B-TREE"));
        }
    }

    @Nested
    class OnPostgres {
        private final String url = PostgresServer.shared().freshDatabase();
        private final ExplainingEngine engine =
                ExplainingEngine.of(PostgresEngine.open(url, PostgresOptions.defaults(), TimeSource.system()));
        private final Database database = open(engine);
        private final Collection things = filled(database, 5_000);
        private List<String> plans = List.of();

        @AfterEach
        void close() {
            database.close();
            PostgresServer.shared().drop(url);
        }

        @Test
        void readsOfIndexedFieldsUseTheEntriesAndThenTheKey() {
            for (DocumentQuery query : INDEXED) {
                explain(() -> things.find(query.limit(20)));

                assertThat(plans)
                        .anyMatch(plan -> plan.contains("holdfast_document_index_pkey"))
                        .anyMatch(plan -> plan.contains("holdfast_documents_pkey"));
            }
        }

        @Test
        void orderOfAnIndexNeedsNoSorting() {
            explain(() -> things.find(DocumentQuery.all().sort("age", "name").limit(5)));
            explain(() -> things.find(DocumentQuery.all().sort("-age", "-name").limit(5)));
        }

        @Test
        void readsByIdUseTheKey() {
            explain(() -> things.get("n7"));
            explain(() -> things.find(Filter.where("id").in("n1", "n2")));
            explain(() -> things.find(
                    DocumentQuery.where(Filter.where("id").startsWith("n11")).sort("-id")));
        }

        @Test
        void writesUseTheKeys() {
            explain(() -> things.insert(Map.of("id", "new", "age", 1, "tags", List.of(1, 2))));
            explain(() -> things.update("n7", Map.of("age", 8, "mail", "other", "tags", List.of())));
            explain(() -> things.delete("n7"));
        }

        /** Asks for the plans of a call, which must look at no row of these tables that it is not told to. */
        private void explain(Runnable call) {
            plans = engine.during(call).stream()
                    .flatMap(one -> one.plan().stream())
                    .toList();
            assertThat(plans)
                    .isNotEmpty()
                    .noneMatch(plan -> plan.contains("Seq Scan on holdfast_document"))
                    .noneMatch(plan -> plan.contains("Filter: ") && plan.contains("id >"));
        }
    }

    private static Database open(Engine engine) {
        List<Migration> all = new ArrayList<>(Database.migrations());
        all.addAll(CollectionStores.ROOMS);
        new Schema(Tables.defaults(), all).migrate(engine);
        return new Database(engine, Tables.defaults(), TimeSource.system());
    }

    private static Collection filled(Database database, int documents) {
        Collection things = Collection.in(database.session("default"), "things");
        things.createIndex(DocumentIndex.on("by_age", "age", "name"));
        things.createIndex(DocumentIndex.on("by_mail", "mail").asUnique());
        things.createIndex(DocumentIndex.on("by_tag", "tags").asMulti());
        for (int from = 0; from < documents; from += 500) {
            things.insertMany(IntStream.range(from, from + 500)
                    .mapToObj(i -> Map.of(
                            "id", "n" + i, "age", i % 50, "name", "x" + i, "mail", "m" + i, "tags", List.of(i % 7)))
                    .toList());
        }
        database.engine().write(unit -> unit.exec("analyze"));
        return things;
    }
}
