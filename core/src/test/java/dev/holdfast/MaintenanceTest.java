package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.schema.Schema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
    private static final HoldfastOptions OPTIONS = HoldfastOptions.defaults().withMaintenance(Duration.ofSeconds(10));
    private static final Key KEY = Key.of("a");

    private final Rounds time = new Rounds();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile Runnable beforeReading = () -> {};
    private SqliteEngine engine;
    private Database database;

    @BeforeEach
    void open() {
        engine = SqliteEngine.inMemory(SqliteOptions.defaults(), time);
        new Schema(Tables.defaults(), Rooms.migrations(), time).migrate(engine);
        database = new Database(watched(engine), Tables.defaults(), time);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        database.close();
    }

    @Test
    void aNamespaceThatFailsKeepsNoOtherFromBeingSwept() throws InterruptedException {
        int first = expiring("a");
        int second = expiring("b");
        engine.write(unit -> unit.exec("create trigger fails before delete on holdfast_kv when old.ns = " + first
                + " begin select raise(abort, 'stop'); end"));
        time.millis.addAndGet(1_000);
        try (Maintenance maintenance = new Maintenance(database, OPTIONS)) {
            assertThat(maintenance).isNotNull();

            time.next().run();
            time.next();
        }

        assertThat(rows(first)).isEqualTo(1);
        assertThat(rows(second)).isZero();
    }

    @Test
    void closingDoesNotWaitForARound() throws Exception {
        Maintenance maintenance = new Maintenance(database, OPTIONS);
        beforeReading = this::block;
        time.next().run();
        assertThat(entered.await(1, TimeUnit.MINUTES)).isTrue();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(maintenance::close);

        assertThat(closing).succeedsWithin(Duration.ofMinutes(1));
        assertThat(goOn.getCount()).isEqualTo(1);
    }

    @Test
    void anErrorEndsOneRoundAndNotAll() throws InterruptedException {
        int ns = expiring("a");
        time.millis.addAndGet(1_000);
        try (Maintenance maintenance = new Maintenance(database, OPTIONS)) {
            assertThat(maintenance).isNotNull();
            beforeReading = () -> {
                throw new StackOverflowError("stop");
            };
            time.next().run();
            Runnable second = time.next();
            beforeReading = () -> {};

            second.run();
            time.next();
        }

        assertThat(rows(ns)).isZero();
    }

    private int expiring(String namespace) {
        Kv.in(database.session(namespace)).set(KEY, 1, Duration.ofMillis(500));
        return database.session(namespace).write(UnitKind.OPERATION, Tx::ns);
    }

    private long rows(int ns) {
        return engine.read(
                unit -> unit.first("select count(*) from holdfast_kv where ns = ?", row -> row.getLong(1), ns)
                        .orElseThrow());
    }

    private void block() {
        entered.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The engine, with something that comes before each of its reads. */
    private Engine watched(Engine target) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, args) -> {
                    if (method.getName().equals("read")) {
                        beforeReading.run();
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A clock that stands, and what waits for the next round. */
    private static final class Rounds implements TimeSource {
        private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
        private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

        @Override
        public long millis() {
            return millis.get();
        }

        @Override
        public Timer after(long delayMillis, Runnable task) {
            if (delayMillis == OPTIONS.maintenance().toMillis()) {
                waiting.add(task);
            }
            return () -> waiting.remove(task);
        }

        /** The next round, which is scheduled when the one before has ended. */
        Runnable next() throws InterruptedException {
            Runnable task = waiting.poll(1, TimeUnit.MINUTES);
            assertThat(task).isNotNull();
            return task;
        }
    }
}
