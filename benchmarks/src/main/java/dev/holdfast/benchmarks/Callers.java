package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that share a list of operations, each doing the next one when its last has ended. */
final class Callers implements AutoCloseable {
    private final ExecutorService threads;
    private final int callers;

    private Callers(ExecutorService threads, int callers) {
        this.threads = threads;
        this.callers = callers;
    }

    /** On virtual threads. */
    static Callers virtual(int callers) {
        return new Callers(Executors.newVirtualThreadPerTaskExecutor(), callers);
    }

    /** On threads of the operating system, the same ones in every run. */
    static Callers platform(int callers) {
        return new Callers(Executors.newFixedThreadPool(callers), callers);
    }

    /** Does operations 0 to {@code count - 1}. */
    Outcome run(int count, Operation operation) throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        Window window = Window.open();
        for (int caller = 0; caller < callers; caller++) {
            running.add(threads.submit(() -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    operation.run(i);
                }
                return null;
            }));
        }
        for (Future<?> caller : running) {
            caller.get();
        }
        return window.close(count);
    }

    @Override
    public void close() {
        threads.close();
    }

    /** One of the operations. */
    @FunctionalInterface
    interface Operation {
        void run(int number) throws Exception;
    }
}
