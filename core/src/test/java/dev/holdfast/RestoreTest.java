package dev.holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Finding;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
    private static final HoldfastOptions OPTIONS = HoldfastOptions.defaults();

    @TempDir
    Path folder;

    private Path store;
    private Path backup;

    @BeforeEach
    void name() {
        store = folder.resolve("store.db");
        backup = folder.resolve("copies/store.db");
    }

    @Test
    void aRestoredStoreHoldsWhatItHeldWhenItWasCopied() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(Key.of("a"), 1);
            holdfast.backup(backup);
            holdfast.kv().set(Key.of("a"), 2);
        }

        Holdfast.restore(backup, store, OPTIONS, true);

        assertThat(value(store, "a")).isEqualTo(1);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("store.db", "copies");
    }

    @Test
    void versionstampsGoOnAboveThoseOfTheReplacedStoreEvenIfTheClockWasSetBack() throws IOException {
        Files.createDirectories(backup.getParent());
        Versionstamp before;
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(Key.of("a"), 1);
            holdfast.backup(backup);
            before = holdfast.kv().set(Key.of("a"), 2);
        }
        HoldfastOptions past = OPTIONS.withTime(new Past());

        Holdfast.restore(backup, store, past, true);

        try (Holdfast holdfast = Holdfast.open(store.toString(), past)) {
            assertThat(holdfast.kv().set(Key.of("a"), 3)).isGreaterThan(before);
        }
    }

    @Test
    void streamsGoOnBehindEveryOffsetOfTheReplacedStoreHoweverOftenTheSameBackupIsRestored() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.stream("s").create(StreamSpec.json());
            holdfast.stream("s").append("1".getBytes(UTF_8));
            holdfast.backup(backup);
        }
        long highest = 1;
        for (int i = 0; i < 3; i++) {
            try (Holdfast holdfast = Holdfast.open(store)) {
                highest = holdfast.stream("s").append("[2,3]".getBytes(UTF_8)).tail();
            }
            Holdfast.restore(backup, store, OPTIONS, true);
            try (Holdfast holdfast = Holdfast.open(store)) {
                assertThat(holdfast.stream("s").head().tail()).isGreaterThan(highest);
                assertThat(StreamOffset.units(holdfast.stream("s").head().tail()))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void versionstampsGoOnAboveTheClockWhereTheStoreIsLost() throws IOException {
        Files.createDirectories(backup.getParent());
        Versionstamp before;
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.backup(backup);
            before = holdfast.kv().set(Key.of("a"), 2);
        }
        Path elsewhere = folder.resolve("new/place/store.db");

        Holdfast.restore(backup, elsewhere, OPTIONS, false);

        try (Holdfast holdfast = Holdfast.open(elsewhere)) {
            assertThat(holdfast.kv().set(Key.of("a"), 3)).isGreaterThan(before);
        }
    }

    @Test
    void aStoreIsReplacedOnlyWhenAskedForAndWhenNobodyHasItOpen() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(Key.of("a"), 1);
            holdfast.backup(backup);
            holdfast.kv().set(Key.of("a"), 2);

            assertRefused("restore.exists", () -> Holdfast.restore(backup, store, OPTIONS, false));
            assertRefused("restore.busy", () -> Holdfast.restore(backup, store, OPTIONS, true));

            holdfast.kv().set(Key.of("b"), 3);
        }
        assertThat(value(store, "a")).isEqualTo(2);
        assertThat(value(store, "b")).isEqualTo(3);
    }

    @Test
    void aFileThatLooksLikeAnotherStoreInTheMakingIsLeftAlone() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(Key.of("a"), 1);
            holdfast.backup(backup);
        }
        Path part = Files.writeString(folder.resolve("store.db.part"), "of somebody else");

        Holdfast.restore(backup, store, OPTIONS, true);

        assertThat(part).hasContent("of somebody else");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("store.db", "store.db.part", "copies");
    }

    @Test
    void whatIsNoFileIsNotReplaced() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.backup(backup);
        }

        assertRefused("restore.exists", () -> Holdfast.restore(backup, Path.of("/dev/null"), OPTIONS, true));
        assertRefused("restore.exists", () -> Holdfast.restore(backup, folder, OPTIONS, true));
    }

    @Test
    void aStoreThatCannotBeReadAnyMoreIsReplaced() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            holdfast.kv().set(Key.of("a"), 1);
            holdfast.backup(backup);
        }
        byte[] file = Files.readAllBytes(store);
        Arrays.fill(file, (byte) 0x5a);
        Files.write(store, file);

        Holdfast.restore(backup, store, OPTIONS, true);

        assertThat(value(store, "a")).isEqualTo(1);
    }

    @Test
    void whatIsNoSoundBackupIsRefusedAndTheStoreStaysWhatItWas() throws IOException {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            for (int i = 0; i < 1_000; i++) {
                holdfast.kv().set(Key.of("n", i), "something to fill a page with");
            }
            holdfast.kv().set(Key.of("a"), 1);
            holdfast.backup(backup);
            Path live = store;
            assertRefused("restore.in_use", () -> Holdfast.restore(live, folder.resolve("x.db"), OPTIONS, false));
        }
        byte[] file = Files.readAllBytes(backup);
        Arrays.fill(file, file.length / 2, file.length / 2 + 9_000, (byte) 0x5a);
        Files.write(backup, file);

        assertRefused("restore.damaged", () -> Holdfast.restore(backup, store, OPTIONS, true));
        Files.write(backup, new byte[0]);
        assertRefused("restore.no_store", () -> Holdfast.restore(backup, store, OPTIONS, true));
        Files.delete(backup);
        assertRefused("restore.no_backup", () -> Holdfast.restore(backup, store, OPTIONS, true));

        assertThat(value(store, "a")).isEqualTo(1);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("store.db", "copies");
    }

    @Test
    void everyFailureNamesTheFileThatWasGiven() throws Exception {
        Files.createDirectories(backup.getParent());
        try (Holdfast holdfast = Holdfast.open(store)) {
            for (int i = 0; i < 1_000; i++) {
                holdfast.kv().set(Key.of("n", i), "something to fill a page with");
            }
            holdfast.backup(backup);
        }
        byte[] whole = Files.readAllBytes(backup);

        Files.writeString(backup, "this is no database".repeat(1_000));
        assertNamed("restore.no_store", "the file holds no store");
        Files.write(backup, new byte[0]);
        assertNamed("restore.no_store", "the file holds no store");
        Files.write(backup, Arrays.copyOf(whole, whole.length / 2));
        assertNamed("restore.damaged", "the backup is damaged");
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, 4_096, 40_000, (byte) 0x5a);
        Files.write(backup, damaged);
        assertNamed("restore.damaged", "the backup is damaged");
        Files.write(backup, whole);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + backup);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into holdfast_migrations select 'later', number, name, checksum, applied_at from"
                    + " holdfast_migrations limit 1");
        }
        assertNamed("schema.newer", "the database was written by a newer program");
    }

    private void assertNamed(String code, String told) {
        assertThatThrownBy(() -> Holdfast.restore(backup, store, OPTIONS, true))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(told)
                .hasMessageContaining("(file=" + backup + ")")
                .hasMessageNotContaining(".part");
    }

    @Test
    void aCopyMadeWhileOthersWriteIsOneMomentAndSound() throws Exception {
        Files.createDirectories(backup.getParent());
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong acknowledged = new AtomicLong();
        try (Holdfast holdfast = Holdfast.open(store)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                for (long i = 1; !stop.get(); i++) {
                    write(holdfast, i);
                    acknowledged.set(i);
                }
            });
            for (int copy = 0; copy < 5; copy++) {
                while (acknowledged.get() < copy * 20L) {
                    Thread.onSpinWait();
                }
                long before = acknowledged.get();
                holdfast.backup(backup);
                long after = acknowledged.get() + 1;

                Path restored = folder.resolve("restored" + copy + ".db");
                Holdfast.restore(backup, restored, OPTIONS, false);

                assertThat(lastOf(restored)).isBetween(before, after);
                assertSound(restored);
            }
            stop.set(true);
            writer.join();
        }
    }

    /** A transaction over several rooms that leaves the same number everywhere. */
    private static void write(Holdfast holdfast, long i) {
        holdfast.transaction(tx -> {
            tx.kv().set(Key.of("last"), i);
            tx.kv().set(Key.of("all", i), i);
            return tx.collection("all").insert(Json.parse("{\"id\":\"" + i + "\"}"));
        });
    }

    /** The number of the last transaction, which must be there whole. */
    private static long lastOf(Path file) {
        try (Holdfast holdfast = Holdfast.open(file)) {
            long last = holdfast.kv()
                    .get(Key.of("last"))
                    .map(entry -> entry.value().json().longValue())
                    .orElse(0L);
            assertThat(holdfast.collection("all").count()).isEqualTo(last);
            assertThat(holdfast.kv().count(KeyPrefix.of("all"))).isEqualTo(last);
            return last;
        }
    }

    private static void assertSound(Path file) {
        List<Finding> findings = new ArrayList<>();
        assertThat(Doctor.examine(file.toString(), OPTIONS, findings::add))
                .as("%s", findings)
                .isEqualTo(Doctor.Verdict.SOUND);
    }

    private static int value(Path file, String key) {
        try (Holdfast holdfast = Holdfast.open(file)) {
            return holdfast.kv().get(Key.of(key)).orElseThrow().value().json().intValue();
        }
    }

    private static void assertRefused(String code, ThrowingCallable restore) {
        assertThatThrownBy(restore)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** A clock that stands at the beginning of 2001. */
    private static final class Past implements TimeSource {
        @Override
        public long millis() {
            return 978_307_200_000L;
        }

        @Override
        public Timer after(long delayMillis, Runnable task) {
            return TimeSource.system().after(delayMillis, task);
        }
    }
}
