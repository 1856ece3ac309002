package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import org.junit.jupiter.api.Test;

/** What a schema says and refuses without a database. */
class SchemaTest {
    @Test
    void printsEachMigrationBelowItsNameInOrder() {
        String script = Samples.all().sql(Dialect.POSTGRES);

        assertThat(script)
                .startsWith("""
                        -- Internal tables of Holdfast for PostgreSQL, table prefix holdfast_
                        -- from version: none
                        -- to version:   kv=2,note=1,schema=1
                        -- run with: psql -v ON_ERROR_STOP=1 -f THIS

                        begin;

                        -- schema 001_ledger
                        """)
                .containsSubsequence("""

                        -- kv 001_kv
                        -- What is kept.
                        create table holdfast_kv (
                          ns integer not null,
                          key bytea not null,
                        """, """
                        insert into holdfast_migrations (room, number, name, checksum, applied_at)
                          values ('kv', 1, 'kv', '""", "-- note 001_note", "-- kv 002_expiry")
                .endsWith("\ncommit;\n");
        assertThat(script).doesNotContain("{p}");
    }

    @Test
    void printsTheTextOfEachDatabase() {
        assertThat(Samples.all().sql(Dialect.SQLITE))
                .contains("begin immediate;", "key blob not null,", "strict, without rowid;", "unixepoch('subsec')");
    }

    @Test
    void printsOnlyWhatComesAfterAVersion() {
        String script = Samples.all().sql(Dialect.SQLITE, SchemaVersion.parse("kv=1,schema=1"));

        assertThat(script)
                .contains("-- from version: kv=1,schema=1\n", "-- note 001_note\n", "-- kv 002_expiry\n")
                .doesNotContain("001_ledger", "001_kv");
    }

    @Test
    void printsOnlyCommentsWhenNothingComesAfterAVersion() {
        Schema schema = Samples.all();

        assertThat(schema.sql(Dialect.POSTGRES, schema.version())).isEqualTo("""
                        -- Internal tables of Holdfast for PostgreSQL, table prefix holdfast_
                        -- from version: kv=2,note=1,schema=1
                        -- to version:   kv=2,note=1,schema=1
                        -- nothing to do
                        """);
    }

    @Test
    void refusesToPrintFromAVersionItDoesNotKnow() {
        assertThatThrownBy(() -> Samples.all().sql(Dialect.SQLITE, SchemaVersion.parse("kv=3")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("schema.version: this program does not know the version"
                        + " (room=kv, number=3, known=kv=2,note=1,schema=1)");
        assertThatThrownBy(() -> Samples.all().sql(Dialect.SQLITE, SchemaVersion.parse("queue=1")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("room=queue");
    }

    @Test
    void refusesMigrationsThatAreNotNumberedInOrder() {
        Migration third = Samples.both("kv", 3, "third", "select 1;\n");
        Migration ledger = Samples.both("schema", 1, "mine", "select 1;\n");
        Migration quoted = Samples.both("kv", 1, "it's", "select 1;\n");
        Migration room = Samples.both("K V", 1, "kv", "select 1;\n");

        refuses("kv 002_expiry, expected number=1", Samples.KV_2);
        refuses("kv 003_third, expected number=2", Samples.KV_1, third);
        refuses("kv 001_kv, expected number=2", Samples.KV_1, Samples.KV_1);
        refuses("schema 001_mine, expected number=2", ledger);
        refuses("kv 001_it's, expected number=1", quoted);
        refuses("K V 001_kv, expected number=1", room);
    }

    private static void refuses(String what, Migration... migrations) {
        assertThatThrownBy(() -> Samples.schema(migrations))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("schema.migrations: ")
                .hasMessageEndingWith("(migration=" + what + ")");
    }
}
