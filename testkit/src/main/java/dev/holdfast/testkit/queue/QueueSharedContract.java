package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What queues promise to several processes on one database; not for stores in memory. */
public abstract class QueueSharedContract extends QueueSuite {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int JOBS = 600;

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

    private void turningUntil(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            time.advance(Duration.ofMillis(250));
            return condition.call();
        });
    }
}
