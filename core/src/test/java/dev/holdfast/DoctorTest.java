package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.search.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest extends DoctorContract {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void fillOne() {
        fill(shared.resolve("filled.db").toString());
    }

    @Override
    void makeFilled() throws IOException {
        Files.copy(shared.resolve("filled.db"), Path.of(database()));
    }

    @Override
    String database() {
        return folder.resolve("store.db").toString();
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database());
    }

    @Override
    String bytes(String hex) {
        return "x'" + hex + "'";
    }

    @Test
    void findsPagesThatAreDamaged() throws IOException {
        try (Holdfast holdfast = Holdfast.open(database())) {
            for (int i = 0; i < 2_000; i++) {
                holdfast.kv().set(Key.of("n", i), "some text to fill pages with");
            }
        }
        byte[] file = Files.readAllBytes(Path.of(database()));

        // The pages before are those of the schema, without which there is no store.
        int entries = file.length / 4 * 3;
        Arrays.fill(file, entries, entries + 9_000, (byte) 0x5a);
        Files.write(Path.of(database()), file);

        assertThat(examine(Doctor.Verdict.FAULTY)).anyMatch(line -> line.startsWith("fault: engine: SQLite"));
    }

    @Test
    void cannotTellWhereThereIsNoStore() throws IOException {
        assertThat(examine(Doctor.Verdict.UNKNOWN)).singleElement().asString().contains("there is no such file");
        assertThat(Path.of(database())).doesNotExist();

        Files.writeString(Path.of(database()), "this is no database at all, whatever its name says".repeat(100));

        assertThat(examine(Doctor.Verdict.UNKNOWN)).singleElement().asString().contains("the examination ended early");
    }

    @Test
    void cannotTellOfADatabaseWithoutAStore() throws SQLException, IOException {
        Files.createFile(Path.of(database()));

        assertThat(examine(Doctor.Verdict.UNKNOWN)).singleElement().asString().contains("there is no store");

        try (Connection connection = connect()) {
            connection.createStatement().execute("create table mine (a)");
        }

        assertThat(examine(Doctor.Verdict.UNKNOWN)).singleElement().asString().contains("there is no store");
    }

    @Test
    void cannotTellOfAnEmptyDatabaseInMemory() {
        List<String> lines = new ArrayList<>();

        assertThat(Doctor.examine(
                        Holdfast.MEMORY, HoldfastOptions.defaults(), finding -> lines.add(finding.toString())))
                .isEqualTo(Doctor.Verdict.UNKNOWN);
        assertThat(lines).singleElement().asString().contains("there is no store");
    }

    @Test
    void findsTheTablesMissingThatAStoreHas() throws SQLException {
        try (Connection connection = connect()) {
            connection.createStatement().execute("create table holdfast_migrations (a)");
        }

        assertThat(examine(Doctor.Verdict.FAULTY)).anyMatch(line -> line.startsWith("fault: schema: holdfast_kv"));
    }

    @Test
    void anIndexOfOneStoreIsKeptByAnotherOneOnTheFileAtOnce() {
        try (Holdfast one = Holdfast.open(database());
                Holdfast other = Holdfast.open(database())) {
            one.kv().set(Key.of("notes", 1), new Note("the first"));

            other.kv().search().createIndex(KeyPrefix.of("notes"), List.of("text"), Tokenizer.UNICODE61, true);
            one.kv().set(Key.of("notes", 2), new Note("the second"));

            assertThat(other.kv().search().find(KvSelection.below("notes"), "second"))
                    .hasSize(1);
        }
        assertThat(examine(Doctor.Verdict.SOUND)).isEmpty();
    }

    private record Note(String text) {}
}
