package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.engine.Finding;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueListener;
import dev.holdfast.testkit.ChildJvm;
import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that enqueue jobs and do them are killed, one after the other, while the others go on. Every job of which
 * somebody was told that it is enqueued is done, each once; nobody begins one while another process has it, and those
 * of one ordering key are done in their order.
 *
 * <p>The seed is printed; {@code -Dholdfast.seed=N} sets it, {@code -Dholdfast.kills=N} how many are killed (200 is the
 * long form). When exactly a process dies no seed can tell.
 */
class QueueKillsTest {
    @Nested
    class OnSqlite extends Kills {
        @Override
        String database() {
            return folder.resolve("shared.db").toString();
        }
    }

    @Nested
    class OnPostgres extends Kills {
        private final String url = PostgresServer.shared().freshDatabase();

        @Override
        String database() {
            return url;
        }

        @AfterEach
        void drop() {
            PostgresServer.shared().drop(url);
        }
    }

    /** What holds on every database that processes can share. */
    abstract static class Kills {
        private static final int WORKERS = 2;
        private static final int PRINTED_MIN = 10;
        private static final int PRINTED_MORE = 60;
        private static final Duration LIMIT = Duration.ofSeconds(60);

        private final int kills = Integer.getInteger("holdfast.kills", 3);
        private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
        private final Random random = new Random(seed);
        private final List<ChildJvm> workers = new ArrayList<>();
        private final Set<String> enqueued = new TreeSet<>();
        private int started;

        @TempDir
        Path folder;

        @TempDir
        Path running;

        abstract String database();

        @AfterEach
        void close() {
            workers.forEach(ChildJvm::close);
        }

        @Test
        void everyJobIsDoneOnceWhoeverDies() {
            System.out.println("kills of workers: seed " + seed + ", kills " + kills + ", " + database());
            try (Holdfast holdfast = Holdfast.open(database())) {
                Queue queue = holdfast.queue(KilledWorker.QUEUE);
                while (workers.size() < WORKERS) {
                    workers.add(start());
                }
                for (int i = 0; i < kills; i++) {
                    kill(workers.remove(random.nextInt(WORKERS)));
                    workers.add(start());
                }
                for (ChildJvm worker : workers) {
                    worker.awaitLines(lines -> lines.size() >= PRINTED_MIN);
                    worker.send("stop");
                    worker.awaitSuccess();
                    enqueued.addAll(worker.lines());
                }
                try (QueueListener last =
                        queue.listen(new KilledWorker(holdfast, running)::handle, KilledWorker.OPTIONS)) {
                    await().atMost(LIMIT).until(() -> queue.stats().total() == 0);
                    assertThat(last.running()).isNotNegative();
                }
                examine(holdfast);
            }
        }

        private ChildJvm start() {
            return ChildJvm.start(KilledWorker.class, database(), running.toString(), "w" + started++);
        }

        private void kill(ChildJvm worker) {
            int enough = PRINTED_MIN + random.nextInt(PRINTED_MORE);
            worker.awaitLines(lines -> lines.size() >= enough);
            worker.kill();
            enqueued.addAll(worker.lines());
        }

        private void examine(Holdfast holdfast) {
            Map<String, Long> done = counts(holdfast);
            assertThat(done.values())
                    .as("how often jobs were done, seed %d", seed)
                    .containsOnly(1L);
            assertThat(done.keySet()).as("jobs that were done, seed %d", seed).containsAll(enqueued);
            // Of each that was killed, one job more may be there, of which nobody was told.
            assertThat(done.size() - enqueued.size()).isBetween(0, kills);
            assertThat(holdfast.kv().count(KeyPrefix.of(KilledWorker.WRONG)))
                    .as("jobs that ran twice at once or out of order, seed %d", seed)
                    .isZero();
            List<Finding> findings = new ArrayList<>();
            assertThat(holdfast.doctor().examine(findings::add))
                    .as("%s", findings)
                    .isEqualTo(Doctor.Verdict.SOUND);
            System.out.println("kills of workers: " + kills + " kills, " + done.size() + " jobs, each done once");
        }

        private static Map<String, Long> counts(Holdfast holdfast) {
            try (Stream<KvEntry> entries = holdfast.kv().list(KvSelection.below(KilledWorker.DONE))) {
                return entries.collect(Collectors.toMap(
                        entry -> entry.key().get(1, String.class),
                        entry -> entry.value().json().longValue()));
            }
        }
    }
}
