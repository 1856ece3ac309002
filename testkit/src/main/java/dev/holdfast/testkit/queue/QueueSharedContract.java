package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueFlow;
import dev.holdfast.queue.QueueListener;
import dev.holdfast.testkit.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What queues promise to several processes on one database; not for stores in memory. */
public abstract class QueueSharedContract extends QueueSuite {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int JOBS = 600;
    private static final int ORDERED = 300;
    private static final int KEYS = 7;

    /** The suite over the stores of one engine. */
    protected QueueSharedContract() {}

    @Test
    void noJobIsClaimedByTwo() throws Exception {
        Queue there = Queue.in(store.second().session(), "mail");
        for (int i = 0; i < JOBS; i += 20) {
            Queue mine = i % 40 == 0 ? queue : there;
            mine.enqueueAll(
                    IntStream.range(i, i + 20).boxed().toList(),
                    JobOptions.defaults().withPriority(i % 3));
        }
        CopyOnWriteArrayList<String> seen = new CopyOnWriteArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Queue mine = i % 2 == 0 ? queue : there;
                running.add(threads.submit(() -> drain(mine, seen)));
            }
            int settled = 0;
            for (Future<Integer> one : running) {
                settled += one.get();
            }
            assertThat(settled).isEqualTo(JOBS);
        }

        assertThat(seen).hasSize(JOBS).doesNotHaveDuplicates();
        assertThat(queue.stats().total()).isZero();
    }

    /** Claims and settles until nothing is ready; answers how many jobs. */
    private static int drain(Queue queue, List<String> seen) {
        int settled = 0;
        List<Job> jobs = queue.claim(7, LEASE);
        while (!jobs.isEmpty()) {
            jobs.forEach(job -> seen.add(job.value().toString()));
            settled += queue.ackAll(jobs.stream().map(Job::claim).toList()).size();
            jobs = queue.claim(7, LEASE);
        }
        return settled;
    }

    @Test
    void aJobOfOneProcessIsHandledInAnother() {
        Store second = store.second();
        CopyOnWriteArrayList<Job> handled = new CopyOnWriteArrayList<>();

        try (QueueListener listener = Queue.in(second.session(), "mail").listen(handled::add)) {
            assertThat(listener).isNotNull();
            queue.enqueue("now");
            queue.enqueue("later", JobOptions.defaults().withDelay(Duration.ofSeconds(5)));
            turningUntil(() -> handled.size() == 2);
            turningUntil(() -> queue.stats().total() == 0);
        }

        assertThat(texts(handled)).containsExactly("\"now\"", "\"later\"");
    }

    @Test
    void aLeaseOfAProcessThatIsGoneRunsOutForOthers() {
        Store second = store.second();
        queue.enqueue("x");
        claim();
        Queue there = Queue.in(second.session(), "mail");
        assertThat(there.claim(1, LEASE)).isEmpty();

        time.advance(LEASE);

        assertThat(there.claim(1, LEASE)).hasSize(1);
    }

    @Test
    void whatOneProcessMadeReadyBelowIsFoundByAnother() {
        Store second = store.second();
        Queue there = Queue.in(second.session(), "mail");
        there.enqueue("b");
        there.enqueue("c");
        assertThat(there.claim(1, LEASE)).hasSize(1);

        queue.enqueue("a", JobOptions.defaults().withPriority(0));

        assertThat(texts(there.claim(5, LEASE))).containsExactly("\"a\"", "\"c\"");
    }

    @Test
    void aClaimThatFindsNothingWaitsForNobodyWhoWrites() {
        Store second = store.second();
        queue.enqueue("paused");
        queue.pause();

        boolean written = second.session().write(UnitKind.USER, tx -> {
            Queue.in(tx, "other").enqueue("x");
            assertThat(queue.claim(1, LEASE)).isEmpty();
            assertThat(Queue.in(store.session(), "empty").claim(1, LEASE)).isEmpty();
            return true;
        });

        assertThat(written).isTrue();
    }

    @Test
    void aLimitHoldsForAllProcessesTogether() throws Exception {
        Queue there = Queue.in(store.second().session(), "mail");
        there.claim(1, LEASE); // it remembers that nothing is limited
        queue.flow(QueueFlow.unlimited().withConcurrency(3));
        time.advance(SECOND);
        queue.enqueueAll(IntStream.range(0, JOBS / 6).boxed().toList(), JobOptions.defaults());
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger settled = new AtomicInteger();

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Queue mine = i % 2 == 0 ? queue : there;
                running.add(threads.submit(() -> {
                    while (settled.get() < JOBS / 6) {
                        List<Job> jobs = mine.claim(2, LEASE);
                        most.accumulateAndGet(held.addAndGet(jobs.size()), Math::max);
                        held.addAndGet(-jobs.size());
                        settled.addAndGet(
                                mine.ackAll(jobs.stream().map(Job::claim).toList())
                                        .size());
                        Thread.onSpinWait();
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(queue.stats().total()).isZero();
    }

    @Test
    void jobsOfOneKeyComeOneAtATimeWhoeverClaims() throws Exception {
        Queue there = Queue.in(store.second().session(), "mail");
        JobOptions[] keys = IntStream.range(0, KEYS)
                .mapToObj(i -> JobOptions.defaults().withOrderingKey("k" + i))
                .toArray(JobOptions[]::new);
        OneAtATime seen = new OneAtATime();

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Queue mine = i % 2 == 0 ? queue : there;
                running.add(threads.submit(() -> settleUntilAllAreDone(mine, seen)));
            }
            for (int i = 0; i < ORDERED; i++) {
                queue.enqueue(i, keys[i % KEYS]);
            }
            for (Future<Integer> one : running) {
                assertThat(one.get()).isNotNegative();
            }
        }

        assertThat(seen.violations).isEmpty();
        assertThat(queue.stats().total()).isZero();
    }

    /** Claims and settles until all jobs were: in a transaction, or together. */
    private static int settleUntilAllAreDone(Queue queue, OneAtATime seen) {
        int settled = 0;
        while (seen.done.get() < ORDERED) {
            List<Job> jobs = queue.claim(3, LEASE);
            jobs.forEach(seen::begin);
            jobs.forEach(seen::end);
            int good = queue.ackAll(jobs.stream().map(Job::claim).toList()).size();
            seen.done.addAndGet(good);
            settled += good;
            Thread.onSpinWait();
        }
        return settled;
    }

    /** Whether jobs came one at a time and in their order, by their keys. */
    private static final class OneAtATime {
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicIntegerArray running = new AtomicIntegerArray(KEYS);
        private final AtomicIntegerArray last =
                new AtomicIntegerArray(IntStream.generate(() -> -1).limit(KEYS).toArray());
        private final CopyOnWriteArrayList<String> violations = new CopyOnWriteArrayList<>();

        private void begin(Job job) {
            int number = job.as(Integer.class);
            if (running.incrementAndGet(number % KEYS) != 1) {
                violations.add("not alone: " + number);
            }
            int before = last.getAndSet(number % KEYS, number);
            if (before >= number) {
                violations.add(number + " after " + before);
            }
        }

        private void end(Job job) {
            running.decrementAndGet(job.as(Integer.class) % KEYS);
        }
    }

    private void turningUntil(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            time.advance(Duration.ofMillis(250));
            return condition.call();
        });
    }
}
