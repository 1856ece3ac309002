package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.queue.DeadJob;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Dead jobs from the shell. */
@Command(
        name = "dlq",
        description = "Look at dead jobs, enqueue them again, remove them.",
        subcommands = {
            QueueDeadCommand.Listing.class,
            QueueDeadCommand.Requeue.class,
            QueueDeadCommand.Delete.class,
            QueueDeadCommand.Purge.class,
            QueueDeadCommand.To.class
        })
final class QueueDeadCommand {
    private static final String DEAD = "dead job";

    QueueDeadCommand() {}

    /** Prints dead jobs. */
    @Command(name = "list", description = "Print the dead jobs of a queue, the latest first.")
    static final class Listing extends QueueCommand.OnQueue {
        @Option(names = "--limit", paramLabel = "N", description = "Jobs at most. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Option(names = "--offset", paramLabel = "N", description = "Jobs that are left out. Default: 0.")
        private long offset;

        @Override
        int run(Queue queue) {
            require("--limit", limit, 1, QueueLimits.PAGE_MAX);
            require("--offset", offset, 0, Long.MAX_VALUE);
            queue.dead(limit, offset).forEach(job -> print(tree(job)));
            return DONE;
        }
    }

    /** Enqueues a dead job again. */
    @Command(name = "requeue", description = "Enqueue a dead job again, as a new one; exit code 1 when there is none.")
    static final class Requeue extends QueueCommand.OnQueue {
        @Parameters(index = "1", paramLabel = "ID", description = "of the dead job")
        private String id = "";

        @Override
        int run(Queue queue) {
            Optional<String> again = queue.requeue(id);
            again.ifPresent(next -> print(Json.mapper().createObjectNode().put("id", next)));
            return again.isPresent() ? DONE : absent(DEAD);
        }
    }

    /** Removes a dead job. */
    @Command(name = "delete", description = "Remove a dead job; exit code 1 when there is none.")
    static final class Delete extends QueueCommand.OnQueue {
        @Parameters(index = "1", paramLabel = "ID", description = "of the dead job")
        private String id = "";

        @Override
        int run(Queue queue) {
            return queue.deleteDead(id) ? DONE : absent(DEAD);
        }
    }

    /** Removes all dead jobs. */
    @Command(name = "purge", description = "Remove all dead jobs of a queue.")
    static final class Purge extends QueueCommand.OnQueue {
        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        int run(Queue queue) {
            confirmation.require("removes all dead jobs");
            print(Json.mapper().createObjectNode().put("removed", queue.purgeDead()));
            return DONE;
        }
    }

    /** Sets, or prints, where exhausted jobs go. */
    @Command(
            name = "to",
            description = "Have exhausted jobs enqueued into another queue, in an envelope. Without one, print it.")
    static final class To extends QueueCommand.OnQueue {
        @Parameters(index = "1", arity = "0..1", paramLabel = "OTHER", description = "the queue that takes them")
        private @Nullable String other;

        @Option(names = "--none", description = "Keep them as dead jobs.")
        private boolean none;

        @Override
        int run(Queue queue) {
            if (none && other != null) {
                throw new InvalidInputException("cli.contradiction", "--none goes with no other queue");
            }
            if (none) {
                queue.keepDeadLetters();
            } else if (other != null) {
                queue.deadLettersTo(other);
            }
            ObjectNode tree = Json.mapper().createObjectNode().put("queue", queue.name());
            queue.deadLettersTo().ifPresent(target -> tree.put("deadLettersTo", target));
            print(tree);
            return DONE;
        }
    }

    private static ObjectNode tree(DeadJob job) {
        ObjectNode tree = Json.mapper().createObjectNode().put("id", job.id());
        tree.set("value", EntryValue.json(job.value()));
        return tree.put("attempts", job.attempts())
                .put("error", job.error())
                .put("enqueuedAt", job.enqueuedAt().toString())
                .put("failedAt", job.failedAt().toString());
    }
}
