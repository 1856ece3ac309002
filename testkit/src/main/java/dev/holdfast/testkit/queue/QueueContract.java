package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.DeadJob;
import dev.holdfast.queue.Enqueued;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.queue.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What queues promise of single jobs: who gets them, when, how often, and what becomes of them. */
public abstract class QueueContract extends QueueSuite {
    private static final JobClaim NOBODYS = new JobClaim("00000000-0000-7000-8000-000000000000", 1);

    /** The suite over the stores of one engine. */
    protected QueueContract() {}

    @Test
    void aJobIsClaimedByOneAndSettledOnce() {
        Enqueued enqueued = queue.enqueue(Map.of("to", "ann"));

        Job job = claim();

        assertThat(enqueued.added()).isTrue();
        assertThat(job.id()).isEqualTo(enqueued.id()).hasSize(36);
        assertThat(job.queue()).isEqualTo("mail");
        assertThat(job.value()).hasToString("{\"to\":\"ann\"}");
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.attemptsMax()).isEqualTo(5);
        assertThat(job.enqueuedAt()).isEqualTo(time.instant());
        assertThat(job.leaseUntil()).isEqualTo(time.instant().plus(LEASE));
        assertThat(job.lastError()).isEmpty();
        assertThat(queue.claim(10, LEASE)).isEmpty();
        assertThat(queue.ack(job.claim())).isTrue();
        assertThat(queue.ack(job.claim())).isFalse();
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 0, 0, false));
    }

    @Test
    void jobsAreClaimedInTheOrderInWhichTheyBecameReady() {
        queue.enqueue("late", JobOptions.defaults().withDelay(SECOND));
        queue.enqueue("a");
        queue.enqueue("b");
        time.advance(Duration.ofMillis(1));
        queue.enqueue("c");

        assertThat(texts(queue.claim(2, LEASE))).containsExactly("\"a\"", "\"b\"");
        time.advance(SECOND);
        queue.enqueue("d");
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("\"c\"", "\"late\"", "\"d\"");
    }

    @Test
    void aLowerNumberIsClaimedBeforeAHigherOne() {
        for (int priority : new int[] {5, 9, 0, 5, 1}) {
            queue.enqueue(priority, JobOptions.defaults().withPriority(priority));
        }
        assertThat(texts(queue.claim(3, LEASE))).containsExactly("0", "1", "5");

        queue.enqueue(2, JobOptions.defaults().withPriority(2));

        assertThat(texts(queue.claim(10, LEASE))).containsExactly("2", "5", "9");
    }

    @Test
    void aDelayedJobIsReadyAtItsMillisecond() {
        queue.enqueue("later", JobOptions.defaults().withDelay(SECOND));

        time.advance(Duration.ofMillis(999));
        assertThat(queue.claim(1, LEASE)).isEmpty();
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 1, 0, 0, 0, false));

        time.advance(Duration.ofMillis(1));
        assertThat(queue.stats()).isEqualTo(new QueueStats(1, 0, 0, 0, 0, false));
        assertThat(claim().attempt()).isEqualTo(1);
    }

    @Test
    void severalJobsAreEnqueuedTogetherInTheirOrder() {
        List<Enqueued> enqueued = queue.enqueueAll(
                IntStream.range(0, 300).boxed().toList(), JobOptions.defaults().withPriority(3));

        List<Job> jobs = queue.claim(300, LEASE);

        assertThat(jobs.stream().map(Job::id))
                .containsExactlyElementsOf(enqueued.stream().map(Enqueued::id).toList());
        assertThat(jobs.get(299).value()).hasToString("299");
        assertThat(queue.ackAll(jobs.stream().map(Job::claim).toList())).hasSize(300);
        assertThat(queue.enqueueAll(List.of(), JobOptions.defaults())).isEmpty();
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void valuesOfEveryKindComeBackAsTheyWere() {
        List<KvValue> values = List.of(
                KvValue.of("a \u0000 \ud83d\ude00"),
                KvValue.bytes(new byte[] {0, 1, -1}),
                KvValue.u64(-1),
                KvValue.jsonText("null"));

        values.forEach(queue::enqueue);

        assertThat(queue.claim(10, LEASE).stream().map(Job::value)).containsExactlyElementsOf(values);
    }

    @Test
    void aRefusedJobComesAgainAfterTheDelaysOfItsOwn() {
        queue.enqueue("x", JobOptions.defaults().withRetry(RetryPolicy.delays(SECOND, SECOND.multipliedBy(3))));

        assertThat(queue.nack(claim().claim(), "first")).isTrue();
        assertThat(queue.claim(1, LEASE)).isEmpty();
        time.advance(SECOND);
        Job second = claim();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.lastError()).contains("first");
        assertThat(queue.nack(second.claim(), "second")).isTrue();
        time.advance(SECOND.multipliedBy(2));
        assertThat(queue.claim(1, LEASE)).isEmpty();
        time.advance(SECOND);
        assertThat(claim().attempt()).isEqualTo(3);
    }

    @Test
    void delaysGrowAndHaveAnEnd() {
        RetryPolicy growing = new RetryPolicy.Backoff(9, SECOND, 3, Duration.ofSeconds(10));

        assertThat(IntStream.of(1, 2, 3, 4).mapToObj(growing::delay))
                .containsExactly(SECOND, Duration.ofSeconds(3), Duration.ofSeconds(9), Duration.ofSeconds(10));
        assertThat(RetryPolicy.defaults().attempts()).isEqualTo(5);
        assertThat(RetryPolicy.delays().delay(1)).isZero();
        queue.enqueue("x", JobOptions.defaults().withRetry(growing));
        queue.nack(claim().claim(), "no");
        time.advance(SECOND);
        queue.nack(claim().claim(), "no");
        time.advance(Duration.ofMillis(2_999));
        assertThat(queue.claim(1, LEASE)).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(claim().attempt()).isEqualTo(3);
    }

    @Test
    void withJitterADelayIsAnyTimeUpToWhatItWouldBe() {
        RetryPolicy.Backoff shaky = RetryPolicy.backoff(9, SECOND).withJitter();
        Random random = new Random(1);
        List<Long> delays = Stream.generate(() -> shaky.delay(2, random).toMillis())
                .limit(200)
                .toList();

        assertThat(delays).allMatch(millis -> millis >= 0 && millis <= 2_000);
        assertThat(delays).anyMatch(millis -> millis < 400).anyMatch(millis -> millis > 1_600);
        assertThat(shaky.delay(2)).isEqualTo(SECOND.multipliedBy(2));
        queue.enqueue("x", JobOptions.defaults().withRetry(shaky));
        queue.nack(claim().claim(), "no");
        time.advance(SECOND);
        assertThat(claim().attempt()).isEqualTo(2);
    }

    @Test
    void anExhaustedJobGoesToItsFallbackKeysAndToTheDead() {
        Instant enqueuedAt = time.instant();
        queue.enqueue(Map.of("job", 1), ONCE.withFallbackKeys(Key.of("f", 1), Key.of("f", 2)));
        Job job = claim();
        time.advance(SECOND);

        assertThat(queue.nack(job.claim(), "no way")).isTrue();

        assertThat(queue.claim(1, LEASE)).isEmpty();
        assertThat(kv().get(Key.of("f", 1)).orElseThrow().value()).hasToString("{\"job\":1}");
        assertThat(kv().get(Key.of("f", 2)).orElseThrow().value()).isEqualTo(job.value());
        DeadJob dead = queue.dead(10, 0).getFirst();
        assertThat(dead)
                .isEqualTo(
                        new DeadJob(job.id(), "mail", job.value(), 1, "no way", enqueuedAt, enqueuedAt.plus(SECOND)));
        assertThat(queue.dead(job.id())).contains(dead);
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 0, 1, false));
        assertThat(queue.nack(job.claim(), "again")).isFalse();
    }

    @Test
    void anExhaustedJobThatIsNotKeptIsGone() {
        queue.enqueue("x", ONCE.withFallbackKeys(Key.of("f")).withDeadLetter(false));

        queue.nack(claim().claim(), "no");

        assertThat(kv().get(Key.of("f"))).isPresent();
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void aLeaseThatRunsOutGivesTheJobToTheNext() {
        queue.enqueue("x");
        Job first = claim();
        time.advance(LEASE.minusMillis(1));
        assertThat(queue.claim(1, LEASE)).isEmpty();

        time.advance(Duration.ofMillis(1));
        assertThat(queue.stats()).isEqualTo(new QueueStats(1, 0, 0, 0, 0, false));
        Job second = claim();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.claim().token()).isGreaterThan(first.claim().token());
        assertThat(queue.ack(first.claim())).isFalse();
        assertThat(queue.nack(first.claim(), "late")).isFalse();
        assertThat(queue.release(first.claim())).isFalse();
        assertThat(queue.extend(first.claim(), LEASE)).isFalse();
        assertThat(queue.ackAll(List.of(first.claim(), second.claim()))).containsExactly(second.claim());
    }

    @Test
    void aJobThatKillsItsWorkersEndsWithTheDead() {
        queue.enqueue(
                "x", JobOptions.defaults().withRetry(RetryPolicy.delays(SECOND)).withFallbackKeys(Key.of("f")));
        claim();
        time.advance(LEASE);
        claim();
        time.advance(LEASE);
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 0, 1, false));

        assertThat(queue.claim(1, LEASE)).isEmpty();

        assertThat(queue.dead(1, 0).getFirst().error()).isEqualTo("the lease ran out");
        assertThat(queue.dead(1, 0).getFirst().attempts()).isEqualTo(2);
        assertThat(kv().get(Key.of("f"))).isPresent();
    }

    @Test
    void theBackgroundDoesTheSameForAQueueThatNobodyClaimsFrom() {
        queue.enqueue("x", ONCE.withFallbackKeys(Key.of("f")));
        queue.enqueue("y", JobOptions.defaults().withDelay(SECOND));
        claim();
        assertThat(sweep()).isZero();

        time.advance(LEASE);

        assertThat(sweep()).isEqualTo(2);
        assertThat(kv().get(Key.of("f"))).isPresent();
        assertThat(queue.dead(10, 0)).hasSize(1);
        assertThat(queue.peek(10).stream().map(waiting -> waiting.value().toString()))
                .containsExactly("\"y\"");
        assertThat(sweep()).isZero();
    }

    @Test
    void anExtendedLeaseHoldsLonger() {
        queue.enqueue("x");
        Job job = claim();
        time.advance(LEASE.minusMillis(1));

        assertThat(queue.extend(job.claim(), LEASE)).isTrue();

        time.advance(LEASE.minusMillis(1));
        assertThat(queue.claim(1, LEASE)).isEmpty();
        assertThat(queue.extendAll(List.of(NOBODYS, job.claim()), LEASE)).containsExactly(job.claim());
        time.advance(LEASE);
        assertThat(claim().attempt()).isEqualTo(2);
    }

    @Test
    void aJobThatIsGivenBackHasItsAttemptAgain() {
        queue.enqueue("x", ONCE);
        Job first = claim();

        assertThat(queue.release(first.claim())).isTrue();

        Job second = claim();
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.claim().token()).isGreaterThan(first.claim().token());
        assertThat(queue.ack(first.claim())).isFalse();
        assertThat(queue.ack(second.claim())).isTrue();
    }

    @Test
    void aUniqueKeyIsTakenUntilItsJobIsSettledOrDead() {
        JobOptions unique = ONCE.withUniqueKey("k");
        Enqueued first = queue.enqueue(1, unique);

        assertThat(queue.enqueue(2, unique)).isEqualTo(new Enqueued(first.id(), false));
        assertThat(Queue.in(store.session(), "other").enqueue(2, unique).added())
                .isTrue();
        Job job = claim();
        assertThat(queue.enqueue(3, unique).added()).isFalse();
        queue.nack(job.claim(), "no");
        Enqueued next = queue.enqueue(4, unique);
        assertThat(next.added()).isTrue();
        assertThat(queue.requeue(job.id())).isPresent();
        queue.ack(claim().claim());
        assertThat(queue.enqueue(5, unique).added()).isTrue();
    }
}
