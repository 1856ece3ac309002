package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.queue.Enqueued;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.queue.RetryPolicy;
import dev.holdfast.testkit.RandomProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What queues promise of jobs that have an ordering key: one at a time, in the order in which they were enqueued. */
public abstract class QueueOrderContract extends QueueSuite {
    private static final int BLOCKED = 3_000;
    private static final int STEPS = 600;

    /** The suite over the stores of one engine. */
    protected QueueOrderContract() {}

    private static JobOptions key(String key) {
        return JobOptions.defaults().withOrderingKey(key);
    }

    @Test
    void jobsOfOneKeyAreGivenOutOneAtATimeInTheirOrder() {
        queue.enqueue("a1", key("a"));
        queue.enqueue("a2", key("a").withPriority(0));
        queue.enqueue("b1", key("b"));
        queue.enqueue("free");
        queue.enqueue("a3", key("a"));

        List<Job> first = queue.claim(10, LEASE);

        assertThat(texts(first)).containsExactly("\"a1\"", "\"b1\"", "\"free\"");
        assertThat(queue.claim(10, LEASE)).isEmpty();
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 0, 2, 3, 0, false));
        assertThat(queue.ack(first.getFirst().claim())).isTrue();
        assertThat(queue.ack(first.getFirst().claim())).isFalse();
        assertThat(queue.stats()).isEqualTo(new QueueStats(1, 0, 1, 2, 0, false));
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("\"a2\"");
    }

    @Test
    void aFollowerHasThePlaceOfWhenItWasEnqueued() {
        queue.enqueue("a1", key("a"));
        queue.enqueue("a2", key("a"));
        time.advance(Duration.ofMillis(1));
        queue.enqueueAll(List.of("x", "y"), JobOptions.defaults());

        queue.ackAll(List.of(claim().claim()));

        assertThat(texts(queue.claim(10, LEASE))).containsExactly("\"a2\"", "\"x\"", "\"y\"");
    }

    @Test
    void oneThatIsTriedAgainHoldsBackThoseBehindIt() {
        queue.enqueueAll(List.of(1, 2), key("a"));
        queue.nack(claim().claim(), "no");
        assertThat(queue.claim(10, LEASE)).isEmpty();
        assertThat(queue.stats()).isEqualTo(new QueueStats(0, 1, 1, 0, 0, false));

        time.advance(SECOND);
        Job again = claim();

        assertThat(again.value()).hasToString("1");
        queue.release(again.claim());
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("1");
        time.advance(LEASE);
        assertThat(texts(queue.claim(10, LEASE))).containsExactly("1");
    }

    @Test
    void aDeadOneReleasesThoseBehindIt() {
        JobOptions once = ONCE.withOrderingKey("a");
        queue.enqueue(1, once);
        queue.enqueue(2, once.withDeadLetter(false));
        queue.enqueue(3, once);
        queue.enqueue(4, once);

        queue.nack(claim().claim(), "no");
        queue.nack(claim().claim(), "no");
        assertThat(claim().value()).hasToString("3");
        time.advance(LEASE);

        assertThat(texts(queue.claim(10, LEASE))).containsExactly("4");
        assertThat(queue.dead(10, 0)).hasSize(2);
    }

    @Test
    void aDeadOneThatIsEnqueuedAgainIsTheLastOfItsKey() {
        String id = queue.enqueue(1, ONCE.withOrderingKey("a")).id();
        queue.enqueueAll(List.of(2, 3), key("a"));
        queue.nack(claim().claim(), "no");

        queue.requeue(id);

        assertThat(drain()).containsExactly("2", "3", "1");
    }

    @Test
    void aDelayedOneHoldsBackThoseBehindIt() {
        queue.enqueue("later", key("a").withDelay(SECOND));
        queue.enqueue("now", key("a"));
        queue.enqueue("much later", key("a").withDelay(SECOND.multipliedBy(9)));
        assertThat(queue.claim(10, LEASE)).isEmpty();

        time.advance(SECOND);

        assertThat(drain()).containsExactly("\"later\"", "\"now\"");
        assertThat(queue.stats().delayed()).isEqualTo(1);
        time.advance(SECOND.multipliedBy(8));
        assertThat(drain()).containsExactly("\"much later\"");
    }

    @Test
    void jobsThatAreCancelledOrPurgedHoldNobodyBack() {
        List<Enqueued> jobs = queue.enqueueAll(List.of(1, 2, 3, 4), key("a"));
        assertThat(queue.cancel(jobs.get(0).id())).isTrue();
        assertThat(queue.cancel(jobs.get(2).id())).isTrue();
        Job second = claim();
        assertThat(second.value()).hasToString("2");
        assertThat(queue.cancel(second.id())).isFalse();

        assertThat(queue.purge()).isEqualTo(1);
        queue.enqueue(5, key("a"));
        assertThat(queue.claim(10, LEASE)).isEmpty();
        queue.ack(second.claim());

        assertThat(drain()).containsExactly("5");
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void uniqueKeysHoldForThoseThatAreBehindToo() {
        queue.enqueue(1, key("a"));
        Enqueued second = queue.enqueue(2, key("a").withUniqueKey("u"));

        assertThat(queue.enqueue(3, key("a").withUniqueKey("u"))).isEqualTo(new Enqueued(second.id(), false));
        assertThat(queue.enqueue(4, key("b").withUniqueKey("u"))).isEqualTo(new Enqueued(second.id(), false));

        assertThat(drain()).containsExactly("1", "2");
        assertThat(queue.enqueue(5, key("a").withUniqueKey("u")).added()).isTrue();
        assertThat(queue.peek(1).getFirst().orderingKey()).contains("a");
    }

    @Test
    void aTransactionReleasesThoseBehindWithItsCommit() {
        transaction(tx -> in(tx).enqueueAll(List.of(1, 2), key("a")));
        Job first = claim();
        assertThatThrownBy(() -> transaction(tx -> {
                    in(tx).complete(first.claim());
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(queue.claim(10, LEASE)).isEmpty();

        transaction(tx -> {
            in(tx).complete(first.claim());
            return in(tx).enqueue(3, key("a"));
        });

        assertThat(drain()).containsExactly("2", "3");
    }

    @Test
    void theBackgroundReleasesWhatNobodyClaims() {
        queue.enqueue(1, ONCE.withOrderingKey("a"));
        queue.enqueue(2, key("a"));
        claim();
        time.advance(LEASE);

        assertThat(sweep()).isPositive();

        assertThat(queue.peek(10).stream().map(job -> job.value().toString())).containsExactly("2");
    }

    @Test
    void manyBlockedJobsAreInNobodysWay() {
        for (int i = 0; i < BLOCKED; i += 500) {
            queue.enqueueAll(
                    IntStream.range(i, i + 500).boxed().toList(), key("hot").withPriority(0));
        }
        queue.enqueue("free");

        assertThat(texts(queue.claim(500, LEASE))).containsExactly("0", "\"free\"");
        assertThat(queue.stats().blocked()).isEqualTo(BLOCKED - 1);
        assertThat(queue.purge()).isEqualTo(BLOCKED - 1);
    }

    /** Claims one job after the other and settles it; answers their values. */
    private List<String> drain() {
        List<String> values = new ArrayList<>();
        for (List<Job> jobs = queue.claim(1, LEASE); !jobs.isEmpty(); jobs = queue.claim(1, LEASE)) {
            values.addAll(texts(jobs));
            queue.ack(jobs.getFirst().claim());
        }
        return values;
    }

    @Test
    void randomStepsKeepTheOrderOfEveryKey() {
        RandomProgram program = RandomProgram.seeded();
        System.Logger log = System.getLogger(QueueOrderContract.class.getName());
        log.log(System.Logger.Level.INFO, "-D" + RandomProgram.SEED_PROPERTY + "=" + program.seed());
        Keys keys = new Keys();

        program.run(STEPS, keys::step);
        List.copyOf(keys.held.values()).forEach(keys::done);
        while (queue.stats().total() > queue.stats().dead()) {
            time.advance(Duration.ofMillis(10));
            List<Job> jobs = queue.claim(50, LEASE);
            jobs.forEach(keys::claimed);
            jobs.forEach(keys::done);
        }

        assertThat(keys.waiting.values()).allMatch(List::isEmpty);
    }

    /** What is enqueued of each key, and what is claimed. */
    private final class Keys {
        private static final int COUNT = 5;
        private static final JobOptions TWICE =
                JobOptions.defaults().withRetry(RetryPolicy.delays(Duration.ofMillis(7)));

        private final Map<String, List<String>> waiting = new HashMap<>();
        private final Map<String, Job> held = new HashMap<>();
        private final Map<String, Integer> tried = new HashMap<>();
        private int values;

        private RandomProgram.Step step(RandomProgram program) {
            String key = "k" + program.random().nextInt(COUNT);
            return switch (program.random().nextInt(10)) {
                case 0, 1, 2 -> new RandomProgram.Step("enqueue " + key, () -> enqueue(key, 1, false));
                case 3 -> new RandomProgram.Step("enqueue in a transaction " + key, () -> enqueue(key, 2, true));
                case 4 -> {
                    int by = program.random().nextInt(9);
                    yield new RandomProgram.Step("turn by " + by, () -> time.advance(Duration.ofMillis(by)));
                }
                case 5, 6 ->
                    new RandomProgram.Step("claim", () -> queue.claim(3, LEASE).forEach(this::claimed));
                case 7 -> new RandomProgram.Step("refuse " + key, () -> refuse(key));
                default -> {
                    boolean within = program.chance(50);
                    yield new RandomProgram.Step("done " + key, () -> settle(key, within));
                }
            };
        }

        private void enqueue(String key, int count, boolean within) {
            for (int i = 0; i < count; i++) {
                String value = key + " " + values++;
                JobOptions options = TWICE.withOrderingKey(key);
                if (within) {
                    transaction(tx -> in(tx).enqueue(value, options));
                } else {
                    queue.enqueue(value, options);
                }
                of(key).add(value);
            }
        }

        private List<String> of(String key) {
            return waiting.computeIfAbsent(key, none -> new ArrayList<>());
        }

        private void claimed(Job job) {
            String value = job.as(String.class);
            String key = value.substring(0, 2);
            assertThat(held).doesNotContainKey(key);
            assertThat(of(key).getFirst()).isEqualTo(value);
            held.put(key, job);
        }

        private void refuse(String key) {
            Job job = held.remove(key);
            if (job != null) {
                assertThat(queue.nack(job.claim(), "no")).isTrue();
                if (tried.merge(job.id(), 1, Integer::sum) == 2) {
                    of(key).removeFirst();
                }
            }
        }

        private void settle(String key, boolean within) {
            Job job = held.get(key);
            if (job != null) {
                boolean good = within
                        ? transaction(tx -> in(tx).ack(job.claim()))
                        : queue.ackAll(List.of(job.claim())).size() == 1;
                assertThat(good).isTrue();
                gone(key);
            }
        }

        private void done(Job job) {
            assertThat(queue.ack(job.claim())).isTrue();
            gone(job.as(String.class).substring(0, 2));
        }

        private void gone(String key) {
            held.remove(key);
            of(key).removeFirst();
        }
    }
}
