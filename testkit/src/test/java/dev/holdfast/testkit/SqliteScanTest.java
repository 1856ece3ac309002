package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvSelection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A scan of a virtual thread runs on a thread of the platform: in a native call it would keep its carrier. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteScanTest {
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    @TempDir
    Path folder;

    private SqliteEngine engine;

    @BeforeEach
    void open() {
        engine = SqliteEngine.open(folder.resolve("a.db"), SqliteOptions.defaults(), TimeSource.system());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aVirtualThreadHandsItsScanOver() {
        List<Boolean> virtual = onVirtualThread(() -> List.of(
                engine.scan(unit -> Thread.currentThread().isVirtual()),
                engine.scanOne(unit -> Thread.currentThread().isVirtual()),
                engine.readOne(unit -> Thread.currentThread().isVirtual())));

        assertThat(virtual).containsExactly(false, false, true);
    }

    @Test
    void aThreadOfThePlatformScansItself() {
        Thread scanning = engine.scan(unit -> Thread.currentThread());

        assertThat(scanning).isSameAs(Thread.currentThread());
    }

    @Test
    void whatAScanThrowsReachesItsCaller() {
        assertThatThrownBy(() -> onVirtualThread(() -> engine.scan(unit -> {
                    throw new IllegalStateException("as it was thrown");
                })))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("as it was thrown");
    }

    @Test
    void anInterruptIsKeptForTheCaller() {
        boolean[] interrupted = new boolean[1];

        int answer = onVirtualThread(() -> {
            Thread.currentThread().interrupt();
            int found = engine.scan(unit -> unit.first("select 7", row -> row.getInt(1)))
                    .orElseThrow();
            interrupted[0] = Thread.interrupted();
            return found;
        });

        assertThat(answer).isEqualTo(7);
        assertThat(interrupted[0]).isTrue();
    }

    @Test
    void aScanThatFindsNoThreadInTimeSaysSo() throws InterruptedException {
        SqliteOptions base = SqliteOptions.defaults();
        var impatient = new SqliteOptions(
                base.durability(),
                base.readers(),
                base.cacheKib(),
                base.transactionLimit(),
                Duration.ofMillis(20),
                base.groupMax());
        int threads = Runtime.getRuntime().availableProcessors();
        var taken = new CountDownLatch(threads);
        var done = new CountDownLatch(1);
        try (SqliteEngine busy = SqliteEngine.open(folder.resolve("c.db"), impatient, TimeSource.system())) {
            List<CompletableFuture<Boolean>> scans = IntStream.range(0, threads)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> busy.scan(unit -> hold(taken, done)), VIRTUAL))
                    .toList();
            taken.await();

            assertThatThrownBy(() -> onVirtualThread(() -> busy.scan(unit -> 1)))
                    .cause()
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("threads=" + threads)
                    .hasMessageContaining("turnLimit=PT0.02S");
            done.countDown();
            assertThat(scans).allSatisfy(scan -> assertThat(scan.join()).isTrue());
            int answer = onVirtualThread(() -> busy.scan(unit -> 1));
            assertThat(answer).isEqualTo(1);
        }
    }

    private static boolean hold(CountDownLatch taken, CountDownLatch done) {
        taken.countDown();
        try {
            return done.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aClosedEngineRefusesToScan() {
        engine.close();

        assertThatThrownBy(() -> onVirtualThread(() -> engine.scan(unit -> 1)))
                .cause()
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void listsOfManyVirtualThreadsAreWhole() {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("b.db"))) {
            holdfast.transaction(tx -> IntStream.range(0, 1_000)
                    .mapToObj(i -> tx.kv().set(Key.of("n", i), i))
                    .toList());
            List<CompletableFuture<Long>> counts = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> holdfast.kv().list(KvSelection.all()).count(), VIRTUAL))
                    .toList();

            assertThat(counts).allSatisfy(count -> assertThat(count.join()).isEqualTo(1_000));
        }
    }

    private static <R> R onVirtualThread(Supplier<R> call) {
        return CompletableFuture.supplyAsync(call, VIRTUAL).join();
    }
}
