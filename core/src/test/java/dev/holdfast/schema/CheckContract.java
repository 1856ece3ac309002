package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a check finds on every database; the expected lines of each stand in its own class. */
abstract class CheckContract {
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

    TestDatabase database() {
        return database;
    }

    /** The lines of a check of the sample tables after some statements. */
    List<String> driftAfter(String... statements) {
        Samples.all().migrate(database.open());
        database.run(statements);
        return drift(Samples.all());
    }

    List<String> drift(Schema schema) {
        return switch (schema.check(database.open())) {
            case SchemaCheck.Equal equal -> List.of();
            case SchemaCheck.Drift drift ->
                drift.differences().stream()
                        .map(SchemaCheck.Difference::toString)
                        .toList();
            case SchemaCheck.CannotTell cannotTell -> throw new AssertionError(cannotTell.reason());
        };
    }

    @Test
    void findsNothingInWhatWasMigrated() {
        assertThat(driftAfter()).isEmpty();
    }

    @Test
    void changesNothing() {
        Samples.all().migrate(database.open());
        List<String> before = database.tables();

        Samples.all().check(database.open());

        assertThat(database.tables()).isEqualTo(before);
        assertThat(database.rows("select count(*) from holdfast_note")).containsExactly("1");
    }

    @Test
    void namesEveryTableThatIsMissing() {
        assertThat(drift(Samples.all()))
                .hasSize(3)
                .anyMatch(line -> line.matches("holdfast_kv: table: expected table.*, found nothing"))
                .anyMatch(line -> line.matches("holdfast_migrations: table: expected table.*, found nothing"))
                .anyMatch(line -> line.matches("holdfast_note: table: expected table, found nothing"));
    }

    @Test
    void namesColumnsThatAreMissingAndThatNobodyKnows() {
        assertThat(driftAfter(
                        "alter table holdfast_kv drop column expires_at",
                        "alter table holdfast_note add column mood text"))
                .containsExactly(
                        "holdfast_kv: column expires_at: expected integer null, found nothing",
                        "holdfast_note: column mood: expected nothing, found text null");
    }

    @Test
    void namesIndexesThatAreMissingAndThatNobodyKnows() {
        boolean sqlite = database.dialect() == Dialect.SQLITE;

        assertThat(driftAfter("drop index holdfast_kv_length", "create index slow on holdfast_note (name, ns)"))
                .containsExactly(
                        "holdfast_kv: index holdfast_kv_length: expected "
                                + (sqlite ? "(length(value), hits desc)" : "btree (length(value), hits DESC)")
                                + ", found nothing",
                        "holdfast_note: index slow: expected nothing, found "
                                + (sqlite ? "(name, ns)" : "btree (name, ns)"));
    }

    @Test
    void tellsIndexesApartByColumnsUniquenessConditionAndExpression() {
        Stream.of(
                        "create unique index holdfast_kv_value on holdfast_kv (ns, hits) where value is not null",
                        "create index holdfast_kv_value on holdfast_kv (ns, value) where value is not null",
                        "create unique index holdfast_kv_value on holdfast_kv (ns, value)",
                        "create unique index holdfast_kv_value on holdfast_kv (ns, value) where hits is not null",
                        "create unique index holdfast_kv_value on holdfast_kv (ns, value desc) where value is not null",
                        "create unique index holdfast_kv_value on holdfast_kv (ns, length(value))"
                                + " where value is not null")
                .forEach(index -> {
                    assertThat(driftAfter("drop index holdfast_kv_value", index))
                            .as(index)
                            .singleElement()
                            .asString()
                            .startsWith("holdfast_kv: index holdfast_kv_value: expected unique ");
                });
    }

    @Test
    void leavesOutIndexesThatAreDeclaredWhileTheProgramRuns() {
        String name = Tables.defaults().sql(Schema.DECLARED_INDEX) + "notes_3";

        assertThat(driftAfter("create index " + name + " on holdfast_note (name, ns)"))
                .isEmpty();
    }

    @Test
    void leavesOutTablesOfOthers() {
        assertThat(driftAfter(
                        "create table mine (a integer)",
                        "create table holdfast_mine (a integer)",
                        "create index holdfast_kv_mine on holdfast_mine (a)"))
                .isEmpty();
    }

    @Test
    void namesMigrationsThatHaveNotRun() {
        Samples.schema(Samples.KV_1).migrate(database.open());

        assertThat(drift(Samples.all()))
                .containsSubsequence(
                        "holdfast_migrations: migration note 001_note: expected applied, found nothing",
                        "holdfast_migrations: migration kv 002_expiry: expected applied, found nothing",
                        "holdfast_kv: column expires_at: expected integer null, found nothing")
                .hasSize(4);
    }

    @Test
    void namesMigrationsOfANewerProgram() {
        Samples.schema(Samples.KV_1, Samples.KV_2).migrate(database.open());

        assertThat(drift(Samples.schema(Samples.KV_1)))
                .containsExactly(
                        "holdfast_migrations: migration kv 002_expiry:"
                                + " expected nothing, found applied by a newer program",
                        "holdfast_kv: column expires_at: expected nothing, found integer null");
    }

    @Test
    void namesMigrationsWhoseTextWasChanged() {
        Samples.schema(Samples.NOTE_1).migrate(database.open());
        String text = Samples.NOTE_1.sqlite().replace("a;b", "other");
        Migration edited = Samples.both("note", 1, "note", text);

        assertThat(drift(Samples.schema(edited)))
                .singleElement()
                .asString()
                .matches("holdfast_migrations: text of migration note 001_note:"
                        + " expected [0-9a-f]{12}, found [0-9a-f]{12}");
    }

    @Test
    void namesALedgerThatCannotBeRead() {
        assertThat(driftAfter("alter table holdfast_migrations drop column checksum"))
                .containsExactly("holdfast_migrations: column checksum: expected text not null, found nothing");
    }

    @Test
    void cannotTellWhatItCannotMake() {
        Migration wrong = Samples.both("wrong", 1, "wrong", "create tabel {p}x (a integer);\n");

        SchemaCheck.Result result = Samples.schema(wrong).check(database.open());

        assertThat(result)
                .isInstanceOfSatisfying(
                        SchemaCheck.CannotTell.class,
                        cannotTell -> assertThat(cannotTell.reason())
                                .startsWith("what is expected cannot be made here to compare with: ")
                                .contains("tabel"));
    }

    @Test
    void cannotTellWhatItCannotRead() {
        WatchedEngine engine = new WatchedEngine(database.open()).failReads();

        assertThat(Samples.all().check(engine))
                .isEqualTo(new SchemaCheck.CannotTell("the tables of the database cannot be read: the server is gone"));
    }
}
