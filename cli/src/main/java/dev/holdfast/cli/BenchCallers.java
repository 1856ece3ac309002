package dev.holdfast.cli;

import dev.holdfast.cli.load.LoadLatencies;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Callers that repeat an operation until the time or the number of operations is used up, or somebody stops them. */
final class BenchCallers {
    private final long operationsMax;
    private final long nanosMax;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** What is measured. */
    interface Operation {
        /** Runs once. */
        void run(SplittableRandom random) throws Exception;
    }

    BenchCallers(long operationsMax, long nanosMax) {
        this.operationsMax = operationsMax;
        this.nanosMax = nanosMax;
    }

    /** Ends what runs, and what comes, after the calls that are under way. */
    void stop() {
        stopped.set(true);
    }

    boolean stopped() {
        return stopped.get();
    }

    /** Repeats an operation as often as allowed; see {@link #run(int, long, Operation)}. */
    BenchFigures run(int callers, Operation operation) throws InterruptedException {
        return run(callers, operationsMax, operation);
    }

    /**
     * Repeats an operation from so many virtual threads; returns when all have ended.
     *
     * @param atMost operations, if that is less than is allowed
     * @throws InterruptedException while waiting for them
     */
    BenchFigures run(int callers, long atMost, Operation operation) throws InterruptedException {
        AtomicLong left = new AtomicLong(Math.min(atMost, operationsMax));
        AtomicBoolean failed = new AtomicBoolean();
        SplittableRandom seeds = new SplittableRandom();
        long start = System.nanoTime();
        LoadLatencies all = new LoadLatencies();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LoadLatencies>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                SplittableRandom random = seeds.split();
                running.add(threads.submit(() -> repeat(operation, random, start, left, failed)));
            }
            for (Future<LoadLatencies> caller : running) {
                all.add(caller.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
        return new BenchFigures(callers, System.nanoTime() - start, all);
    }

    private LoadLatencies repeat(
            Operation operation, SplittableRandom random, long start, AtomicLong left, AtomicBoolean failed)
            throws Exception {
        LoadLatencies latencies = new LoadLatencies();
        long before = System.nanoTime();
        while (before - start < nanosMax && !stopped.get() && !failed.get() && left.getAndDecrement() > 0) {
            try {
                operation.run(random);
            } catch (Exception e) {
                failed.set(true);
                throw e;
            }
            long after = System.nanoTime();
            latencies.add(after - before);
            before = after;
        }
        return latencies;
    }
}
