package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The printed SQL, run by hand. */
abstract class ScriptContract {
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
    void makesADatabaseThatMigrateAccepts() {
        runByHand(Samples.all().sql(database.dialect()));
        WatchedEngine engine = new WatchedEngine(database.open());

        Samples.all().migrate(engine);

        assertThat(engine.writes()).isZero();
        assertThat(Samples.all().check(engine)).isEqualTo(new SchemaCheck.Equal());
        assertThat(database.rows("select count(*) from holdfast_migrations where applied_at > 1700000000000"))
                .containsExactly("4");
    }

    @Test
    void goesOnFromAVersion() {
        Engine engine = database.open();
        Samples.schema(Samples.KV_1).migrate(engine);

        runByHand(Samples.all().sql(database.dialect(), Samples.all().installed(engine)));

        assertThat(Samples.all().check(engine)).isEqualTo(new SchemaCheck.Equal());
    }

    @Test
    void makesTheTablesOfAnyPrefix() {
        Schema schema = new Schema(new Tables("app_"), Samples.ALL);

        runByHand(schema.sql(database.dialect()));

        assertThat(schema.check(database.open())).isEqualTo(new SchemaCheck.Equal());
        assertThat(database.tables()).isEmpty();
    }

    /** Sends statement by statement on one connection, as a person's tool would. */
    private void runByHand(String script) {
        Migration split = new Migration("script", 1, "script", script, script);
        database.run(split.statements(database.dialect(), Tables.defaults()).toArray(String[]::new));
    }
}
