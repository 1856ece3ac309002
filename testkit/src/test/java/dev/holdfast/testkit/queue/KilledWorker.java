package dev.holdfast.testkit.queue;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.ListenOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.RetryPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A program that enqueues jobs and does those of others, to be killed: what a job does is committed together with its
 * completion. It prints what was enqueued, and ends when it is told to.
 */
final class KilledWorker {
    static final String QUEUE = "work";
    /** Below it: how often each job was done. */
    static final String DONE = "done";
    /** Below it: what must not be. */
    static final String WRONG = "wrong";

    static final ListenOptions OPTIONS =
            ListenOptions.defaults().withConcurrency(4).withBatch(6).withLease(Duration.ofSeconds(2));

    private static final int AHEAD = 40;
    private static final int KEYS = 3;
    private static final RetryPolicy ALWAYS = RetryPolicy.backoff(1_000, Duration.ZERO);

    private final Holdfast holdfast;
    private final Path running;
    private final Semaphore mayEnqueue = new Semaphore(AHEAD);
    private volatile boolean stopping;

    /** Works on a store; a file in the folder stands for each job that runs. */
    KilledWorker(Holdfast holdfast, Path running) {
        this.holdfast = holdfast;
        this.running = running;
    }

    /** Works on the store {@code args[0]} with the folder {@code args[1]}, under the name {@code args[2]}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Holdfast holdfast = Holdfast.open(args[0]);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            KilledWorker worker = new KilledWorker(holdfast, Path.of(args[1]));
            holdfast.queue(QUEUE).listen(worker::handle, OPTIONS);
            Thread enqueuing = Thread.ofPlatform().start(() -> worker.enqueue(args[2]));
            in.readLine();
            worker.stopping = true;
            worker.mayEnqueue.release();
            enqueuing.join();
        }
    }

    private void enqueue(String name) {
        Queue queue = holdfast.queue(QUEUE);
        for (int i = 0; !stopping; i++) {
            mayEnqueue.acquireUninterruptibly();
            ObjectNode work =
                    Json.mapper().createObjectNode().put("id", name + "-" + i).put("i", i);
            JobOptions options = JobOptions.defaults().withRetry(ALWAYS);
            if (i % 2 == 0) {
                String key = name + "-" + i / 2 % KEYS;
                work.put("key", key);
                options = options.withOrderingKey(key);
            }
            if (i % 5 == 0) {
                JobOptions inside = options;
                holdfast.transaction(tx -> tx.queue(QUEUE).enqueue(work, inside));
            } else {
                queue.enqueue(work, options);
            }
            System.out.println(name + "-" + i);
        }
    }

    /** Does a job: counts it, and completes it in the same transaction. */
    void handle(Job job) throws IOException {
        JsonNode work = job.value().json();
        Path file = running.resolve(job.id());
        boolean alone = begin(file, job);
        holdfast.transaction(tx -> {
            tx.queue(QUEUE).complete(job.claim());
            tx.kv().atomic().sum(Key.of(DONE, work.path("id").asString()), 1).commit();
            if (!alone) {
                tx.kv().set(Key.of(WRONG, "not alone", job.id()), true);
            }
            if (work.has("key")) {
                Key last = Key.of("last", work.path("key").asString());
                int before = tx.kv().as(Integer.class).get(last).orElse(-1);
                if (before >= work.path("i").asInt()) {
                    tx.kv().set(Key.of(WRONG, "out of order", job.id()), before);
                }
                tx.kv().set(last, work.path("i").asInt());
            }
            return true;
        });
        Files.deleteIfExists(file);
        mayEnqueue.release();
    }

    /** Notes that a job runs; answers whether nobody who is alive runs it under a lease that has not run out. */
    private static boolean begin(Path file, Job job) throws IOException {
        String mine = ProcessHandle.current().pid() + " " + job.leaseUntil();
        try {
            Files.writeString(file, mine, StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            String[] other = Files.readString(file).split(" ");
            Files.writeString(file, mine);
            // One who was killed may have left nothing but the file.
            return other.length < 2
                    || ProcessHandle.of(Long.parseLong(other[0]))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty()
                    || Instant.parse(other[1]).isBefore(Instant.now());
        }
    }
}
