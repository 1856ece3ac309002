package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFileTest {
    private static final Key KEY = Key.of("a");

    @TempDir
    Path folder;

    private Path store;
    private Path exports;
    private Holdfast holdfast;

    @BeforeEach
    void open() throws IOException {
        store = folder.resolve("store.db");
        exports = Files.createDirectory(folder.resolve("exports"));
        holdfast = Holdfast.open(store);
        holdfast.kv().set(KEY, 1);
    }

    @AfterEach
    void close() {
        holdfast.close();
    }

    @Test
    void aStoreIsNotExportedOverItselfByWhateverName() throws IOException {
        Path soft = Files.createSymbolicLink(folder.resolve("soft.db"), store);
        Path hard = Files.createLink(folder.resolve("hard.db"), store);

        for (Path own : List.of(store, soft, hard, beside("-wal"), beside("-shm"), beside("-journal"))) {
            assertRefused("export.own_file", () -> export(holdfast, own));
        }

        holdfast.kv().set(KEY, 2);
        holdfast.close();
        try (Holdfast again = Holdfast.open(store)) {
            assertThat(again.kv().get(KEY).orElseThrow().value().json().asInt()).isEqualTo(2);
        }
    }

    @Test
    void noOtherDatabaseIsReplacedNorWhatBelongsToOne() throws IOException {
        Path log = Files.copy(beside("-wal"), exports.resolve("log"));
        try (Holdfast memory = Holdfast.open(Holdfast.MEMORY)) {
            for (Path taken : List.of(store, beside("-wal"), beside("-shm"), beside("-journal"), log, exports)) {
                assertRefused("export.occupied", () -> export(memory, taken));
            }
        }

        holdfast.kv().set(KEY, 2);
        assertThat(exports.toFile().list()).containsExactly("log");
    }

    @Test
    void anExportReplacesAFileAndKeepsWhoMayReadIt() throws IOException {
        Path old = Files.writeString(exports.resolve("old"), "old");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), old);

        long lines = export(holdfast, link);

        assertThat(Files.readAllLines(old)).hasSize((int) lines);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(old)))
                .isEqualTo("rw-------");
        assertThat(exports.toFile().list()).containsExactly("old");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void anExportThatFailsLeavesTheFileThatWasThereAndNoOther() throws IOException {
        Path old = Files.writeString(exports.resolve("old"), "old");

        assertThatThrownBy(() -> holdfast.exportTo(old, List.of("default"), lines -> {
                    throw new IllegalStateException("stop at line " + lines);
                }))
                .hasMessage("stop at line 1");

        assertThat(old).hasContent("old");
        assertThat(exports.toFile().list()).containsExactly("old");
    }

    @Test
    void aFileThatBecomesADatabaseMeanwhileIsNotReplaced() {
        Path made = exports.resolve("made.db");

        assertRefused(
                "export.occupied",
                () -> holdfast.exportTo(
                        made, List.of("default"), lines -> Holdfast.open(made).close()));

        assertThat(exports.toFile().list()).containsExactly("made.db");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path nowhere = folder.resolve("no/where");

        assertThatThrownBy(() -> export(holdfast, nowhere))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("export.no_folder: there is no such folder (folder=%s, target=%s)"
                        .formatted(folder.resolve("no"), nowhere));
    }

    @Test
    void aFullDiskIsToldInWords() {
        Path full = Path.of("/dev/full");
        assertThat(full).exists();

        assertThatThrownBy(() -> export(holdfast, full))
                .isInstanceOf(EngineException.class)
                .hasMessage("export.failed: the export cannot be written: No space left on device (target=/dev/full)");
    }

    @Test
    void aStreamThatCannotBeWrittenIsAFailureOfTheStream() {
        for (int i = 0; i < 1_000; i++) {
            holdfast.kv().set(Key.of("n", i), "something to fill a buffer with");
        }
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };

        assertThatThrownBy(() -> holdfast.exportTo(full))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("full");
    }

    private Path beside(String ending) {
        return Path.of(store + ending);
    }

    private static long export(Holdfast from, Path target) {
        return from.exportTo(target, from.namespaces().list(), lines -> {});
    }

    private static void assertRefused(String code, ThrowingCallable export) {
        assertThatThrownBy(export)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
