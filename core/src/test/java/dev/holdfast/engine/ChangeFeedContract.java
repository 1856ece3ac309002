package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schema.Schema;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine promises to those who follow its change log. */
public abstract class ChangeFeedContract {
    private static final String ROOM = "test";

    private final List<Database> open = new ArrayList<>();
    /** The one that writes. */
    private Database database;
    /** The one that follows; another process where the engine allows several. */
    private Database other;

    /** For the test of an engine. */
    protected ChangeFeedContract() {}

    /** An engine over a database that is the same for the whole test; the second call is a second process. */
    protected abstract Engine open();

    /** Whether {@link #open} gives a second engine on the same database. */
    protected boolean hasProcesses() {
        return true;
    }

    /** A statement that takes a while, with the seconds as its argument. */
    protected abstract String pause();

    @BeforeEach
    void openDatabase() {
        database = connect();
        other = hasProcesses() ? connect() : database;
    }

    @AfterEach
    void closeDatabase() {
        open.forEach(Database::close);
    }

    private Database connect() {
        Tables tables = Tables.defaults();
        Engine engine = open();
        new Schema(tables, Database.migrations()).migrate(engine);
        Database connected = new Database(engine, tables, TimeSource.system());
        open.add(connected);
        return connected;
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

    @Test
    void aNewcomerStaysWhenTheLastOfTheOthersLeavesMeanwhile() throws InterruptedException {
        Semaphore called = new Semaphore(0);
        Semaphore goOn = new Semaphore(0);
        Signals.Registration slow = other.feed().follow("default", ROOM, ChangeFeed.NOW, batch -> {
            called.release();
            goOn.acquireUninterruptibly();
        });
        write(1);
        assertThat(called.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

        // The newcomer is on its way in when the reader calls the slow one for the second time.
        Follower newcomer = new Follower();
        other.feed().follow("default", ROOM, ChangeFeed.NOW, newcomer::take);
        write(2);
        goOn.release();
        assertThat(called.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        slow.close();
        slow.close();
        goOn.release();
        write(3);

        newcomer.awaitAll("newcomer", Set.of(2, 3));
    }

    @Test
    void followersOfOneRoomHearNothingOfAnother() {
        Follower follower = new Follower();
        other.feed().follow("default", ROOM, ChangeFeed.NOW, follower::take);

        database.session("default").write(UnitKind.OPERATION, tx -> {
            tx.changed("another", "", id(1), Change.Kind.SET);
            tx.changed(ROOM, "scope", id(2), Change.Kind.EXPIRE);
            return tx;
        });

        follower.awaitAll("one of two", Set.of(2));
        Change change = follower.batches.element().changes().getFirst();
        assertThat(change.scope()).isEqualTo("scope");
        assertThat(change.kind()).isEqualTo(Change.Kind.EXPIRE);
    }

    @Test
    void whatWasCommittedBeforeIsNotNew() {
        write(1, 2, 3);
        Follower follower = new Follower();
        other.feed().follow("default", ROOM, ChangeFeed.NOW, follower::take);

        write(4);

        follower.awaitAll("only the new one", Set.of(4));
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
                    tx.first(pause(), row -> 1, before);
                    tx.changed(ROOM, "", id(id), Change.Kind.SET);
                    tx.first(pause(), row -> 1, after);
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
                    .map(ChangeFeedContract::id)
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
