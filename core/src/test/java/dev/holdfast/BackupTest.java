package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.key.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    private static final Key KEY = Key.of("a");

    @TempDir
    Path folder;

    private Path store;
    private Path copies;
    private Path copy;

    @BeforeEach
    void name() throws IOException {
        store = folder.resolve("store.db");
        copies = Files.createDirectory(folder.resolve("copies"));
        copy = copies.resolve("copy.db");
    }

    @Test
    void aStoreIsNotCopiedOverItselfByWhateverName() throws IOException {
        Path soft = Files.createSymbolicLink(folder.resolve("soft.db"), store);
        try (Holdfast holdfast = Holdfast.open(store)) {
            Path hard = Files.createLink(folder.resolve("hard.db"), store);
            holdfast.kv().set(KEY, 1);

            assertRefused("backup.own_file", holdfast, store);
            assertRefused("backup.own_file", holdfast, folder.resolve("copies/../store.db"));
            assertRefused("backup.own_file", holdfast, soft);
            assertRefused("backup.own_file", holdfast, hard);
            assertRefused("backup.own_file", holdfast, Path.of(store + "-wal"));
            assertRefused("backup.own_file", holdfast, Path.of(store + "-journal"));

            holdfast.kv().set(KEY, 2);
        }
        assertThat(value(store)).isEqualTo(2);
    }

    @Test
    void aStoreThatSomebodyHasOpenIsNotReplaced() throws IOException {
        try (Holdfast holdfast = Holdfast.open(store);
                Holdfast other = Holdfast.open(copy)) {
            holdfast.kv().set(KEY, 1);
            other.kv().set(KEY, 2);

            assertRefused("backup.busy", holdfast, copy);

            other.kv().set(KEY, 3);
        }
        assertThat(value(copy)).isEqualTo(3);
        assertThat(copies.toFile().list()).containsExactly("copy.db");
    }

    @Test
    void theLogOfAReplacedStoreIsNotTakenForThatOfTheCopy() throws IOException {
        leaveStoreWithLog();
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(KEY, 1);

            holdfast.backup(copy);
        }

        assertThat(copies.toFile().list()).containsExactly("copy.db");
        assertThat(value(copy)).isEqualTo(1);
    }

    @Test
    void aLogWithoutItsStoreIsNotTakenForThatOfTheCopy() throws IOException {
        leaveStoreWithLog();
        Files.delete(copy);
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(KEY, 1);

            holdfast.backup(copy);
        }

        assertThat(copies.toFile().list()).containsExactly("copy.db");
        assertThat(value(copy)).isEqualTo(1);
    }

    @Test
    void aFileThatLooksLikeAnotherCopyInTheMakingIsLeftAlone() throws IOException {
        Path part = Files.writeString(copy.resolveSibling("copy.db.part"), "of somebody else");
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(KEY, 1);

            holdfast.backup(copy);
            holdfast.kv().set(KEY, 2);
            holdfast.backup(copy);
        }

        assertThat(part).hasContent("of somebody else");
        assertThat(copies.toFile().list()).containsExactlyInAnyOrder("copy.db", "copy.db.part");
        assertThat(value(copy)).isEqualTo(2);
    }

    @Test
    void onlyADatabaseOrAnEmptyFileIsReplaced() throws IOException {
        Path notes = Files.writeString(copies.resolve("notes.txt"), "mine");
        Path empty = Files.createFile(copies.resolve("empty.db"));
        try (Holdfast holdfast = Holdfast.open(store);
                Holdfast other = Holdfast.open(folder.resolve("other.db"))) {
            holdfast.kv().set(KEY, 1);
            other.kv().set(KEY, 2);

            assertRefused("backup.occupied", holdfast, notes);
            assertRefused("backup.occupied", holdfast, copies);
            assertRefused("backup.occupied", holdfast, Path.of("/dev/null"));
            assertRefused("backup.occupied", holdfast, folder.resolve("other.db-wal"));
            assertRefused("backup.occupied", holdfast, folder.resolve("other.db-journal"));
            holdfast.backup(empty);
        }
        assertThat(notes).hasContent("mine");
        assertThat(value(empty)).isEqualTo(1);
        assertThat(copies.toFile().list()).containsExactlyInAnyOrder("notes.txt", "empty.db");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path nowhere = folder.resolve("no/where.db");
        try (Holdfast holdfast = Holdfast.open(store)) {
            assertThatThrownBy(() -> holdfast.backup(nowhere))
                    .hasMessage("backup.no_folder: there is no such folder (folder=%s, target=%s)"
                            .formatted(folder.resolve("no"), nowhere));
        }
    }

    /** At the target: a store whose process was killed, so that its log is still there. */
    private void leaveStoreWithLog() throws IOException {
        Path other = folder.resolve("other.db");
        try (Holdfast killed = Holdfast.open(other)) {
            for (int i = 0; i < 100; i++) {
                killed.kv().set(Key.of("other", i), "x".repeat(1_000));
            }
            killed.kv().set(KEY, "other");
            Files.copy(other, copy);
            Files.copy(Path.of(other + "-wal"), Path.of(copy + "-wal"));
        }
    }

    private static void assertRefused(String code, Holdfast holdfast, Path target) {
        assertThatThrownBy(() -> holdfast.backup(target))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static int value(Path file) {
        try (Holdfast holdfast = Holdfast.open(file)) {
            return holdfast.kv().get(KEY).orElseThrow().value().json().asInt();
        }
    }
}
