package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.Enqueued;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueLimits;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.queue.QueuedJob;
import dev.holdfast.queue.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Queues from the shell. */
@Command(
        name = "queue",
        description = "Enqueue jobs, look at queues, claim and settle jobs by hand.",
        subcommands = {
            QueueCommand.Enqueue.class,
            QueueCommand.ListQueues.class,
            QueueCommand.Stats.class,
            QueueCommand.Peek.class,
            QueueCommand.Claim.class,
            QueueCommand.Ack.class,
            QueueCommand.Nack.class,
            QueueCommand.Cancel.class,
            QueueCommand.Purge.class,
            QueueCommand.Pause.class,
            QueueCommand.Resume.class,
            QueueFlowCommand.class,
            QueueDeadCommand.class
        })
final class QueueCommand {
    private static final String HELD = "claim; the job was settled, or its lease ran out";

    QueueCommand() {}

    /** A command on one queue. */
    abstract static class OnQueue extends StoreCommand {
        @Parameters(index = "0", paramLabel = "QUEUE", description = "its name")
        private String name = "";

        @Override
        final int run(Namespace rooms) throws Exception {
            return run(rooms.queue(name));
        }

        /** Does the work and answers the exit code. */
        abstract int run(Queue queue) throws Exception;
    }

    /** Enqueues jobs. */
    @Command(name = "enqueue", description = "Enqueue a job for each value.")
    static final class Enqueue extends OnQueue implements MakesStore {
        @Parameters(index = "1..*", arity = "1..*", paramLabel = "VALUE", description = ValueArgument.HELP)
        private List<String> words = List.of();

        @Option(names = "--delay", paramLabel = "DURATION", description = "Not before so long from now.")
        private Duration delay = Duration.ZERO;

        @Option(names = "--priority", paramLabel = "N", description = "0 to 9, 0 first. Default: ${DEFAULT-VALUE}.")
        private int priority = JobOptions.PRIORITY_DEFAULT;

        @Option(names = "--attempts", paramLabel = "N", description = "How often it is tried. Default: 5.")
        private @Nullable Integer attempts;

        @Option(
                names = "--backoff",
                paramLabel = "DURATION",
                description = "How long it waits after the first refusal; twice as long after each other. Default: 1s.")
        private @Nullable Duration backoff;

        @Option(names = "--jitter", description = "Each of these delays is any time from nothing to that.")
        private boolean jitter;

        @Option(names = "--unique", paramLabel = "KEY", description = "Not while another job with this key waits.")
        private @Nullable String unique;

        @Option(
                names = "--ordering-key",
                paramLabel = "KEY",
                description = "Jobs with the same key are given out one at a time, in the order of enqueuing.")
        private @Nullable String orderingKey;

        @Option(
                names = "--fallback",
                paramLabel = "KEY",
                description = "Key under which the value is written when it is exhausted; may be repeated.")
        private List<String> fallback = List.of();

        @Option(names = "--no-dead-letter", description = "Do not keep it when it is exhausted.")
        private boolean noDeadLetter;

        @Override
        int run(Queue queue) throws IOException {
            JobOptions options = options();
            for (String text : ValueArgument.documents(words)) {
                Enqueued enqueued = queue.enqueue(KvValue.jsonText(text), options);
                print(Json.mapper().createObjectNode().put("id", enqueued.id()).put("added", enqueued.added()));
            }
            return DONE;
        }

        private JobOptions options() {
            JobOptions options = JobOptions.defaults()
                    .withDelay(delay)
                    .withPriority(priority)
                    .withDeadLetter(!noDeadLetter)
                    .withFallbackKeys(fallback.stream().map(KeyArgument::key).toArray(Key[]::new));
            if (attempts != null || backoff != null || jitter) {
                RetryPolicy.Backoff retry = RetryPolicy.backoff(
                        attempts == null ? RetryPolicy.defaults().attempts() : attempts,
                        backoff == null ? RetryPolicy.defaults().delay(1) : backoff);
                options = options.withRetry(jitter ? retry.withJitter() : retry);
            }
            if (orderingKey != null) {
                options = options.withOrderingKey(orderingKey);
            }
            return unique == null ? options : options.withUniqueKey(unique);
        }
    }

    /** Prints the queues. */
    @Command(name = "list", description = "Print the queues with their figures.")
    static final class ListQueues extends StoreCommand {
        @Override
        int run(Namespace rooms) {
            for (String name : rooms.queues().list()) {
                print(tree(name, rooms.queue(name).stats()));
            }
            return DONE;
        }
    }

    /** Prints the figures of a queue. */
    @Command(name = "stats", description = "Print how many jobs a queue holds.")
    static final class Stats extends OnQueue {
        @Override
        int run(Queue queue) {
            print(tree(queue.name(), queue.stats()));
            return DONE;
        }
    }

    /** Prints the next jobs. */
    @Command(name = "peek", description = "Print the next jobs that are ready; nothing is claimed.")
    static final class Peek extends OnQueue {
        @Option(names = "--limit", paramLabel = "N", description = "Jobs at most. Default: ${DEFAULT-VALUE}.")
        private int limit = 10;

