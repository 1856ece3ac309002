package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Rooms;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of the internal tables says what both databases have. */
class TablesPageTest {
    @TempDir
    static Path folder;

    private static Catalog sqlite = new Catalog();
    private static Catalog postgres = new Catalog();

    @BeforeAll
    static void makeTheTables() {
        sqlite = made(new SqliteDatabase(folder));
        postgres = made(new PostgresDatabase());
    }

    private static Catalog made(TestDatabase database) {
        try (database) {
            var engine = database.open();
            new Schema(Tables.defaults(), Rooms.migrations()).migrate(engine);
            return engine.read(unit -> Catalog.read(unit, database.dialect(), Tables.defaults()));
        }
    }

    private static Catalog of(Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> sqlite;
            case POSTGRES -> postgres;
        };
    }

    private static TestDatabase fresh(Dialect dialect, String name) {
        return switch (dialect) {
            case SQLITE -> new SqliteDatabase(folder.resolve(name));
            case POSTGRES -> new PostgresDatabase();
        };
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void namesEveryTableColumnKeyAndIndex(Dialect dialect) throws IOException {
        TablesPage page = TablesPage.ofThisCheckout();

        assertThat(page.facts(dialect))
                .as("docs/reference/tables.md for %s; sections that are missing:%n%s", dialect, missing(page))
                .containsExactlyInAnyOrderElementsOf(TablesPage.facts(of(dialect)));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theTablesOfAllRoomsAreWhatTheyWereMade(Dialect dialect) {
        try (TestDatabase database = fresh(dialect, "made")) {
            Schema schema = new Schema(Tables.defaults(), Rooms.migrations());
            schema.migrate(database.open());

            assertThat(schema.check(database.open())).isEqualTo(new SchemaCheck.Equal());
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aViewThatSelectsSomethingElseIsNoticed(Dialect dialect) {
        try (TestDatabase database = fresh(dialect, "view")) {
            Schema schema = new Schema(Tables.defaults(), Rooms.migrations());
            schema.migrate(database.open());
            database.run(
                    "drop view holdfast_stream_heads",
                    "create view holdfast_stream_heads as select * from holdfast_streams where forks < 7");

            assertThat(schema.check(database.open()))
                    .asInstanceOf(InstanceOfAssertFactories.type(SchemaCheck.Drift.class))
                    .satisfies(drift -> assertThat(drift.differences().toString())
                            .contains("holdfast_stream_heads")
                            .contains("forks < 7"));
        }
    }

    @Test
    void aTableUnderAViewIsNamedWhenItIsMissing() {
        try (TestDatabase database = fresh(Dialect.SQLITE, "gone")) {
            Schema schema = new Schema(Tables.defaults(), Rooms.migrations());
            schema.migrate(database.open());
            database.run("drop table holdfast_stream_data");

            assertThat(schema.check(database.open()))
                    .asInstanceOf(InstanceOfAssertFactories.type(SchemaCheck.Drift.class))
                    .satisfies(drift -> assertThat(drift.differences().toString())
                            .contains("holdfast_stream_data")
                            .doesNotContain("holdfast_stream_heads"));
        }
    }

    @Test
    void aRowThatIsMissingOnThePageIsNoticed() {
        String table = TablesPage.section("holdfast_changes", sqlite, postgres);
        String shorter = table.lines().filter(line -> !line.contains("`scope`")).collect(Collectors.joining("\n"));

        assertThat(new TablesPage(table).facts(Dialect.POSTGRES))
                .containsExactlyInAnyOrderElementsOf(factsOf("holdfast_changes", postgres));
        assertThat(new TablesPage(shorter).facts(Dialect.POSTGRES))
                .isNotEmpty()
                .doesNotContain("holdfast_changes column scope text not null");
    }

    @Test
    void aLineThatIsNeitherKeyNorIndexIsRefused() {
        assertThatThrownBy(() -> new TablesPage("### `t`\n- Primary: `a`\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("- Primary: `a`");
        assertThatThrownBy(() -> new TablesPage("### `t`\n| `a` | `text` | `text` | no |\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has not 5 cells");
    }

    private static List<String> factsOf(String table, Catalog catalog) {
        return TablesPage.facts(catalog).stream()
                .filter(fact -> fact.startsWith(table + " "))
                .toList();
    }

    /** Sections to paste and fill in for tables that the page does not have. */
    private static String missing(TablesPage page) {
        TreeSet<String> tables = new TreeSet<>(sqlite.tables().keySet());
        tables.addAll(postgres.tables().keySet());
        return tables.stream()
                .filter(table -> page.facts(Dialect.SQLITE).stream().noneMatch(fact -> fact.startsWith(table + " "))
                        && page.facts(Dialect.POSTGRES).stream().noneMatch(fact -> fact.startsWith(table + " ")))
                .map(table -> TablesPage.section(table, sqlite, postgres))
                .collect(Collectors.joining("\n"));
    }
}
