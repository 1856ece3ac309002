package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Tables;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What migrating keeps on every database. */
abstract class MigrateContract {
    private TestDatabase database;

    abstract TestDatabase fresh();

    @BeforeEach
    void make() {
        database = fresh();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void makesTheTablesAndFillsTheLedger() {
        Schema schema = new Schema(Tables.defaults(), Samples.ALL, new Samples.JumpingClock(1_700_000_000_123L));

        schema.migrate(database.open());

        assertThat(database.tables()).containsExactly("holdfast_kv", "holdfast_migrations", "holdfast_note");
        assertThat(database.rows("select room, number, name, applied_at, length(checksum)"
                        + " from holdfast_migrations order by room, number"))
                .containsExactly(
                        "kv 1 kv 1700000000123 64",
                        "kv 2 expiry 1700000000123 64",
                        "note 1 note 1700000000123 64",
                        "schema 1 ledger 1700000000123 64");
        assertThat(schema.installed(database.open())).isEqualTo(schema.version());
    }

    @Test
    void onlyReadsWhenNothingIsToBeDone() {
        Samples.all().migrate(database.open());
        WatchedEngine again = new WatchedEngine(database.open());

        Samples.all().migrate(again);

        assertThat(again.writes()).isZero();
    }

    @Test
    void runsOnlyWhatIsMissingAndKeepsTheData() {
        Samples.schema(Samples.KV_1).migrate(database.open());
        database.run("insert into holdfast_kv (ns, key, value) values (1, '', '')".replace("''", blob()));

        Samples.all().migrate(database.open());

        assertThat(database.rows("select ns, hits, expires_at from holdfast_kv"))
                .containsExactly("1 0 null");
        assertThat(database.rows("select count(*) from holdfast_migrations")).containsExactly("4");
    }

    @Test
    void refusesADatabaseThatANewerProgramWrote() {
        Samples.all().migrate(database.open());
        WatchedEngine engine = new WatchedEngine(database.open());

        assertThatThrownBy(() -> Samples.schema(Samples.KV_1).migrate(engine))
                .isInstanceOf(SchemaException.class)
                .hasMessage("schema.newer: the database was written by a newer program; open it with that one or a"
                        + " later one (unknown=kv 002_expiry, note 001_note, known=kv=1,schema=1)");

        assertThat(engine.writes()).isZero();
    }

    @Test
    void refusesAChangedTextOfAnAppliedMigration() {
        Samples.schema(Samples.NOTE_1).migrate(database.open());
        Migration edited = Samples.both(
                "note", 1, "note", "create table {p}note (ns integer not null primary key, name text not null);\n");

        assertThatThrownBy(() -> Samples.schema(edited, Samples.KV_1).migrate(database.open()))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("schema.changed: ")
                .hasMessageContaining("migration=note 001_note, applied=");

        assertThat(database.tables()).containsExactly("holdfast_migrations", "holdfast_note");
    }

    @Test
    void acceptsAnotherCommentAndOtherLineEnds() {
        Samples.schema(Samples.NOTE_1).migrate(database.open());
        String text = "-- Told better.\r\n\r\n" + Samples.NOTE_1.sqlite().replace("\n", "\r\n");
        WatchedEngine engine = new WatchedEngine(database.open());

        Samples.schema(Samples.both("note", 1, "renamed", text)).migrate(engine);

        assertThat(engine.writes()).isZero();
    }

    @Test
    void refusesALedgerWithAHole() {
        Samples.schema(Samples.KV_1, Samples.KV_2).migrate(database.open());
        database.run("delete from holdfast_migrations where room = 'kv' and number = 1");

        assertThatThrownBy(() -> Samples.schema(Samples.KV_1, Samples.KV_2).migrate(database.open()))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("schema.gap: ")
                .hasMessageEndingWith("(migration=kv 001_kv)");
    }

    @Test
    void aFailureAtAnyStatementChangesNothing() {
        int failAt = 1;
        boolean failed = true;
        while (failed) {
            try {
                Samples.all().migrate(new WatchedEngine(database.open()).failAt(failAt));
                failed = false;
            } catch (SchemaException e) {
                assertThat(e).hasMessageStartingWith("schema.failed: ").hasMessageContaining("the disk is full");
                assertThat(e).hasCauseInstanceOf(EngineException.class);
                assertThat(database.tables())
                        .as("failed at statement %d", failAt)
                        .isEmpty();
                failAt++;
            }
        }

        // 4 entries of the ledger, 1 + 3 + 2 + 1 statements, and the first call that passed.
        assertThat(failAt).isEqualTo(12);
        assertThat(Samples.all().check(database.open())).isEqualTo(new SchemaCheck.Equal());
    }

    @Test
    void namesTheMigrationThatFailed() {
        Migration wrong = Samples.both("wrong", 1, "wrong", "create tabel {p}x (a integer);\n");

        assertThatThrownBy(() -> Samples.schema(Samples.KV_1, wrong).migrate(database.open()))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith(
                        "schema.failed: a migration failed and nothing was changed (migration=wrong 001_wrong): ");

        assertThat(database.tables()).isEmpty();
    }

    @Test
    void keepsOutOfOtherTablesAndOtherPrefixes() {
        database.run("create table holdfast_mine (a integer)", "insert into holdfast_mine values (7)");
        Schema other = new Schema(new Tables("b_"), Samples.ALL);

        Samples.all().migrate(database.open());
        other.migrate(database.open());

        assertThat(database.rows("select a from holdfast_mine")).containsExactly("7");
        assertThat(other.check(database.open())).isEqualTo(new SchemaCheck.Equal());
        assertThat(Samples.all().check(database.open())).isEqualTo(new SchemaCheck.Equal());
    }

    @Test
    void doesNotBreakWhenAnotherProgramWasFaster() {
        Engine other = database.open();
        WatchedEngine late = new WatchedEngine(database.open())
                .beforeWrite(number -> Samples.all().migrate(other));

        Samples.all().migrate(late);

        assertThat(late.writes()).isEqualTo(1);
        assertThat(database.rows("select count(*) from holdfast_migrations")).containsExactly("4");
    }

    @Test
    void triesAgainAfterAConflict() {
        WatchedEngine engine = new WatchedEngine(database.open()).beforeWrite(number -> {
            if (number <= 3) {
                throw new ConflictException("test.conflict", "somebody was faster");
            }
        });

        Samples.all().migrate(engine);

        assertThat(engine.writes()).isEqualTo(4);
        assertThat(Samples.all().check(database.open())).isEqualTo(new SchemaCheck.Equal());
    }

    @Test
    void givesUpWhenConflictsDoNotEnd() {
        Samples.JumpingClock clock = new Samples.JumpingClock(0);
        WatchedEngine engine = new WatchedEngine(database.open()).beforeWrite(number -> {
            throw new ConflictException("test.conflict", "somebody was faster");
        });

        assertThatThrownBy(() -> new Schema(Tables.defaults(), Samples.ALL, clock).migrate(engine))
                .isInstanceOf(ConflictException.class);

        assertThat(clock.millis()).isBetween(10_000L, 10_100L);
    }

    @Test
    void nothingIsInstalledInAnEmptyDatabase() {
        assertThat(Samples.all().installed(database.open())).isEqualTo(SchemaVersion.none());
        assertThat(database.tables()).isEqualTo(List.of());
    }

    private String blob() {
        return switch (database.dialect()) {
            case SQLITE -> "x''";
            case POSTGRES -> "''::bytea";
        };
    }
}
