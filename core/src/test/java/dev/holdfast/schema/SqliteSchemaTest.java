package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSchemaTest {
    @TempDir
    Path folder;

    private TestDatabase database() {
        return new SqliteDatabase(folder);
    }

    @Nested
    class Migrates extends MigrateContract {
        @Override
        TestDatabase fresh() {
            return database();
        }
    }

    @Nested
    class Races extends RaceContract {
        @Override
        TestDatabase fresh() {
            return database();
        }
    }

    /** Connections that begin without the write lock and learn only at their first write that somebody has it. */
    @Nested
    class RacesOfAStrangersEngine extends RaceContract {
        @Override
        TestDatabase fresh() {
            return database();
        }

        @Override
        Engine open(TestDatabase database) {
            return new StrangersEngine(Dialect.SQLITE, database::connect);
        }
    }

    @Nested
    class Prints extends ScriptContract {
        @Override
        TestDatabase fresh() {
            return database();
        }
    }

    @Test
    void migratesAndChecksAStoreInMemory() {
        try (Engine engine = SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system())) {
            Samples.schema(Samples.KV_1).migrate(engine);
            Samples.all().migrate(engine);

            assertThat(Samples.all().check(engine)).isEqualTo(new SchemaCheck.Equal());
            assertThat(Samples.all().installed(engine)).hasToString("kv=2,note=1,schema=1");
        }
    }

    @Nested
    class Checks extends CheckContract {
        @Override
        TestDatabase fresh() {
            return SqliteSchemaTest.this.database();
        }

        @Test
        void namesWhatIsDifferentInATableThatWasMadeAnew() {
            assertThat(driftAfter("drop table holdfast_kv", """
                            create table holdfast_kv (
                              ns text not null,
                              key blob not null,
                              value blob not null,
                              hits integer not null default 1,
                              expires_at integer,
                              primary key (key, ns)
                            ) without rowid
                            """))
                    .containsExactly(
                            "holdfast_kv: table: expected table, strict, without rowid, found table, without rowid",
                            "holdfast_kv: type of column ns: expected integer, found text",
                            "holdfast_kv: nullability of column value: expected null, found not null",
                            "holdfast_kv: default of column hits: expected 0, found 1",
                            "holdfast_kv: primary key: expected (ns, key), found (key, ns)",
                            "holdfast_kv: index holdfast_kv_length: expected (length(value), hits desc), found nothing",
                            "holdfast_kv: index holdfast_kv_value:"
                                    + " expected unique (ns, value) where value is not null, found nothing");
        }

        @Test
        void namesAUniqueConstraintByItsColumns() {
            assertThat(driftAfter(
                            "drop table holdfast_note",
                            "create table holdfast_note (ns integer not null primary key, name text not null)"))
                    .containsExactly("holdfast_note: index of unique (name): expected unique (name), found nothing");
        }

        @Test
        void readsIndexesThroughOtherSpellings() {
            assertThat(driftAfter(
                            "drop index holdfast_kv_value",
                            "CREATE UNIQUE INDEX \"holdfast_kv_value\" ON \"holdfast_kv\"(\"ns\" , [value])\n"
                                    + "WHERE `value`  IS NOT NULL -- as a tool writes it"))
                    .isEmpty();
        }

        @Test
        void comparesVirtualTablesWithoutTheTablesBehindThem() {
            Schema schema = Samples.schema(Samples.both(
                    "search", 1, "search", "create virtual table {p}fts using fts5(a, b, tokenize = 'ascii');\n"));
            schema.migrate(database().open());

            assertThat(drift(schema)).isEmpty();
            assertThat(database().tables()).containsExactly("holdfast_fts", "holdfast_migrations");

            database()
                    .run(
                            "drop table holdfast_fts",
                            "create virtual table holdfast_fts using fts5(a, tokenize='porter')");
            assertThat(drift(schema))
                    .containsExactly(
                            "holdfast_fts: table: expected virtual table using fts5(a, b, tokenize = 'ascii'),"
                                    + " found virtual table using fts5(a, tokenize='porter')",
                            "holdfast_fts: column b: expected null, found nothing");
        }
    }
}
