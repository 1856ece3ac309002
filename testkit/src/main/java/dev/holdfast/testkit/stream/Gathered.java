package dev.holdfast.testkit.stream;

import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Calls on one stream that begin one after the other, each on a thread of its own. Where callers who meet in one row
 * queue in the process nobody's turn comes before all of them wait.
 */
final class Gathered<R> {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<Thread> threads = new ArrayList<>();
    private final List<FutureTask<R>> tasks = new ArrayList<>();

    private Gathered() {}

    /** Runs calls; how each of them ended, in their order. */
    static <R> List<FutureTask<R>> run(Engine engine, String stream, List<Callable<R>> calls) {
        return run(engine, stream, calls, threads -> {});
    }

    /** The same with something that happens to the threads when all of them wait. */
    static <R> List<FutureTask<R>> run(
            Engine engine, String stream, List<Callable<R>> calls, Consumer<List<Thread>> then) {
        Gathered<R> gathered = new Gathered<>();
        engine.inTurn(stream.hashCode(), () -> {
            calls.forEach(gathered::begin);
            then.accept(gathered.threads);
            return stream;
        });
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> gathered.tasks.stream().allMatch(FutureTask::isDone));
        return gathered.tasks;
    }

    private void begin(Callable<R> call) {
        FutureTask<R> task = new FutureTask<>(call);
        tasks.add(task);
        Thread thread = Thread.ofVirtual().start(task);
        threads.add(thread);
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> isQuiet(thread));
    }

    private static boolean isQuiet(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, TERMINATED -> true;
            case NEW, RUNNABLE, BLOCKED -> false;
        };
    }
}
