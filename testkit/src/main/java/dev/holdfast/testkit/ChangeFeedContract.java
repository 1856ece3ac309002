package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Signals.Registration;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What followers of the change log are promised: every committed change of their room, once, in order, no other. */
public abstract class ChangeFeedContract extends Contract {
    private static final String ROOM = "test";

    private Database database;

    /** The suite over the stores of one engine. */
    protected ChangeFeedContract() {}

    @BeforeEach
    void open() {
        database = stores().fresh().database();
    }

    @Test
    void aFollowerSeesWhatIsCommittedFromNowOnInOrder() {
        change("default", -1);
        Seen seen = follow(ChangeFeed.NOW);

        for (int i = 0; i < 100; i++) {
            change("default", i);
        }

        seen.awaitCount(100);
        assertThat(seen.ids()).isEqualTo(numbers(0, 100));
    }

    @Test
    void theChangesOfOneCommitComeTogetherAndInTheirOrder() {
        Seen seen = follow(ChangeFeed.NOW);

        long stamp = database.session("default").write(UnitKind.USER, tx -> {
            for (int i = 0; i < 70; i++) {
                tx.changed(ROOM, "s" + i % 2, id(i), Change.Kind.of(i % 3));
            }
            return tx.versionstamp();
        });

        seen.awaitCount(70);
        assertThat(seen.changes()).allMatch(change -> change.versionstamp() == stamp);
        assertThat(seen.changes().stream().map(Change::n)).isEqualTo(numbers(0, 70));
        assertThat(seen.ids()).isEqualTo(numbers(0, 70));
        assertThat(seen.changes().get(5))
                .satisfies(change -> assertThat(change.scope()).isEqualTo("s1"))
                .satisfies(change -> assertThat(change.kind()).isEqualTo(Change.Kind.EXPIRE));
        assertThat(seen.batches()).isEqualTo(1);
    }

    @Test
    void aFollowerThatComesBackMissesNothing() {
        Seen first = follow(ChangeFeed.NOW);
        numbers(0, 10).forEach(i -> change("default", i));
        first.awaitCount(10);
        long position = first.position();
        first.close();
        numbers(10, 20).forEach(i -> change("default", i));

        Seen second = follow(position);
        numbers(20, 30).forEach(i -> change("default", i));

        second.awaitId(29);
        // Where commits overlap, the position lies before some of those that were seen already.
        assertThat(second.ids()).containsSubsequence(numbers(10, 30)).doesNotHaveDuplicates();
    }

    @Test
    void aFollowerFromTheBeginningReadsTheWholeLogHoweverLong() {
        for (int from = 0; from < 2_500; from += 500) {
            int first = from;
            database.session("default").write(UnitKind.OPERATION, tx -> {
                numbers(first, first + 500).forEach(i -> tx.changed(ROOM, "", id(i), Change.Kind.SET));
                return tx;
            });
        }

        Seen seen = follow(0);

        seen.awaitCount(2_500);
        assertThat(seen.ids()).isEqualTo(numbers(0, 2_500));
    }

