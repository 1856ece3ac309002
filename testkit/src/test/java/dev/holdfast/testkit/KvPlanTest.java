package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvWire;
import dev.holdfast.schema.Schema;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.ExplainingEngine.Explained;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** By the databases' own account: every hot statement uses the index that it was made for. */
class KvPlanTest {
    private static final String ENTRY = "entry";
    private static final String EXPIRY = "expiry";
    private static final String WIRE = "wire";
    private static final String WORDS = "words";

    /** The plans on one database. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Plans {
        private final VirtualTime time = new VirtualTime();
        private final ExplainingEngine engine;
        private final Database database;
        private final Kv kv;

        Plans(Engine plain) {
            engine = ExplainingEngine.forced(plain);
            List<Migration> migrations = new ArrayList<>(Database.migrations());
            migrations.addAll(KvSuite.rooms());
            new Schema(Tables.defaults(), migrations).migrate(plain);
            database = new Database(engine, Tables.defaults(), time);
            Session session = database.session("default");
            kv = Kv.in(session);
            kv.search().createIndex(KeyPrefix.of("notes"), List.of("title"), Tokenizer.UNICODE61, false);
            session.write(UnitKind.USER, tx -> {
                Kv inside = Kv.in(tx);
                for (int i = 0; i < 2_000; i++) {
                    inside.set(Key.of("k", i), i, Duration.ofMillis(1_000 + i));
                    inside.set(Key.of("notes", i), Map.of("title", "word" + i));
                    inside.set(Key.of("k", BigInteger.valueOf(i), "big"), i);
                }
                return true;
            });
            if (engine.dialect() == Dialect.POSTGRES) {
                session.write(UnitKind.USER, tx -> tx.exec("analyze"));
            }
        }

        @AfterAll
        void close() {
            database.close();
        }

        /** The plan of a search by one of these indexes of the table, in the words of the database. */
        abstract String seek(String index);

        @Test
        void singleEntriesAreSoughtByTheirKey() {
            for (Runnable call : List.<Runnable>of(
                    () -> kv.get(Key.of("k", 7)),
                    () -> kv.getAll(List.of(Key.of("k", 7), Key.of("k", 8))),
                    () -> kv.expire(Key.of("k", 7), Optional.empty()),
                    () -> kv.deleteExact(Key.of("k", 7)),
                    () -> kv.atomic()
                            .checkMissing(Key.of("k", 7))
                            .sum(Key.of("k", 7), 1)
                            .commit())) {
                assertUses(engine.during(call), "from holdfast_kv where ns = ? and key", seek(ENTRY));
            }
        }

        @Test
        void rangesAreReadByTheirKeyAndNeverSorted() {
            for (Runnable call : List.<Runnable>of(
                    () -> drain(kv.list(KvSelection.below("k").from(Key.of("k", 5)))),
                    () -> drain(kv.list(KvSelection.below("k").reversed().limit(3))),
                    () -> drain(kv.keys(KvSelection.below("k").reversed())),
                    () -> kv.paginate(KvSelection.below("k"), Optional.empty(), 10),
                    () -> kv.count(KeyPrefix.of("k")),
                    () -> kv.delete(Key.of("k", 1_999)))) {
                assertUses(engine.during(call), "from holdfast_kv where ns = ? and key >=", seek(ENTRY));
            }
        }

        @Test
        void filtersAreAskedOfTheDatabaseInKeyOrder() {
            Filter title = Filter.where("title").eq("word7");
            for (Runnable call : List.<Runnable>of(
                    () -> drain(kv.list(KvSelection.below("notes").where(title))),
                    () -> drain(kv.list(
                            KvSelection.below("notes").where(title).reversed().limit(1))),
                    () -> kv.count(KvSelection.below("notes").where(title)),
                    () -> kv.paginate(KvSelection.below("notes").where(title), Optional.empty(), 1),
                    () -> kv.delete(
                            List.of(KeyPrefix.of("notes")),
                            Optional.of(Filter.where("title").eq("none"))))) {
                assertUses(engine.during(call), "case when encoding = 0 then", seek(ENTRY));
            }
        }

