package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.LeaseLostException;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueStats;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What queues promise inside transactions: everything comes with the commit, or not at all. */
public abstract class QueueTransactionContract extends QueueSuite {
    /** The suite over the stores of one engine. */
    protected QueueTransactionContract() {}

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
            assertThat(inside.stats()).isEqualTo(new QueueStats(0, 0, 0, 1, 1, false));
            return inside.requeue(jobs.get(1).id());
        });

        assertThat(claim().id()).isEqualTo(again.orElseThrow());
    }
}