    @Test
    void whatRolledBackIsNeverSeen() {
        Seen seen = follow(ChangeFeed.NOW);

        assertThatThrownBy(() -> database.session("default").write(UnitKind.USER, tx -> {
                    tx.changed(ROOM, "", id(1), Change.Kind.SET);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        database.session("default").write(UnitKind.USER, tx -> {
            tx.changed(ROOM, "", id(2), Change.Kind.SET);
            assertThatThrownBy(() -> tx.nested(() -> {
                        tx.changed(ROOM, "", id(3), Change.Kind.SET);
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
            tx.changed(ROOM, "", id(4), Change.Kind.SET);
            return tx;
        });

        seen.awaitCount(2);
        assertThat(seen.ids()).containsExactly(2, 4);
    }

    @Test
    void otherRoomsAndOtherNamespacesAreNotSeen() {
        Seen seen = follow(ChangeFeed.NOW);
        Seen other = new Seen();
        other.registration = database.feed().follow("other", ROOM, ChangeFeed.NOW, other);

        database.session("default").write(UnitKind.OPERATION, tx -> {
            tx.changed("another room", "", id(1), Change.Kind.SET);
            return tx;
        });
        change("other", 2);
        change("default", 3);

        seen.awaitCount(1);
        other.awaitCount(1);
        assertThat(seen.ids()).containsExactly(3);
        assertThat(other.ids()).containsExactly(2);
    }

    @Test
    void everyFollowerSeesEverythingWhileManyWrite() {
        List<Seen> followers = List.of(follow(ChangeFeed.NOW), follow(ChangeFeed.NOW), follow(0));
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Boolean>> writers = IntStream.range(0, 10)
                    .mapToObj(w -> callers.start(() -> {
                        numbers(0, 30).forEach(i -> change("default", w * 30 + i));
                        return true;
                    }))
                    .toList();
            Seen late = follow(0);
            writers.forEach(writer -> Callers.outcome(writer).value());

            for (Seen seen : List.of(followers.get(0), followers.get(1), followers.get(2), late)) {
                seen.awaitCount(300);
                assertThat(seen.ids()).containsExactlyInAnyOrderElementsOf(numbers(0, 300));
                for (int w = 0; w < 10; w++) {
                    assertThat(seen.ids()).containsSubsequence(numbers(w * 30, w * 30 + 30));
                }
            }
        }
    }

    @Test
    void aFollowerThatLeavesHearsNoMoreAndTheOthersGoOn() {
        Seen stays = follow(ChangeFeed.NOW);
        Seen leaves = follow(ChangeFeed.NOW);
        change("default", 1);
        stays.awaitCount(1);
        leaves.awaitCount(1);

        leaves.close();
        leaves.close();
        change("default", 2);

        stays.awaitCount(2);
        assertThat(leaves.ids()).containsExactly(1);
    }

    @Test
    void aFollowerThatJoinsWhileTheLastOneLeavesIsServed() {
        change("default", 1);
        Seen leaving = follow(ChangeFeed.NOW);
        change("default", 2);
        leaving.awaitCount(1);
        CountDownLatch caughtUp = new CountDownLatch(1);
        Seen joining = new Seen();

        // The first batch comes while the newcomer is brought up to date; in it the only other follower leaves.
        joining.registration = database.feed().follow("default", ROOM, 0, batch -> {
            leaving.close();
            joining.accept(batch);
            caughtUp.countDown();
        });
        Callers.pass(caughtUp);
        change("default", 3);

        joining.awaitCount(3);
        assertThat(joining.ids()).containsExactly(1, 2, 3);
    }

    @Test
    void aFollowerThatComesAfterAllHaveLeftIsServed() {
        for (int i = 0; i < 20; i++) {
            Seen seen = follow(ChangeFeed.NOW);
            change("default", i);
            seen.awaitCount(1);
            assertThat(seen.ids()).containsExactly(i);
            seen.close();
        }
    }

    @Test
    void aFollowerThatFailsDoesNotHarmTheOthersNorItself() {
        AtomicInteger calls = new AtomicInteger();
        Registration failing = database.feed().follow("default", ROOM, ChangeFeed.NOW, batch -> {
            calls.incrementAndGet();
            throw new IllegalStateException("this follower fails on purpose");
        });
        Seen seen = follow(ChangeFeed.NOW);

        change("default", 1);
        seen.awaitCount(1);
        change("default", 2);
        seen.awaitCount(2);

        assertThat(calls).hasValue(2);
        failing.close();
    }

    @Test
    void aReadOfTheLogThatFailsIsTriedAgainAndNothingIsLostOrComesTwice() {
        for (int from = 0; from < 2_500; from += 500) {
            int first = from;
            database.session("default").write(UnitKind.OPERATION, tx -> {
                numbers(first, first + 500).forEach(i -> tx.changed(ROOM, "", id(i), Change.Kind.SET));
                return tx;
            });
        }
        FaultyEngine faulty = new FaultyEngine(database.engine());
        Database broken = new Database(faulty, database.tables(), database.time());
        Seen first = new Seen();
        first.registration = broken.feed().follow("default", ROOM, ChangeFeed.NOW, first);

        for (int number = 1; number <= 8; number++) {
            Seen seen = new Seen();
            int before = number;
            seen.registration = broken.feed().follow("default", ROOM, 0, batch -> {
                if (seen.batches() == 0) {
                    // While the newcomer is being brought up to date.
                    faulty.failStatement(before, FaultyEngine.Moment.BEFORE);
                }
                seen.accept(batch);
            });
            change("default", 2_499 + number);
            seen.awaitId(2_499 + number);
            assertThat(seen.ids()).isEqualTo(numbers(0, 2_500 + number));
            seen.close();
        }

        first.awaitId(2_507);
        assertThat(first.ids()).isEqualTo(numbers(2_500, 2_508));
        broken.feed().close();
    }

    @Test
    void theFeedOfAClosedStoreRefuses() {
        database.close();

        assertThatThrownBy(() -> follow(ChangeFeed.NOW)).isInstanceOf(ClosedException.class);
    }

    private Seen follow(long after) {
        Seen seen = new Seen();
        seen.registration = database.feed().follow("default", ROOM, after, seen);
        return seen;
    }

    private void change(String namespace, int number) {
        database.session(namespace).write(UnitKind.OPERATION, (Tx tx) -> {
            tx.changed(ROOM, "", id(number), Change.Kind.SET);
            return tx;
        });
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static byte[] id(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** What a follower has seen. */
    static final class Seen implements Consumer<ChangeBatch> {
        private final List<ChangeBatch> batches = Collections.synchronizedList(new ArrayList<>());
        private Registration registration = () -> {};

        @Override
        public void accept(ChangeBatch batch) {
            batches.add(batch);
        }

        List<Change> changes() {
            synchronized (batches) {
                return batches.stream()
                        .flatMap(batch -> batch.changes().stream())
                        .toList();
            }
        }

        List<Integer> ids() {
            return changes().stream()
                    .map(change -> ByteBuffer.wrap(change.id()).getInt())
                    .toList();
        }

        int batches() {
            return batches.size();
        }

        long position() {
            return batches.getLast().position();
        }

        void awaitCount(int count) {
            await(count + " changes", () -> changes().size() >= count);
        }

        void awaitId(int number) {
            await("change " + number, () -> ids().contains(number));
        }

        private void await(String what, Callable<Boolean> reached) {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(2))
                    .until(reached);
        }

        void close() {
            registration.close();
        }
    }
}
