package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.ListenOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueFollower;
import dev.holdfast.queue.QueueListener;
import dev.holdfast.queue.QueueStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the workers of a queue promise: who is woken, how many work, what becomes of jobs, and how it ends. */
public abstract class QueueListenContract extends QueueSuite {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ListenOptions OPTIONS = ListenOptions.defaults().withLease(LEASE);

    private final CopyOnWriteArrayList<Job> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);

    /** The suite over the stores of one engine. */
    protected QueueListenContract() {}

    @AfterEach
    void letEverybodyGo() {
        go.countDown();
    }

    @Test
    void everyJobIsHandledAndAcknowledged() {
        queue.enqueueAll(IntStream.range(0, 50).boxed().toList(), JobOptions.defaults());

        try (QueueListener listener =
                queue.listen(handled::add, OPTIONS.withConcurrency(4).withBatch(7))) {
            awaitEmpty();
            assertThat(listener.running()).isZero();
        }

        assertThat(texts(handled))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 50).mapToObj(Integer::toString).toList());
    }

    @Test
    void aCommitWakesWhoeverListens() {
        try (QueueListener listener = queue.listen(handled::add)) {
            assertThat(listener.running()).isZero();
            for (int i = 1; i <= 3; i++) {
                int count = i;
                queue.enqueue(i);
                until(() -> handled.size() == count);
            }
            store.session().write(UnitKind.USER, tx -> Queue.in(tx, "mail").enqueue("in a transaction"));
            until(() -> handled.size() == 4);
            awaitEmpty();
        }
    }

    @Test
    void aJobIsHandledWhenItFallsDue() {
        try (QueueListener listener = queue.listen(handled::add)) {
            queue.enqueue("later", JobOptions.defaults().withDelay(SECOND));
            time.advance(Duration.ofMillis(999));
            assertThat(handled).isEmpty();

            time.advance(Duration.ofMillis(1));

            until(() -> handled.size() == 1);
            assertThat(listener.running()).isLessThan(2);
        }
    }

    @Test
    void aJobWhoseHandlerThrowsIsTriedAgain() {
        queue.enqueue("x");
        AtomicBoolean failed = new AtomicBoolean();

        try (QueueListener listener = queue.listen(job -> {
            if (failed.compareAndSet(false, true)) {
                throw new IllegalStateException("not today");
            }
            handled.add(job);
        })) {
            assertThat(listener).isNotNull();
            until(() -> queue.stats().delayed() == 1);
            time.advance(SECOND);
            until(() -> handled.size() == 1);
            awaitEmpty();
        }

        assertThat(handled.getFirst().attempt()).isEqualTo(2);
        assertThat(handled.getFirst().lastError()).contains("java.lang.IllegalStateException: not today");
    }

    @Test
    void noMoreAreHandledAtOnceThanWasSaid() {
        queue.enqueueAll(IntStream.range(0, 10).boxed().toList(), JobOptions.defaults());
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();

        try (QueueListener listener = queue.listen(
                job -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    pass(go);
                    handled.add(job);
                    now.decrementAndGet();
                },
                OPTIONS.withConcurrency(3))) {
            until(() -> now.get() == 3);
            assertThat(queue.stats()).isEqualTo(new QueueStats(7, 0, 0, 3, 0, false));
            assertThat(listener.running()).isEqualTo(3);
            go.countDown();
            awaitEmpty();
        }

        assertThat(most).hasValue(3);
        assertThat(handled).hasSize(10);
    }

    @Test
    void aLeaseLastsForAsLongAsItsHandler() {
        queue.enqueue("x");

        try (QueueListener listener = queue.listen(this::handleWhenToldTo, OPTIONS)) {
            until(() -> listener.running() == 1);
            for (int i = 0; i < 7; i++) {
                time.advance(LEASE.dividedBy(3));
                until(() -> leaseEnd() == time.instant().plus(LEASE).toEpochMilli());
                assertThat(queue.claim(1, LEASE)).isEmpty();
            }
            go.countDown();
            awaitEmpty();
        }

        assertThat(handled).hasSize(1);
        assertThat(handled.getFirst().attempt()).isEqualTo(1);
    }

    @Test
    void whoeverHandlesALostJobIsInterrupted() {
        String id = queue.enqueue("x").id();
        AtomicBoolean interrupted = new AtomicBoolean();

        try (QueueListener listener = queue.listen(
                job -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                },
                OPTIONS)) {
            until(() -> listener.running() == 1);
            assertThat(queue.ack(queue.claimOf(id).orElseThrow())).isTrue();
            time.advance(LEASE.dividedBy(3));
            until(interrupted::get);
            queue.enqueue("y");
            until(() -> queue.stats().claimed() == 1);
            go.countDown();
            awaitEmpty();
        }
    }

    @Test
    void aHandlerCompletesItsJobInATransactionOfItsOwn() {
        queue.enqueueAll(List.of(1, 2, 3), JobOptions.defaults());

        try (QueueListener listener = queue.listen(job -> {
            store.session().write(UnitKind.USER, tx -> {
                Kv.in(tx).atomic().sum(Key.of("count"), job.as(Integer.class)).commit();
                Queue.in(tx, "mail").complete(job.claim());
                return tx.now();
            });
            handled.add(job);
        })) {
            assertThat(listener).isNotNull();
            until(() -> handled.size() == 3);
            awaitEmpty();
        }

        assertThat(kv().get(Key.of("count")).orElseThrow().value()).hasToString("6");
    }

    @Test
    void closingGivesBackWhatWasNotBegun() {
        queue.enqueueAll(IntStream.range(0, 6).boxed().toList(), JobOptions.defaults());
        QueueListener listener = queue.listen(this::handleWhenToldTo, OPTIONS.withPrefetch(5));
        until(() -> queue.stats().claimed() == 6);

        Thread closing = Thread.ofVirtual().start(listener::close);
        until(() -> queue.stats().ready() == 5);
        assertThat(closing.isAlive()).isTrue();
        go.countDown();
        until(() -> !closing.isAlive());

        assertThat(queue.stats()).isEqualTo(new QueueStats(5, 0, 0, 0, 0, false));
        assertThat(queue.peek(10)).allMatch(job -> job.attempts() == 0);
        assertThat(texts(handled)).containsExactly("0");
        listener.close();
    }

    @Test
    void closingWaitsNoLongerThanWasSaid() {
        queue.enqueue("x");
        QueueListener listener = queue.listen(job -> go.await(), OPTIONS.withStopTimeout(Duration.ZERO));
        until(() -> listener.running() == 1);

        listener.close();

        assertThat(queue.peek(1).getFirst().attempts()).isZero();
        until(() -> listener.running() == 0);
        assertThat(queue.stats()).isEqualTo(new QueueStats(1, 0, 0, 0, 0, false));
    }

    @Test
    void whoFollowsIsWokenByCommitsAndByTheClock() {
        AtomicInteger woken = new AtomicInteger();
        try (QueueFollower follower = queue.follow(woken::incrementAndGet)) {
            assertThat(follower).isNotNull();
            assertThat(queue.claim(1, LEASE)).isEmpty();
            int before = woken.get();
            queue.enqueue("x");
            until(() -> woken.get() > before);
            assertThat(queue.claim(1, SECOND)).hasSize(1);
            int claimed = woken.get();
            time.advance(SECOND);
            assertThat(woken).hasValueGreaterThan(claimed);
        }
        int closed = woken.get();
        queue.enqueue("y");
        time.advance(SECOND.multipliedBy(10));
        assertThat(woken).hasValue(closed);
    }

    @Test
    void nobodyListensFromInsideATransaction() {
        assertThatThrownBy(() -> transaction(tx -> in(tx).listen(handled::add)))
                .hasMessageContaining("engine.inside_transaction");
        assertThatThrownBy(() -> transaction(tx -> in(tx).follow(() -> {})))
                .hasMessageContaining("engine.inside_transaction");
    }

    private void handleWhenToldTo(Job job) {
        pass(go);
        handled.add(job);
    }

    private void awaitEmpty() {
        until(() -> queue.stats().total() == 0);
    }

    /** When the last lease ends. */
    private long leaseEnd() {
        String text = store.database().tables().sql("select max(due_at) from {p}queue_jobs where state = 3");
        return store.session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(3)).until(condition);
    }

    private static void pass(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the latch in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a latch", e);
        }
    }
}
