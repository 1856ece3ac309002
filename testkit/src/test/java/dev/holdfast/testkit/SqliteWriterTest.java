package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the SQLite writer does beyond what every engine promises: it groups, it is fair, and it does not wait for
 * itself.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteWriterTest {
    @TempDir
    Path folder;

    private final Callers callers = new Callers();
    private SqliteEngine engine;
    private Probe probe;

    @BeforeEach
    void open() {
        open(SqliteOptions.defaults());
    }

    @AfterEach
    void close() {
        callers.close();
        engine.close();
    }

    @Test
    void operationsThatWaitShareOneCommit() {
        AtomicInteger commits = new AtomicInteger();

        queueBehindAHold(100, commits);

        assertThat(probe.count()).isEqualTo(100);
        // Those that came before the writer thread had its turn may have made a group of their own.
        assertThat(commits).hasValueBetween(1, 3);
    }

    @Test
    void aGroupHasAtMostSoManyUnits() {
        reopen(SqliteOptions.defaults().withGroupMax(10));
        AtomicInteger commits = new AtomicInteger();

        queueBehindAHold(100, commits);

        assertThat(probe.count()).isEqualTo(100);
        assertThat(commits).hasValueBetween(10, 12);
    }

    @Test
    void aUsersTransactionIsNotStarvedByACallerThatWritesWithoutPause() {
        reopen(SqliteOptions.defaults()
                .withDurability(SqliteOptions.Durability.NORMAL)
                .withTurnLimit(Duration.ofSeconds(20)));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Boolean> busy = callers.start(() -> {
            while (!stop.get()) {
                engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, written.incrementAndGet()));
            }
            return true;
        });

        List<Integer> between = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            int a = -i;
            int before = written.get();
            engine.write(UnitKind.USER, unit -> Probe.insert(unit, a));
            between.add(written.get() - before);
        }
        stop.set(true);
        Callers.outcome(busy).value();

        // It waits for what is running and at most for what was ahead of it, not for luck.
        assertThat(between.stream().mapToInt(Integer::intValue).average().orElseThrow())
                .isLessThan(20);
    }

    @Test
    void aUnitThatWaitsForAnotherUnitOfTheSameWriterIsRefusedAtOnce() {
        for (UnitKind outer : UnitKind.values()) {
            for (UnitKind inner : UnitKind.values()) {
                assertThatThrownBy(() -> engine.write(outer, unit -> engine.write(inner, Probe::count)))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("engine.nested_unit");
            }
        }
        assertThatThrownBy(() -> engine.write(unit -> engine.maintenance(sql -> 1)))
                .hasMessageContaining("engine.nested_unit");

        engine.write(unit -> Probe.insert(unit, 1));
        assertThat(probe.count()).isEqualTo(1);
    }

    @Test
    void aUnitOfAGroupThatWaitsForAnotherIsRefusedToo() {
        Callers.Hold hold = callers.hold(engine);
        CompletableFuture<Long> nesting = callers.start(
                () -> engine.write(UnitKind.OPERATION, unit -> engine.write(UnitKind.OPERATION, Probe::count)));
        CompletableFuture<Integer> neighbour =
                callers.start(() -> engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, 1)));
        callers.awaitQuiet();

        hold.close();

        assertThat(Callers.outcome(nesting).failure()).hasMessageContaining("engine.nested_unit");
        assertThat(Callers.outcome(neighbour).value()).isEqualTo(1);
    }

    @Test
    void inMemoryAReadFromWithinAUnitIsRefusedAtOnceToo() {
        try (SqliteEngine memory = SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system())) {
            assertThatThrownBy(() -> memory.write(unit -> memory.read(other -> 1)))
                    .hasMessageContaining("engine.nested_unit");
            assertThatThrownBy(() -> memory.read(unit -> memory.readOne(other -> 1)))
                    .hasMessageContaining("engine.nested_unit");
        }
    }

    @Test
    void everybodyWhoWaitsIsToldAtOnceThatAnotherProcessKeepsTheLock() throws SQLException {
        reopen(SqliteOptions.defaults().withTurnLimit(Duration.ofMillis(500)));
        long start = System.nanoTime();

        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int a = i;
                waiting.add(callers.start(() -> engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, a))));
            }
            for (CompletableFuture<Integer> write : waiting) {
                assertThat(Callers.outcome(write).failure()).isInstanceOf(ConflictException.class);
            }
            statement.execute("rollback");
        }

        // One wait for the first, one for the group; not fifty.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, 1));
        assertThat(probe.count()).isEqualTo(1);
    }

    @Test
    void whatTheQueueHeldWhenTheStoreWasClosedIsCommittedOrRefusedButNotLost() {
        List<CompletableFuture<Integer>> writes = new ArrayList<>();
        Callers.Hold hold = callers.hold(engine);
        for (int i = 0; i < 50; i++) {
            int a = i;
            writes.add(callers.start(() -> engine.write(UnitKind.OPERATION, unit -> Probe.insert(unit, a))));
        }
        callers.awaitQuiet();
        CompletableFuture<Boolean> closing = callers.start(() -> {
            engine.close();
            return true;
        });
        callers.awaitQuiet();

        hold.close();
        Callers.outcome(closing).value();

        writes.forEach(write -> assertThat(Callers.outcome(write).value()).isEqualTo(1));
        open(SqliteOptions.defaults());
        assertThat(probe.count()).isEqualTo(50);
    }

    private void queueBehindAHold(int count, AtomicInteger commits) {
        List<CompletableFuture<Integer>> writes = new ArrayList<>();
        Callers.Hold hold = callers.hold(engine);
        for (int i = 0; i < count; i++) {
            int a = i;
            writes.add(callers.start(() -> engine.write(UnitKind.OPERATION, unit -> {
                unit.atCommit(Counting.class, () -> new Counting(commits));
                return Probe.insert(unit, a);
            })));
        }
        callers.awaitQuiet();
        hold.close();
        writes.forEach(write -> assertThat(Callers.outcome(write).value()).isEqualTo(1));
    }

    private void open(SqliteOptions options) {
        engine = SqliteEngine.open(file(), options, TimeSource.system());
        boolean there = engine.read(unit -> unit.first("select 1 from sqlite_schema where name = 'probe'", row -> true)
                .isPresent());
        probe = there ? Probe.of(engine) : Probe.in(engine);
    }

    private void reopen(SqliteOptions options) {
        engine.close();
        open(options);
    }

    private Path file() {
        return folder.resolve("store.db");
    }

    /** Counts the commits that units share. */
    private record Counting(AtomicInteger commits) implements CommitTask {
        @Override
        public void beforeCommit(Sql sql) {
            commits.incrementAndGet();
        }
    }
}
