package dev.holdfast.testkit.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Many callers on threads of their own. */
final class Crowd {
    private static final int SECONDS_MAX = 50;

    private Crowd() {}

    /** Lets so many callers begin at once; what each of them returned, in their order. */
    static <R> List<R> run(int callers, IntFunction<R> work) {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<R>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int caller = i;
                Callable<R> call = () -> {
                    start.await();
                    return work.apply(caller);
                };
                running.add(threads.submit(call));
            }
            start.countDown();
            try {
                return running.stream().map(Crowd::result).toList();
            } catch (AssertionError e) {
                threads.shutdownNow();
                throw e;
            }
        }
    }

    /** What a call returned, waited for almost a minute at most. */
    static <R> R result(Future<R> future) {
        try {
            return future.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a call failed that must not: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a call did not end in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a call", e);
        }
    }
}
