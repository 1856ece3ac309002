package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.ListenOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueFlow;
import dev.holdfast.queue.QueueLimits;
import dev.holdfast.queue.QueueListener;
import dev.holdfast.queue.Queues;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What queues promise that are limited: never more under lease, never more in a while, and all of it in the end. */
public abstract class QueueFlowContract extends QueueSuite {
    private static final int JOBS = 12;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final QueueFlow ANY = QueueFlow.unlimited();

    /** The suite over the stores of one engine. */
    protected QueueFlowContract() {}

    @BeforeEach
    void enqueueSome() {
        queue.enqueueAll(IntStream.range(0, JOBS).boxed().toList(), JobOptions.defaults());
    }

    @Test
    void noMoreJobsAreUnderLeaseThanTheQueueAllows() {
        queue.flow(ANY.withConcurrency(3));

        List<Job> jobs = queue.claim(10, LEASE);

        assertThat(texts(jobs)).containsExactly("0", "1", "2");
        assertThat(queue.claim(10, LEASE)).isEmpty();
        queue.ack(jobs.get(0).claim());
        queue.nack(jobs.get(1).claim(), "no");
        assertThat(texts(queue.claim(1, LEASE))).containsExactly("3");
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("4");
        time.advance(Duration.ofMillis(1));
        queue.release(jobs.get(2).claim());
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("5");
        time.advance(LEASE);
        assertThat(queue.claim(10, LEASE)).hasSize(3);
    }

    @Test
    void noMoreJobsAreClaimedInAWindowThanTheQueueAllows() {
        queue.flow(ANY.withRate(5, SECOND));

        assertThat(texts(queue.claim(3, LEASE))).containsExactly("0", "1", "2");
        time.advance(Duration.ofMillis(500));
        List<Job> jobs = queue.claim(10, LEASE);

        assertThat(texts(jobs)).containsExactly("3", "4");
        queue.release(jobs.getFirst().claim());
        assertThat(queue.claim(10, LEASE)).isEmpty();
        time.advance(Duration.ofMillis(499));
        assertThat(queue.claim(10, LEASE)).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(queue.claim(10, LEASE)).hasSize(5);
        assertThat(queue.claim(10, LEASE)).isEmpty();
    }

    @Test
    void bothLimitsHoldAtOnce() {
        queue.flow(ANY.withConcurrency(2).withRate(3, SECOND));

        List<Job> jobs = queue.claim(10, LEASE);

        assertThat(jobs).hasSize(2);
        queue.ackAll(jobs.stream().map(Job::claim).toList());
        assertThat(queue.claim(10, LEASE)).hasSize(1);
        assertThat(queue.claim(10, LEASE)).isEmpty();
        time.advance(SECOND);
        assertThat(queue.claim(10, LEASE)).hasSize(1);
    }

    @Test
    void limitsStayUntilTheyAreTakenBack() {
        QueueFlow flow = ANY.withConcurrency(1).withRate(2, SECOND);
        assertThat(queue.flow()).isEqualTo(ANY);
        queue.flow(flow);
        queue.purge();

        assertThat(Queue.in(store.session(), "mail").flow()).isEqualTo(flow);
        assertThat(Queue.in(store.session(), "other").flow()).isEqualTo(ANY);
        assertThat(Queues.in(store.session()).list()).containsExactly("mail");
        enqueueSome();
        queue.pause();
        assertThat(queue.claim(10, LEASE)).isEmpty();
        assertThat(queue.flow()).isEqualTo(flow);
        queue.resume();
        assertThat(queue.claim(10, LEASE)).hasSize(1);
        queue.flow(ANY);
        assertThat(queue.claim(100, LEASE)).hasSize(JOBS - 1);
    }

    @Test
    void aTransactionIsLimitedToo() {
        queue.flow(ANY.withConcurrency(2).withRate(3, SECOND));

        List<Job> jobs = transaction(tx -> {
            List<Job> some = in(tx).claim(10, LEASE);
            assertThat(in(tx).claim(10, LEASE)).isEmpty();
            some.forEach(job -> in(tx).complete(job.claim()));
            assertThat(in(tx).claim(10, LEASE)).hasSize(1);
            return some;
        });

        assertThat(jobs).hasSize(2);
        assertThat(queue.claim(10, LEASE)).isEmpty();
        time.advance(SECOND);
        assertThat(queue.claim(10, LEASE)).hasSize(1);
    }

    @Test
    void workersDoEverythingAndNeverMoreAtOnce() {
        queue.flow(ANY.withConcurrency(2));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        try (QueueListener listener = queue.listen(
                job -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    running.decrementAndGet();
                },
                ListenOptions.defaults().withConcurrency(8).withLease(LEASE))) {
            await().atMost(LIMIT).until(() -> queue.stats().total() == 0);
            assertThat(listener.running()).isLessThanOrEqualTo(2);
        }

        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void workersAreWokenWhenTheNextWindowBegins() {
        queue.flow(ANY.withRate(JOBS / 2, SECOND));
        AtomicInteger done = new AtomicInteger();

        try (QueueListener listener = queue.listen(
                job -> done.incrementAndGet(),
                ListenOptions.defaults().withConcurrency(3).withLease(LEASE))) {
            await().atMost(LIMIT)
                    .until(() -> done.get() == JOBS / 2 && queue.stats().claimed() == 0);
            assertThat(listener.running()).isZero();
            time.advance(SECOND);
            await().atMost(LIMIT).until(() -> queue.stats().total() == 0);
        }

        assertThat(done.get()).isEqualTo(JOBS);
    }

    @Test
    void whatIsNoLimitIsRefused() {
        assertRefused(() -> ANY.withConcurrency(0));
        assertRefused(() -> ANY.withConcurrency(QueueLimits.CONCURRENCY_MAX + 1));
        assertRefused(() -> ANY.withRate(0, SECOND));
        assertRefused(() -> ANY.withRate(QueueLimits.RATE_JOBS_MAX + 1, SECOND));
        assertRefused(() -> ANY.withRate(1, Duration.ZERO));
        assertRefused(() -> ANY.withRate(1, QueueLimits.WINDOW_MAX.plusMillis(1)));
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("queue.option"));
    }
}
