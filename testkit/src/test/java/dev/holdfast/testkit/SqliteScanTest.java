package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvSelection;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
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
