package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.DeadJob;
import dev.holdfast.queue.Enqueued;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.LeaseLostException;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueLimits;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.queue.QueuedJob;
import dev.holdfast.queue.Queues;
import dev.holdfast.queue.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 0, false));
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
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 1, 0, 0, false));

        time.advance(Duration.ofMillis(1));
        assertThat(queue.stats()).isEqualTo(new QueueStats(1, 0, 0, 0, false));
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
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 1, false));
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
        assertThat(queue.stats()).isEqualTo(new QueueStats(1, 0, 0, 0, false));
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
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 1, false));

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

    @Test
    void theClaimOfAJobIsKnownWhileItsLeaseLasts() {
        queue.enqueue("x");
        Job job = claim();

        assertThat(queue.claimOf(job.id())).contains(job.claim());
        assertThat(Queue.in(store.session(), "other").claimOf(job.id())).isEmpty();
        assertThat(queue.claimOf(job.id(), 1)).contains(job.claim());
        assertThat(queue.claimOf(job.id(), 2)).isEmpty();
        assertThat(queue.claimOf("no id")).isEmpty();
        time.advance(LEASE);
        assertThat(queue.claimOf(job.id())).isEmpty();
        assertThat(queue.claimOf(NOBODYS.id())).isEmpty();
    }

    @Test
    void whatNobodyHoldsCannotBeSettled() {
        for (JobClaim claim : List.of(NOBODYS, new JobClaim("no id", 1))) {
            assertThat(queue.ack(claim)).isFalse();
            assertThat(queue.nack(claim, "x")).isFalse();
            assertThat(queue.release(claim)).isFalse();
            assertThat(queue.extend(claim, LEASE)).isFalse();
            assertThat(queue.ackAll(List.of(claim))).isEmpty();
            assertThatThrownBy(() -> queue.complete(claim))
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("queue.lease_lost");
            assertThat(queue.cancel(claim.id())).isFalse();
            assertThat(queue.dead(claim.id())).isEmpty();
            assertThat(queue.requeue(claim.id())).isEmpty();
            assertThat(queue.deleteDead(claim.id())).isFalse();
        }
    }

    @Test
    void aPausedQueueGivesNothingOut() {
        queue.enqueue("x");
        queue.pause();
        queue.enqueue("y");
        assertThat(queue.claim(10, LEASE)).isEmpty();
        assertThat(queue.stats()).isEqualTo(new QueueStats(2, 0, 0, 0, true));
        assertThat(Queues.in(store.session()).list()).containsExactly("mail");

        queue.resume();

        assertThat(texts(queue.claim(10, LEASE))).containsExactly("\"x\"", "\"y\"");
        assertThat(queue.stats().paused()).isFalse();
    }

    @Test
    void waitingJobsAreSeenCancelledAndPurged() {
        String a = queue.enqueue("a").id();
        String b = queue.enqueue("b", JobOptions.defaults().withUniqueKey("k")).id();
        queue.enqueue("later", JobOptions.defaults().withDelay(SECOND));
        Job job = claim();

        QueuedJob next = queue.peek(10).getFirst();

        assertThat(job.id()).isEqualTo(a);
        assertThat(queue.peek(10)).hasSize(1);
        assertThat(next.id()).isEqualTo(b);
        assertThat(next.uniqueKey()).contains("k");
        assertThat(next.readyAt()).isEqualTo(time.instant());
        assertThat(next.attempts()).isZero();
        assertThat(queue.cancel(a)).isFalse();
        assertThat(queue.cancel(b)).isTrue();
        assertThat(queue.cancel(b)).isFalse();
        queue.enqueue("c");
        assertThat(queue.purge()).isEqualTo(2);
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 1, 0, false));
        assertThat(queue.ack(job.claim())).isTrue();
    }

    @Test
    void deadJobsAreListedRequeuedRemovedAndPurged() {
        List<String> ids = new ArrayList<>();
        for (String value : List.of("a", "b", "c", "d")) {
            ids.add(queue.enqueue(value, ONCE.withPriority(2).withFallbackKeys(Key.of("f")))
                    .id());
            queue.nack(claim().claim(), "no");
            time.advance(Duration.ofMillis(1));
        }

        assertThat(queue.dead(10, 0).stream().map(DeadJob::id)).containsExactlyElementsOf(ids.reversed());
        assertThat(queue.dead(1, 1).stream().map(DeadJob::id)).containsExactly(ids.get(2));
        String again = queue.requeue(ids.getFirst()).orElseThrow();
        assertThat(again).isNotEqualTo(ids.getFirst());
        assertThat(queue.requeue(ids.getFirst())).isEmpty();
        assertThat(queue.peek(1).getFirst().priority()).isEqualTo(2);
        assertThat(queue.peek(1).getFirst().attemptsMax()).isEqualTo(1);
        assertThat(claim().id()).isEqualTo(again);
        String other = queue.requeue(ids.get(1), JobOptions.defaults()).orElseThrow();
        Job job = claim();
        assertThat(job.id()).isEqualTo(other);
        assertThat(job.attemptsMax()).isEqualTo(5);
        assertThat(queue.deleteDead(ids.get(2))).isTrue();
        assertThat(queue.deleteDead(ids.get(2))).isFalse();
        assertThat(Queue.in(store.session(), "other").deleteDead(ids.get(3))).isFalse();
        assertThat(queue.purgeDead()).isEqualTo(1);
        assertThat(queue.dead(10, 0)).isEmpty();
    }

    @Test
    void queuesAndNamespacesDoNotSeeEachOther() {
        Queue other = Queue.in(store.session(), "other");
        Queue elsewhere = Queue.in(store.database().session("acme"), "mail");
        queue.enqueue("here");
        assertThat(other.claim(1, LEASE)).isEmpty();
        assertThat(elsewhere.claim(1, LEASE)).isEmpty();
        other.enqueue("there");
        elsewhere.enqueue("elsewhere");

        assertThat(Queues.in(store.session()).list()).containsExactly("mail", "other");
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("\"here\"");
        Job job = elsewhere.claim(10, LEASE).getFirst();
        assertThat(queue.ack(job.claim())).isFalse();
        assertThat(elsewhere.ack(job.claim())).isTrue();
    }

    @Test
    void whatIsBeyondALimitIsRefused() {
        assertRefused("queue.name", () -> Queue.in(store.session(), ""));
        assertRefused("queue.name", () -> Queue.in(store.session(), "a\nb"));
        assertRefused("queue.name", () -> Queue.in(store.session(), "\u00fc".repeat(129)));
        assertRefused("queue.value_too_large", () -> queue.enqueue(new byte[QueueLimits.VALUE_BYTES_MAX + 1]));
        assertRefused("queue.delay", () -> JobOptions.defaults().withDelay(Duration.ofMillis(-1)));
        assertRefused("queue.option", () -> JobOptions.defaults().withPriority(10));
        assertRefused("queue.option", () -> JobOptions.defaults().withUniqueKey(""));
        assertRefused("queue.option", () -> RetryPolicy.backoff(0, SECOND));
        assertRefused("queue.option", () -> new RetryPolicy.Backoff(1, SECOND, Double.NaN, SECOND));
        assertRefused("queue.option", () -> queue.claim(0, LEASE));
        assertRefused("queue.option", () -> queue.claim(QueueLimits.BATCH_MAX + 1, LEASE));
        assertRefused("queue.lease", () -> queue.claim(1, Duration.ZERO));
        assertRefused("queue.option", () -> queue.peek(0));
        assertRefused("queue.option", () -> queue.dead(1, -1));
        assertRefused(
                "queue.option",
                () -> queue.enqueueAll(Collections.nCopies(QueueLimits.BATCH_MAX + 1, 1), JobOptions.defaults()));
        assertRefused(
                "queue.option",
                () -> queue.enqueueAll(List.of(1), JobOptions.defaults().withUniqueKey("k")));
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void aLongErrorIsCutAndHoldsNoZero() {
        queue.enqueue("x", ONCE);

        queue.nack(claim().claim(), "\u0000" + "e".repeat(5_000));

        assertThat(queue.dead(1, 0).getFirst().error()).isEqualTo(" " + "e".repeat(4_095));
    }

    @Test
    void aJobOfARolledBackTransactionWasNeverThere() {
        assertThatThrownBy(() -> transaction(tx -> {
                    in(tx).enqueue("x");
                    assertThat(in(tx).claim(1, LEASE)).hasSize(1);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(queue.stats().total()).isZero();

        queue.enqueue("y");
        assertThatThrownBy(() -> transaction(tx -> {
                    assertThat(in(tx).claim(1, LEASE)).hasSize(1);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(claim().attempt()).isEqualTo(1);
    }

    @Test
    void aJobIsDoneWithWhatItsHandlerWroteOrNotAtAll() {
        queue.enqueue("x");
        Job job = claim();
        transaction(tx -> {
            Kv.in(tx).set(Key.of("effect"), 1);
            in(tx).complete(job.claim());
            return in(tx).enqueue("next").id();
        });

        assertThat(kv().get(Key.of("effect"))).isPresent();
        Job next = claim();
        assertThat(next.value()).hasToString("\"next\"");
        time.advance(LEASE);
        assertThat(claim().id()).isEqualTo(next.id());
        assertThatThrownBy(() -> transaction(tx -> {
                    Kv.in(tx).set(Key.of("twice"), 1);
                    in(tx).complete(next.claim());
                    return true;
                }))
                .isInstanceOf(LeaseLostException.class);
        assertThat(kv().get(Key.of("twice"))).isEmpty();
    }

    @Test
    void aTransactionDoesEverythingThatAQueueDoes() {
        Optional<String> again = transaction(tx -> {
            Queue inside = in(tx);
            inside.enqueueAll(List.of(1, 2, 3), ONCE);
            List<Job> jobs = inside.claim(3, LEASE);
            inside.ack(jobs.get(0).claim());
            inside.nack(jobs.get(1).claim(), "no");
            inside.extend(jobs.get(2).claim(), LEASE);
            inside.release(jobs.get(2).claim());
            assertThat(texts(inside.claim(3, LEASE))).containsExactly("3");
            assertThat(inside.stats()).isEqualTo(new QueueStats(0, 0, 1, 1, false));
            return inside.requeue(jobs.get(1).id());
        });

        assertThat(claim().id()).isEqualTo(again.orElseThrow());
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
