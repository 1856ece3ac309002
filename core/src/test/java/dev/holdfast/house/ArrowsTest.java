package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.json.Json;
import org.junit.jupiter.api.Test;

/** The picture of the library: which package may use which, and who may touch a driver. */
class ArrowsTest {
    static {
        // Of a class beyond ours only its name matters here; to read them all takes seconds.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.holdfast");

    /** A new package gets its row here, at its floor, in the change that brings it. */
    private static Arrows table() {
        return new Arrows("dev.holdfast")
                // A whole store of its own kind, which opens the front door itself.
                .row("simple", "", "kv", "key", "codec", "json", "engine")
                // The front door, which no room may use.
                .row(
                        "",
                        "access",
                        "collection",
                        "kv",
                        "queue",
                        "record",
                        "search",
                        "stream",
                        "schema",
                        "filter",
                        "key",
                        "codec",
                        "json",
                        "engine.sqlite",
                        "engine.postgres",
                        "engine")
                // Rooms: search lies below the two that offer it, and queues write entries for jobs that were
                // exhausted; otherwise they never use each other.
                .row("access", "key", "json", "engine")
                .row("collection", "search", "schema", "filter", "key", "codec", "json", "engine")
                .row("queue", "kv", "key", "codec", "json", "engine")
                .row("kv", "search", "schema", "filter", "key", "codec", "v8", "json", "engine")
                .row("record", "json", "engine")
                .row("stream", "codec", "json", "engine")
                .row("search", "schema", "filter", "key", "codec", "json", "engine")
                // Migrations are handed to it: it knows no room.
                .row("schema", "json", "engine")
                // Vocabulary.
                .row("filter", "key", "codec", "json", "engine")
                .row("key", "codec", "json", "engine")
                .row("codec", "json", "engine")
                .row("v8", "json", "engine")
                .row("json", "engine")
                // Engines: each driver stands behind one of them.
                .row("engine.sqlite", "engine")
                .row("engine.postgres", "engine")
                .row("engine")
                .library("java")
                .library("javax.sql")
                .library("javax.crypto", "stream")
                .library("org.jspecify")
                .library("org.slf4j")
                .library("tools.jackson")
                .library("com.fasterxml.jackson.annotation")
                .library("com.networknt.schema", "collection")
                .library("org.sqlite", "engine.sqlite")
                .library("org.postgresql", "engine.postgres")
                .library("com.zaxxer.hikari", "engine.postgres")
                // The library knows no HTTP.
                .library("java.net.http", "nobody");
    }

    @Test
    void theLibraryKeepsTheTable() {
        assertThat(LIBRARY.contain(Json.class)).isTrue();
        assertThat(table().violations(LIBRARY)).isEmpty();
    }

    @Test
    void reportsADependencyThatIsNotInTheTable() {
        var table = new Arrows("dev.holdfast.house").row("").library("java").library("com.tngtech");

        var violations = table.violations(sample(Arrows.class, JavaRule.class, JavaSource.class));

        assertThat(violations)
                .contains("dev.holdfast.house.JavaSource may not use com.sun.source.util.DocTrees")
                .noneMatch(violation -> violation.startsWith("dev.holdfast.house.Arrows"));
    }

    @Test
    void reportsAPackageThatIsNotInTheTable() {
        var table = new Arrows("dev.holdfast").row("json");

        var violations = table.violations(sample(Arrows.class));

        assertThat(violations).containsExactly("package dev.holdfast.house is not in the table");
    }

    @Test
    void reportsAnArrowBetweenOurPackages() {
        var table = new Arrows("dev")
                .row("holdfast.json")
                .row("holdfast.engine")
                .library("java")
                .library("tools");

        var violations = table.violations(new ClassFileImporter().importPackages("dev.holdfast.json"));

        assertThat(violations).contains("dev.holdfast.json.Json may not use dev.holdfast.engine.InvalidInputException");
    }

    @Test
    void reportsALibraryInTheHandsOfAnother() {
        var table = new Arrows("dev.holdfast.house").row("").library("java").library("com.tngtech", "elsewhere");

        var violations = table.violations(sample(Arrows.class));

        assertThat(violations)
                .contains("dev.holdfast.house.Arrows may not use com.tngtech.archunit.core.domain.JavaClasses");
    }

    @Test
    void reportsATableThatPointsUpwards() {
        var table = new Arrows("a").row("low", "high").row("high").row("x", "high");

        var violations = table.violations(sample());

        assertThat(violations).containsExactly("the row of x points to high, which has no row below it");
    }

    @Test
    void refusesASecondRowForAPackage() {
        var table = new Arrows("a").row("b");

        assertThatThrownBy(() -> table.row("b")).hasMessage("two rows for b");
    }

    private static JavaClasses sample(Class<?>... types) {
        return new ClassFileImporter().importClasses(types);
    }
}
