package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostgresSchemaTest {
    /** A function found before the real one, as in a database that only speaks the protocol. */
    private static final String WITHOUT_LOCKS = """
            create or replace function pg_advisory_xact_lock(bigint) returns void language plpgsql as
              $$ begin raise exception 'not supported here' using errcode = 'feature_not_supported'; end $$
            """;

    @Nested
    class Migrates extends MigrateContract {
        @Override
        TestDatabase fresh() {
            return new PostgresDatabase();
        }
    }

    @Nested
    class Races extends RaceContract {
        @Override
        TestDatabase fresh() {
            return new PostgresDatabase();
        }
    }

    @Nested
    class RacesWithSnapshotsFromBeforeTheLock extends RaceContract {
        @Override
        TestDatabase fresh() {
            return new PostgresDatabase();
        }

        @Override
        Engine open(TestDatabase database) {
            return ((PostgresDatabase) database).openSerializable();
        }
    }

    @Nested
    class RacesWithoutAdvisoryLocks extends RaceContract {
        @Override
        TestDatabase fresh() {
            PostgresDatabase database = new PostgresDatabase();
            database.run(WITHOUT_LOCKS);
            return database;
        }

        @Override
        Engine open(TestDatabase database) {
            PostgresDatabase postgres = (PostgresDatabase) database;
            return postgres.openWithPath(postgres.schema() + ",pg_catalog");
        }
    }

    @Nested
    class Prints extends ScriptContract {
        @Override
        TestDatabase fresh() {
            return new PostgresDatabase();
        }
    }

    @Nested
    class Checks extends CheckContract {
        @Override
        TestDatabase fresh() {
            return new PostgresDatabase();
        }

        @Test
        void namesWhatWasAltered() {
            assertThat(driftAfter(
                            "alter table holdfast_kv alter column hits type integer",
                            "alter table holdfast_kv alter column hits set default 1",
                            "alter table holdfast_kv alter column value set not null",
                            "alter table holdfast_kv drop constraint holdfast_kv_pkey",
                            "alter table holdfast_kv add primary key (key, ns)",
                            "alter table holdfast_migrations alter column room type text collate \"default\"",
                            "alter table holdfast_note set unlogged",
                            "alter table holdfast_note drop constraint holdfast_note_name_key"))
                    .containsExactly(
                            "holdfast_kv: nullability of column value: expected null, found not null",
                            "holdfast_kv: type of column hits: expected bigint, found integer",
                            "holdfast_kv: default of column hits: expected 0, found 1",
                            "holdfast_kv: primary key: expected (ns, key), found (key, ns)",
                            "holdfast_migrations: type of column room: expected text collate \"C\", found text",
                            "holdfast_note: table: expected table, found table, unlogged",
                            "holdfast_note: index of unique (name): expected unique (name), found nothing");
        }

        @Test
        void looksOnlyAtTablesThatTheProgramWouldFind() {
            PostgresDatabase database = (PostgresDatabase) database();
            String app = database.schema() + "_app";
            database.run("create schema " + app, "create table holdfast_kv (a integer)");
            Engine engine = database.openWithPath(app);
            Samples.all().migrate(engine);

            assertThat(Samples.all().check(engine)).isEqualTo(new SchemaCheck.Equal());
            assertThat(database.rows("select count(*) from " + app + ".holdfast_migrations"))
                    .containsExactly("4");
        }

        @Test
        void needsNoRightToMakeSchemas() {
            PostgresDatabase database = (PostgresDatabase) database();
            Engine engine = database.openAsNewRole("usage, create");
            Samples.all().migrate(engine);

            assertThat(Samples.all().check(engine)).isEqualTo(new SchemaCheck.Equal());
            database.run("alter table holdfast_kv drop column hits cascade");
            assertThat(Samples.all().check(engine))
                    .isInstanceOfSatisfying(
                            SchemaCheck.Drift.class,
                            drift -> assertThat(drift.differences()).hasSize(2));
        }

        @Test
        void cannotTellWithoutAnyPlaceToMakeTables() {
            try (PostgresDatabase database = PostgresDatabase.alone()) {
                Samples.all().migrate(database.open());
                Engine engine = database.openAsNewRole("usage");
                database.run(
                        "do $$ begin execute format('revoke temporary on database %I from public', current_database());"
                                + " end $$");

                SchemaCheck.Result result = Samples.all().check(engine);

                assertThat(result)
                        .isInstanceOfSatisfying(
                                SchemaCheck.CannotTell.class,
                                cannotTell -> assertThat(cannotTell.reason())
                                        .contains("permission denied to create temporary tables"));
            }
        }

        @Test
        void leavesNoSchemaBehind() {
            Samples.all().migrate(database().open());

            Samples.all().check(database().open());

            assertThat(database().rows("select nspname from pg_namespace where nspname like 'holdfast%'"))
                    .isEmpty();
        }
    }

    @Test
    void waitsForTheProgramThatHoldsTheLock() throws SQLException, InterruptedException {
        try (PostgresDatabase database = new PostgresDatabase();
                Connection other = database.connect();
                var jdbc = other.createStatement()) {
            other.setAutoCommit(false);
            jdbc.execute("select pg_advisory_xact_lock(" + SchemaRun.lockKey(Tables.defaults()) + ")");
            Thread program = Thread.ofVirtual().start(() -> Samples.all().migrate(database.open()));

            String waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
                    + " and database = (select oid from pg_database where datname = current_database())";
            while (!database.rows(waiting).getFirst().equals("1")) {
                assertThat(program.join(Duration.ofMillis(10))).isFalse();
            }
            assertThat(database.tables()).isEmpty();

            other.rollback();
            assertThat(program.join(Duration.ofSeconds(30))).isTrue();
            assertThat(database.tables()).hasSize(3);
        }
    }

    @Test
    void programsWithOtherPrefixesDoNotWaitForEachOther() {
        assertThat(SchemaRun.lockKey(new Tables("a_"))).isNotEqualTo(SchemaRun.lockKey(new Tables("b_")));
        assertThat(SchemaRun.lockKey(new Tables("a_"))).isEqualTo(SchemaRun.lockKey(new Tables("a_")));
    }
}