        @Override
        int run(Queue queue) {
            require("--limit", limit, 1, QueueLimits.PAGE_MAX);
            queue.peek(limit).forEach(job -> print(tree(job)));
            return DONE;
        }
    }

    /** Claims jobs. */
    @Command(
            name = "claim",
            description = "Claim jobs and print them with what settles them; exit code 1 when none is ready.")
    static final class Claim extends OnQueue {
        @Option(names = "--limit", paramLabel = "N", description = "Jobs at most. Default: ${DEFAULT-VALUE}.")
        private int limit = 1;

        @Option(names = "--lease", paramLabel = "DURATION", description = "How long they are held. Default: 30s.")
        private Duration lease = Duration.ofSeconds(30);

        @Override
        int run(Queue queue) {
            require("--limit", limit, 1, QueueLimits.BATCH_MAX);
            List<Job> jobs = queue.claim(limit, lease);
            jobs.forEach(job -> print(tree(job)));
            return jobs.isEmpty() ? absent("job that is ready") : DONE;
        }
    }

    /** A command on a claim. */
    abstract static class OnClaim extends OnQueue {
        @Parameters(index = "1", paramLabel = "ID", description = "of the job")
        private String id = "";

        @Parameters(index = "2", paramLabel = "TOKEN", description = "of the claim")
        private long token;

        @Override
        final int run(Queue queue) {
            return settle(queue, new JobClaim(id, token)) ? DONE : absent(HELD);
        }

        /** Settles the job, if the claim is good. */
        abstract boolean settle(Queue queue, JobClaim claim);
    }

    /** Acknowledges a job. */
    @Command(name = "ack", description = "Say that a claimed job is done; exit code 1 when the claim is not good.")
    static final class Ack extends OnClaim {
        @Override
        boolean settle(Queue queue, JobClaim claim) {
            return queue.ack(claim);
        }
    }

    /** Refuses a job. */
    @Command(name = "nack", description = "Say that a claimed job failed; exit code 1 when the claim is not good.")
    static final class Nack extends OnClaim {
        @Option(names = "--error", paramLabel = "TEXT", description = "Why. Default: ${DEFAULT-VALUE}.")
        private String error = "refused by hand";

        @Override
        boolean settle(Queue queue, JobClaim claim) {
            return queue.nack(claim, error);
        }
    }

    /** Removes a job that waits. */
    @Command(name = "cancel", description = "Remove a job that waits; exit code 1 when there is none.")
    static final class Cancel extends OnQueue {
        @Parameters(index = "1", paramLabel = "ID", description = "of the job")
        private String id = "";

        @Override
        int run(Queue queue) {
            return queue.cancel(id) ? DONE : absent("job that waits");
        }
    }

    /** Removes all jobs that wait. */
    @Command(name = "purge", description = "Remove all jobs that wait; those that are claimed or dead stay.")
    static final class Purge extends OnQueue {
        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        int run(Queue queue) {
            confirmation.require("removes all jobs that wait");
            print(Json.mapper().createObjectNode().put("removed", queue.purge()));
            return DONE;
        }
    }

    /** Gives nothing out. */
    @Command(name = "pause", description = "Give out no more jobs of a queue until it is resumed.")
    static final class Pause extends OnQueue {
        @Override
        int run(Queue queue) {
            queue.pause();
            print(tree(queue.name(), queue.stats()));
            return DONE;
        }
    }

    /** Gives jobs out again. */
    @Command(name = "resume", description = "Give out jobs of a queue again.")
    static final class Resume extends OnQueue {
        @Override
        int run(Queue queue) {
            queue.resume();
            print(tree(queue.name(), queue.stats()));
            return DONE;
        }
    }

    private static ObjectNode tree(String name, QueueStats stats) {
        return Json.mapper()
                .createObjectNode()
                .put("queue", name)
                .put("ready", stats.ready())
                .put("delayed", stats.delayed())
                .put("blocked", stats.blocked())
                .put("claimed", stats.claimed())
                .put("dead", stats.dead())
                .put("paused", stats.paused());
    }

    private static ObjectNode tree(QueuedJob job) {
        ObjectNode tree = Json.mapper().createObjectNode().put("id", job.id());
        tree.set("value", EntryValue.json(job.value()));
        tree.put("priority", job.priority()).put("attempts", job.attempts()).put("attemptsMax", job.attemptsMax());
        tree.put("readyAt", job.readyAt().toString());
        job.uniqueKey().ifPresent(key -> tree.put("uniqueKey", key));
        job.orderingKey().ifPresent(key -> tree.put("orderingKey", key));
        job.lastError().ifPresent(error -> tree.put("lastError", error));
        return tree;
    }

    private static ObjectNode tree(Job job) {
        ObjectNode tree = Json.mapper()
                .createObjectNode()
                .put("id", job.id())
                .put("token", job.claim().token());
        tree.set("value", EntryValue.json(job.value()));
        tree.put("attempt", job.attempt()).put("attemptsMax", job.attemptsMax());
        tree.put("leaseUntil", job.leaseUntil().toString());
        return tree;
    }
}
