package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueFlow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Sets, or prints, how much of a queue is given out. */
@Command(
        name = "limit",
        description =
                "Set how much of a queue is given out at most, to all programs together: the limits that are given,"
                        + " and no others. Without any, print them.")
final class QueueFlowCommand extends QueueCommand.OnQueue {
    @Option(names = "--concurrency", paramLabel = "N", description = "So many jobs are claimed at once.")
    private @Nullable Integer concurrency;

    @Option(names = "--rate", paramLabel = "N", description = "So many jobs are claimed in each window of time.")
    private @Nullable Integer rate;

    @Option(names = "--window", paramLabel = "DURATION", description = "How long a window of the rate is, as in 1m.")
    private @Nullable Duration window;

    @Option(names = "--none", description = "Give out whatever is asked for.")
    private boolean none;

    @Override
    int run(Queue queue) {
        boolean any = concurrency != null || rate != null || window != null;
        if (none && any) {
            throw new InvalidInputException("cli.contradiction", "--none goes with no other limit");
        }
        if (none || any) {
            queue.flow(asked());
        }
        print(tree(queue));
        return DONE;
    }

    private QueueFlow asked() {
        QueueFlow flow = QueueFlow.unlimited();
        if (concurrency != null) {
            flow = flow.withConcurrency(concurrency);
        }
        if (rate != null && window != null) {
            return flow.withRate(rate, window);
        }
        if (rate != null || window != null) {
            throw new InvalidInputException("cli.no_window", "a rate takes --rate N and --window DURATION");
        }
        return flow;
    }

    private static ObjectNode tree(Queue queue) {
        QueueFlow flow = queue.flow();
        ObjectNode tree = Json.mapper().createObjectNode().put("queue", queue.name());
        flow.concurrency().ifPresent(most -> tree.put("concurrency", most));
        flow.rate()
                .ifPresent(most -> tree.put("rate", most.jobs())
                        .put("window", most.window().toString()));
        return tree;
    }
}
