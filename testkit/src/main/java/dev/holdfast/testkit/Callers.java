package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.UnitKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Callers on threads of their own, for tests of what happens between them. */
final class Callers implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<Thread> threads = new ArrayList<>();

    /** Starts a caller; its result or failure is in the future. */
    <R> CompletableFuture<R> start(Supplier<R> work) {
        CompletableFuture<R> result = new CompletableFuture<>();
        threads.add(Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }));
        return result;
    }

    /**
     * Keeps the writer busy: a user's transaction that has begun, has written nothing, and ends when the hold is
     * closed. Where writers do not wait for each other it holds nobody up.
     */
    Hold hold(Engine engine) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Boolean> done = start(() -> engine.write(UnitKind.USER, unit -> {
            inside.countDown();
            return pass(end);
        }));
        pass(inside);
        return new Hold(end, done);
    }

    /** Waits until every caller is done or waits for something. */
    void awaitQuiet() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> threads.stream().allMatch(Callers::isQuiet));
    }

    /** Waits until one of the callers runs a statement. */
    void awaitStatement() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> threads.stream().anyMatch(Callers::isInDriver));
    }

    /** Waits for a latch, for at most half a minute. */
    static boolean pass(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the latch in time");
            }
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a latch", e);
        }
    }

    /** What a future holds or failed with, waited for half a minute at most. */
    static <R> Outcome<R> outcome(CompletableFuture<R> future) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(future::isDone);
        return new Outcome<>(future);
    }

    /** Waits for every caller. */
    @Override
    public void close() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    private static boolean isInDriver(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .map(StackTraceElement::getClassName)
                .anyMatch(name -> name.startsWith("org.sqlite.") || name.startsWith("org.postgresql."));
    }

    private static boolean isQuiet(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, TERMINATED -> true;
            case NEW, RUNNABLE, BLOCKED -> false;
        };
    }

    /** A transaction that keeps the writer busy. */
    record Hold(CountDownLatch end, CompletableFuture<Boolean> done) implements AutoCloseable {
        @Override
        public void close() {
            end.countDown();
            outcome(done).value();
        }
    }

    /** How a call ended. */
    record Outcome<R>(CompletableFuture<R> done) {
        boolean failed() {
            return done.isCompletedExceptionally();
        }

        /** What it returned; fails the test when it threw. */
        R value() {
            if (failed()) {
                throw new AssertionError("a call failed that must not", done.exceptionNow());
            }
            return done.resultNow();
        }

        /** What it threw; fails the test when it returned. */
        Throwable failure() {
            if (!failed()) {
                throw new AssertionError("a call returned that must fail");
            }
            return done.exceptionNow();
        }
    }
}
