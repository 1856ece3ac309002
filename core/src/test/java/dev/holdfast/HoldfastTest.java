package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a watch runs without being called
class HoldfastTest {
    @TempDir
    Path folder;

    record User(String name, int age) {}

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            holdfast.kv().as(User.class).set(Key.of("users", 1), new User("Ann", 30));
        }

        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            assertThat(holdfast.kv().as(User.class).get(Key.of("users", 1))).contains(new User("Ann", 30));
        }
    }

    @Test
    void openingWhatShouldBeThereMakesNoFile() {
        Path file = folder.resolve("never.db");

        assertThatThrownBy(() -> Holdfast.openExisting(file.toString(), HoldfastOptions.defaults()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("engine.no_file"))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> Holdfast.openEngine(file.toString(), HoldfastOptions.defaults()))
                .hasMessageContaining("there is no such file");
        assertThat(folder).isEmptyDirectory();

        Holdfast.open(file.toString()).close();
        Holdfast.openExisting(file.toString(), HoldfastOptions.defaults()).close();
        Holdfast.openExisting(Holdfast.MEMORY, HoldfastOptions.defaults()).close();
    }

    @Test
    void anAddressThatIsNotUnderstoodIsNoFile() {
        for (String db : List.of("postgress://u:secret@host/db", "mysql://x/y", "http://127.0.0.1:4437", "a://b")) {
            assertThatThrownBy(() -> Holdfast.open(db))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isEqualTo("postgres.url"))
                    .hasMessageNotContaining("secret");
            assertThat(Path.of(db)).doesNotExist();
        }
        assertThatThrownBy(() -> Holdfast.open("a\0b"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("engine.file_name"));
    }

    @Test
    void manyMayOpenANewFileAtOnce() throws InterruptedException {
        for (int round = 0; round < 40; round++) {
            Path file = folder.resolve(round + ".db");
            CyclicBarrier together = new CyclicBarrier(4);
            List<Callable<Holdfast>> opens = Collections.nCopies(4, () -> {
                together.await();
                return Holdfast.open(file);
            });

            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<Holdfast>> all = threads.invokeAll(opens);
                assertThat(all).allSatisfy(open -> assertThat(open).succeedsWithin(Duration.ZERO));
                all.forEach(open -> open.resultNow().close());
            }
        }
    }

    @Test
    void roomsAndOwnTablesRollBackTogether() throws SQLException {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            holdfast.transaction(tx -> tx.connection().createStatement().execute("create table t (a)"));

            assertThatThrownBy(() -> holdfast.transaction(tx -> {
                        tx.kv().set(Key.of("a"), 1);
                        tx.connection().createStatement().executeUpdate("insert into t values (1)");
                        throw new IOException("stop");
                    }))
                    .isInstanceOf(IOException.class);

            assertThat(holdfast.kv().get(Key.of("a"))).isEmpty();
            int rows = holdfast.read(tx -> {
                var result = tx.connection().createStatement().executeQuery("select count(*) from t");
                result.next();
                return result.getInt(1);
            });
            assertThat(rows).isZero();
        }
    }

    @Test
    void listsInKeyOrder() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            for (int i = 0; i < 600; i++) {
                holdfast.kv().set(Key.of("n", 599 - i), i);
            }
            holdfast.kv().set(Key.of("other"), true);

            assertThat(holdfast.kv().list(KvSelection.below("n")).map(KvEntry::key))
                    .hasSize(600)
                    .isSorted();
            assertThat(holdfast.kv()
                            .list(KvSelection.below("n").reversed().limit(2))
                            .map(KvEntry::key))
                    .containsExactly(Key.of("n", 599), Key.of("n", 598));
            assertThat(holdfast.kv().delete(Key.of("n"))).isEqualTo(600);
            assertThat(holdfast.kv().count(KeyPrefix.all())).isEqualTo(1);
        }
    }

    @Test
    void watchTellsOfWritesDeletionsAndExpiry() throws InterruptedException {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            BlockingQueue<KvWatch.Event> events = new LinkedBlockingQueue<>();
            holdfast.kv().set(Key.of("a", 1), "first");
            try (KvWatch watch = holdfast.kv().watch(KvWatchOptions.prefixes(KeyPrefix.of("a")), events::add)) {
                assertThat(events.poll(5, TimeUnit.SECONDS).updates().getFirst().key())
                        .isEqualTo(Key.of("a", 1));

                holdfast.kv().delete(Key.of("a", 1));
                assertThat(events.poll(5, TimeUnit.SECONDS).updates().getFirst().kind())
                        .isEqualTo(Change.Kind.DELETE);

                holdfast.kv().set(Key.of("a", 2), 1, Duration.ofMillis(1_500));
                assertThat(events.poll(5, TimeUnit.SECONDS).updates().getFirst().kind())
                        .isEqualTo(Change.Kind.SET);
                assertThat(events.poll(5, TimeUnit.SECONDS).updates().getFirst().kind())
                        .isEqualTo(Change.Kind.EXPIRE);
            }
        }
    }

    @Test
    void atomicCommitsAllOrNothing() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            assertThat(holdfast.kv()
                            .atomic()
                            .checkMissing(Key.of("a"))
                            .set(Key.of("a"), 1)
                            .sum(Key.of("n"), 5)
                            .commit()
                            .isCommitted())
                    .isTrue();
            assertThat(holdfast.kv()
                            .atomic()
                            .checkMissing(Key.of("a"))
                            .sum(Key.of("n"), 5)
                            .commit()
                            .isCommitted())
                    .isFalse();
            assertThat(holdfast.kv().get(Key.of("n")).orElseThrow().value().as(Long.class))
                    .isEqualTo(5);
        }
    }

    @Test
    void searchFollowsEveryKindOfWrite() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            var kv = holdfast.kv();
            kv.set(Key.of("n", 0), java.util.Map.of("t", "before"));
            kv.search()
                    .createIndex(KeyPrefix.of("n"), java.util.List.of("t"), dev.holdfast.search.Tokenizer.PORTER, true);
            kv.set(Key.of("n", 1), java.util.Map.of("t", "running fast"));
            kv.atomic()
                    .set(Key.of("n", 2), java.util.Map.of("t", "he runs slowly"))
                    .commit();

            assertThat(kv.search().find(KvSelection.below("n"), "run").stream().map(KvEntry::key))
                    .containsExactlyInAnyOrder(Key.of("n", 1), Key.of("n", 2));
            assertThat(kv.search().find(KvSelection.below("n"), "before")).hasSize(1);
            kv.delete(Key.of("n"));
            assertThat(kv.search().find(KvSelection.below("n"), "run")).isEmpty();
        }
    }

    @Test
    void whatIsExportedComesBackEqualOnAnotherEngine() throws IOException {
        try (Holdfast from = Holdfast.open(folder.resolve("a.db"));
                Holdfast to = Holdfast.open(Holdfast.MEMORY)) {
            for (int i = 0; i < 1_200; i++) {
                from.kv().set(Key.of("n", i), java.util.Map.of("text", "number " + i), Duration.ofDays(1 + i));
            }
            from.kv().set(Key.of("counter"), dev.holdfast.kv.KvValue.u64(-1), java.util.Optional.empty());
            from.namespace("acme").kv().set(Key.of("x"), 1.50);
            from.kv()
                    .search()
                    .createIndex(
                            KeyPrefix.of("n"), java.util.List.of("text"), dev.holdfast.search.Tokenizer.ASCII, true);
            var lines = new java.io.ByteArrayOutputStream();

            from.exportTo(lines);
            to.importFrom(new java.io.ByteArrayInputStream(lines.toByteArray()));

            assertThat(to.contentHash()).isEqualTo(from.contentHash());
            assertThat(to.kv().search().find(KvSelection.below("n"), "77")).hasSize(1);
            from.kv().set(Key.of("counter"), 1);
            assertThat(to.contentHash()).isNotEqualTo(from.contentHash());
        }
    }

    @Test
    void aBackupIsTheStoreAsItWas() {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("a.db"))) {
            holdfast.kv().set(Key.of("a"), 1);
            String before = holdfast.contentHash();

            ((dev.holdfast.engine.sqlite.SqliteEngine) holdfast.database().engine()).backup(folder.resolve("copy.db"));
            holdfast.kv().set(Key.of("a"), 2);

            try (Holdfast copy = Holdfast.open(folder.resolve("copy.db"))) {
                assertThat(copy.contentHash()).isEqualTo(before);
            }
        }
    }
}