        @Test
        void denosOrderIsReadByItsOwnIndexAndByKey() {
            byte[] start = KeyWire.wire(Key.of("k"));
            byte[] end = KeyWire.wire(Key.of("l"));
            for (boolean reverse : new boolean[] {false, true}) {
                List<Explained> explained = engine.during(() -> assertThat(KvWire.in(database.session("default"))
                                .read(List.of(new KvWire.Range(start, end, 100, reverse))))
                        .singleElement()
                        .satisfies(entries -> assertThat(entries).hasSize(100)));

                assertUses(explained, "wire >= ?", seek(WIRE));
                assertUses(explained, "key >= ?", seek(ENTRY));
            }
        }

        @Test
        void whatIsDueIsSoughtByItsTime() {
            time.advance(Duration.ofMillis(1_010));

            List<Explained> explained = engine.during(() -> KvRoom.of(database).sweep("default"));

            assertUses(explained, "select key from holdfast_kv where ns = ? and expires_at", seek(EXPIRY));
        }

        @Test
        void wordsAreSoughtInTheirIndex() {
            List<Explained> explained = engine.during(() -> kv.search().find(KvSelection.below("notes"), "word7"));

            assertUses(explained, engine.dialect() == Dialect.SQLITE ? " match ?" : "@@", seek(WORDS));
        }

        @Test
        void writesScanNothing() {
            for (Runnable call : List.<Runnable>of(
                    () -> kv.set(Key.of("k", 3), 1),
                    () -> kv.set(Key.of("notes", 3), Map.of("title", "new")),
                    () -> kv.deleteExact(Key.of("notes", 3)))) {
                assertThat(engine.during(call)).isNotEmpty().allSatisfy(Plans::assertNoScan);
            }
        }

        private static void drain(Stream<?> rows) {
            try (rows) {
                assertThat(rows.count()).isPositive();
            }
        }

        private static void assertUses(List<Explained> explained, String part, String plan) {
            List<Explained> asked = explained.stream()
                    .filter(one -> one.statement().contains(part))
                    .toList();
            assertThat(asked).isNotEmpty();
            assertThat(asked).allSatisfy(one -> {
                assertThat(String.join("\n", one.plan())).contains(plan);
                assertNoScan(one);
            });
        }

        private static void assertNoScan(Explained one) {
            assertThat(one.plan())
                    .as(one.statement())
                    // A virtual table says SCAN for a search by row number too.
                    .noneMatch(line -> line.startsWith("SCAN holdfast_kv") || line.contains("Seq Scan on holdfast_kv"))
                    .noneMatch(line -> line.contains("Seq Scan on holdfast_search_docs"));
            if (one.statement().contains("order by key") || one.statement().contains("order by wire")) {
                assertThat(one.plan()).noneMatch(line -> line.contains("TEMP B-TREE") || line.startsWith("Sort"));
            }
        }
    }

    @Nested
    class OnSqlite extends Plans {
        OnSqlite() {
            super(SqliteEngine.inMemory(SqliteOptions.defaults(), new VirtualTime()));
        }

        @Override
        String seek(String index) {
            return switch (index) {
                case ENTRY -> "SEARCH holdfast_kv USING PRIMARY KEY (ns=? AND key";
                case EXPIRY -> "holdfast_kv_expiry (ns=? AND expires_at";
                case WIRE -> "holdfast_kv_wire (ns=? AND wire>? AND wire<?)";
                case WORDS -> "SEARCH d USING INTEGER PRIMARY KEY (rowid=?)";
                default -> throw new IllegalArgumentException(index);
            };
        }
    }

    @Nested
    class OnPostgres extends Plans {
        OnPostgres() {
            super(PostgresEngine.open(
                    PostgresServer.shared().freshDatabase(), PostgresOptions.defaults(), new VirtualTime()));
        }

        @Override
        String seek(String index) {
            return switch (index) {
                case ENTRY -> "holdfast_kv_pkey";
                case EXPIRY -> "holdfast_kv_expiry";
                case WIRE -> "holdfast_kv_wire";
                case WORDS -> "holdfast_search_docs_tokens";
                default -> throw new IllegalArgumentException(index);
            };
        }
    }
}
