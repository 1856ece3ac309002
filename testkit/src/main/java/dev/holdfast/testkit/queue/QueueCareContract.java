package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.queue.DeadJob;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobEnvelope;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.LeaseLostException;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueLimits;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.queue.QueuedJob;
import dev.holdfast.queue.Queues;
import dev.holdfast.queue.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What queues promise to whoever looks after them: what is seen, paused, cancelled, mended and refused. */
public abstract class QueueCareContract extends QueueSuite {
    private static final JobClaim NOBODYS = new JobClaim("00000000-0000-7000-8000-000000000000", 1);

    /** The suite over the stores of one engine. */
    protected QueueCareContract() {}

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
        assertThat(queue.stats()).isEqualTo(new QueueStats(2, 0, 0, 0, 0, true));
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
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 0, 1, 0, false));
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
    void anExhaustedJobGoesToAnotherQueueInAnEnvelope() {
        Queue letters = Queue.in(store.session(), "mail.dlq");
        queue.deadLettersTo("mail.dlq");
        queue.enqueue(Map.of("job", 1), ONCE.withOrderingKey("a").withFallbackKeys(Key.of("f")));
        queue.enqueue(new byte[] {1, 2}, ONCE.withOrderingKey("a"));
        queue.enqueue("not kept", ONCE.withDeadLetter(false).withOrderingKey("a"));

        queue.nack(claim().claim(), "no way");
        claim();
        time.advance(LEASE);
        queue.nack(claim().claim(), "no");

        List<Job> jobs = letters.claim(10, LEASE);
        String then = time.instant().minus(LEASE).toString();
        assertThat(texts(jobs))
                .containsExactly(
                        "{\"attempts\":1,\"error\":\"no way\",\"failedAt\":\"" + then
                                + "\",\"payload\":{\"job\":1},\"queue\":\"mail\"}",
                        "{\"attempts\":1,\"error\":\"the lease ran out\",\"failedAt\":\"" + time.instant()
                                + "\",\"payload\":{\"encoding\":\"BYTES\",\"bytes\":\"AQI=\"},\"queue\":\"mail\"}");
        JobEnvelope envelope = jobs.getFirst().as(JobEnvelope.class);
        assertThat(envelope.failedAt()).isEqualTo(time.instant().minus(LEASE));
        assertThat(envelope.payload().path("job").asInt()).isEqualTo(1);
        assertThat(kv().get(Key.of("f"))).isPresent();
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void whereExhaustedJobsGoIsSaidForTheWholeQueue() {
        assertThat(queue.deadLettersTo()).isEmpty();
        queue.enqueue("x", ONCE);
        Job job = claim();
        queue.deadLettersTo("mail.dlq");
        assertThat(Queue.in(store.session(), "mail").deadLettersTo()).contains("mail.dlq");

        assertThatThrownBy(() -> transaction(tx -> {
                    in(tx).nack(job.claim(), "no");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(Queues.in(store.session()).list()).containsExactly("mail");
        queue.keepDeadLetters();
        queue.nack(job.claim(), "no");

        assertThat(queue.dead(10, 0)).hasSize(1);
        assertRefused("queue.option", () -> queue.deadLettersTo("mail"));
        assertRefused("queue.name", () -> queue.deadLettersTo(""));
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

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
