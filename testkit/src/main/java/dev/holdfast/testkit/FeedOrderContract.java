package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.UnitKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What followers of the change log are promised where commits overlap: whatever the order in which transactions end,
 * each change arrives once, and whoever goes on from a position misses nothing. Where a database can be shared, another
 * engine follows than the one that writes.
 */
public abstract class FeedOrderContract extends Contract {
    private static final String ROOM = "test";

    /** The one that writes. */
    private Database database;
    /** The one that follows. */
    private Database other;
    /** A statement that takes a while, with the seconds as its argument. */
    private String pause;

    /** The suite over the stores of one engine. */
    protected FeedOrderContract() {}

    /** The store that follows: another engine on the database, or the same where there can be but one. */
    protected Store follower(Store writer) {
        return writer.second();
    }

    @BeforeEach
    void open() {
        Store store = stores().fresh();
        database = store.database();
        other = follower(store).database();
        // SQLite has one writer at a time: its pauses are none, and yet commits come in groups.
        pause = database.dialect() == Dialect.POSTGRES ? "select pg_sleep(?)" : "select ?";
    }

    @Test
    void everyChangeArrivesOnceWhateverTheOrderOfCommits() {
        long seed = new Random().nextLong();
        Follower follower = new Follower();
        other.feed().follow("default", ROOM, ChangeFeed.NOW, follower::take);

        Set<Integer> committed = writeAtRandom(seed, 12, 40);

        follower.awaitAll("seed " + seed, committed);
        assertThat(follower.ids()).as("seed %d", seed).doesNotHaveDuplicates();
    }

    @Test
    void whoeverGoesOnFromAPositionMissesNothing() {
        long seed = new Random().nextLong();
        Follower first = new Follower();
        other.feed().follow("default", ROOM, ChangeFeed.NOW, first::take);
        Set<Integer> committed = writeAtRandom(seed, 8, 20);
        first.awaitAll("seed " + seed, committed);

        // A batch's position stands for everything that was handed out with and before it.
        Set<Integer> before = new HashSet<>();
        for (ChangeBatch batch : List.copyOf(first.batches)) {
            batch.changes().forEach(change -> before.add(id(change)));
            Set<Integer> missing = new HashSet<>(committed);
            missing.removeAll(before);
            Follower resumed = new Follower();
            Signals.Registration registration = other.feed().follow("default", ROOM, batch.position(), resumed::take);
            resumed.awaitAtLeast("seed " + seed + ", position " + batch.position(), missing);
            registration.close();
        }
    }

    @Test
    void aCommitOfManyPagesArrivesInOrderAndOnce() {
        Follower follower = new Follower();
        other.feed().follow("default", ROOM, ChangeFeed.NOW, follower::take);

        write(IntStream.range(0, 3_500).toArray());
        write(3_500);

        follower.awaitAll("pages", range(0, 3_501));
        assertThat(follower.ids()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aPositionInTheMiddleOfManyPagesMissesNothing() {
        Follower first = new Follower();
        for (int i = 0; i < 2_500; i += 250) {
            write(IntStream.range(i, i + 250).toArray());
        }
        other.feed().follow("default", ROOM, 0, first::take);
        first.awaitAll("pages", range(0, 2_500));

        assertThat(first.batches).hasSizeGreaterThan(1);
        ChangeBatch early = first.batches.peek();
        Follower resumed = new Follower();
        other.feed().follow("default", ROOM, early.position(), resumed::take);

        resumed.awaitAtLeast("after the first page", range(early.changes().size(), 2_500));
    }

    /** Units of many threads that take their versionstamp, wait, and commit or roll back, as chance will have it. */
    private Set<Integer> writeAtRandom(long seed, int writers, int times) {
        AtomicInteger next = new AtomicInteger();
        Set<Integer> committed = new HashSet<>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Set<Integer>>> all = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                Random random = new Random(seed + w);
                all.add(pool.submit(() -> writeSome(random, times, next)));
            }
            for (Future<Set<Integer>> one : all) {
                committed.addAll(one.get(60, TimeUnit.SECONDS));
            }
        } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("seed " + seed, e);
        }
        return committed;
    }

    private Set<Integer> writeSome(Random random, int times, AtomicInteger next) {
        Set<Integer> committed = new HashSet<>();
        for (int n = 0; n < times; n++) {
            int id = next.incrementAndGet();
            double before = random.nextDouble() * 0.004;
            double after = random.nextDouble() * 0.008;
            boolean fails = random.nextInt(5) == 0;
            try {
                database.session("default").write(UnitKind.OPERATION, tx -> {
                    tx.first(pause, row -> 1, before);
                    tx.changed(ROOM, "", id(id), Change.Kind.SET);
                    tx.first(pause, row -> 1, after);
                    if (fails) {
                        throw new IllegalStateException("rolled back");
                    }
                    return tx;
                });
                committed.add(id);
            } catch (IllegalStateException e) {
                assertThat(fails).isTrue();
            }
        }
        return committed;
    }

    private void write(int... ids) {
        database.session("default").write(UnitKind.OPERATION, tx -> {
            for (int id : ids) {
                tx.changed(ROOM, "", id(id), Change.Kind.SET);
            }
            return tx;
        });
    }

    private static byte[] id(int id) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }

    private static int id(Change change) {
        return ByteBuffer.wrap(change.id()).getInt();
    }

    private static Set<Integer> range(int from, int to) {
        return new HashSet<>(IntStream.range(from, to).boxed().toList());
    }

    /** Remembers what it was handed. */
    private static final class Follower {
        private final ConcurrentLinkedQueue<ChangeBatch> batches = new ConcurrentLinkedQueue<>();
        private final Semaphore arrivals = new Semaphore(0);

        void take(ChangeBatch batch) {
            batches.add(batch);
            arrivals.release();
        }

        List<Integer> ids() {
            return batches.stream()
                    .flatMap(batch -> batch.changes().stream())
                    .map(FeedOrderContract::id)
                    .toList();
        }

        void awaitAtLeast(String what, Set<Integer> expected) {
            try {
                Set<Integer> missing = missing(expected);
                while (!missing.isEmpty() && arrivals.tryAcquire(20, TimeUnit.SECONDS)) {
                    missing = missing(expected);
                }
                assertThat(missing).as(what).isEmpty();
            } catch (InterruptedException e) {
                throw new AssertionError(what, e);
            }
        }

        void awaitAll(String what, Set<Integer> expected) {
            awaitAtLeast(what, expected);
            assertThat(new HashSet<>(ids())).as(what).isEqualTo(expected);
        }

        private Set<Integer> missing(Set<Integer> expected) {
            Set<Integer> missing = new HashSet<>(expected);
            ids().forEach(missing::remove);
            return missing;
        }
    }
}
