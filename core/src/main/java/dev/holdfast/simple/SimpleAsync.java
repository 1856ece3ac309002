package dev.holdfast.simple;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One open transaction that calls from any thread may join, while nobody else does.
 *
 * <p>A transaction belongs to a thread, here one of our own. It does nothing but run what the others send to its
 * mailbox and wait for the user's stage. The user's function runs on a thread beside it, so that what it calls on other
 * handles of the store does not join by being on the thread of the transaction.
 *
 * <p>{@code closing} guards the mailbox against letters that nobody would read; under it nothing waits.
 */
final class SimpleAsync implements Session {
    private static final Letter WAKE = new Letter(SimpleAsync::nothing, SimpleAsync::nothing);

    private final Tx tx;
    private final Thread owner = Thread.currentThread();
    private final BlockingQueue<Letter> mailbox = new LinkedBlockingQueue<>();
    private final ReentrantLock closing = new ReentrantLock();
    private final Duration limit;
    private volatile boolean expired;
    private boolean closed;

    private SimpleAsync(Tx tx, Duration limit) {
        this.tx = tx;
        this.limit = limit;
    }

    /**
     * Runs a function in a transaction of its own, or as a savepoint when the session is one of these. Returns at once;
     * the stage is done after the commit, or fails with what the function's stage failed with.
     */
    static <T> CompletionStage<T> run(Session session, Duration limit, Function<Session, CompletionStage<T>> work) {
        if (session.database().engine().joined()) {
            throw new InvalidInputException(
                    "simple.joined",
                    "inside a transaction on the caller's connection there is no asynchronous one: it has one thread");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        start(() -> {
            try {
                result.complete(session.write(
                        UnitKind.USER,
                        tx -> session instanceof SimpleAsync outer
                                ? outer.serve(work)
                                : new SimpleAsync(tx, limit).serveAlone(work)));
            } catch (Failed e) {
                result.completeExceptionally(e.failure);
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private <T> T serveAlone(Function<Session, CompletionStage<T>> work) {
        TimeSource.Timer timer = database().time().after(limit.toMillis(), () -> {
            expired = true;
            mailbox.add(WAKE);
        });
        try {
            return serve(work);
        } finally {
            timer.cancel();
            refuseFurther();
        }
    }

    /** Runs what comes in until the stage of the function is done. */
    private <T> T serve(Function<Session, CompletionStage<T>> work) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        start(() -> {
            try {
                CompletionStage<T> given = work.apply(this);
                if (given == null) {
                    throw new InvalidInputException("simple.no_stage", "the function returned no stage");
                }
                given.whenComplete((value, failure) -> settle(stage, value, failure));
            } catch (Throwable e) {
                settle(stage, null, e);
            }
        });
        while (!stage.isDone()) {
            next().work.run();
            if (expired) {
                throw new TimeoutException(
                        "simple.transaction_timeout",
                        "the transaction passed its time limit and was rolled back (transactionLimit=" + limit + ")");
            }
        }
        return outcome(stage);
    }

    private <T> void settle(CompletableFuture<T> stage, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            stage.complete(value);
        } else {
            stage.completeExceptionally(unwrapped(failure));
        }
        mailbox.add(WAKE);
    }

    private Letter next() {
        try {
            return mailbox.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("engine.interrupted", "the thread of the transaction was interrupted", e);
        }
    }

    private void refuseFurther() {
        List<Letter> left = new ArrayList<>();
        closing.lock();
        try {
            closed = true;
            mailbox.drainTo(left);
        } finally {
            closing.unlock();
        }
        left.forEach(letter -> letter.refusal.run());
    }

    /** Runs something on the thread of the transaction and waits for it. */
    private <R> R call(Function<Tx, R> work) {
        if (Thread.currentThread().equals(owner)) {
            return work.apply(tx);
        }
        CompletableFuture<R> answer = new CompletableFuture<>();
        send(new Letter(() -> answerWith(answer, work), () -> answer.completeExceptionally(over())));
        return outcome(answer);
    }

    private void send(Letter letter) {
        closing.lock();
        try {
            if (closed) {
                throw over();
            }
            mailbox.add(letter);
        } finally {
            closing.unlock();
        }
    }

    private <R> void answerWith(CompletableFuture<R> answer, Function<Tx, R> work) {
        try {
            answer.complete(work.apply(tx));
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    private static <R> R outcome(CompletableFuture<R> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = unwrapped(e);
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new Failed(cause);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static ClosedException over() {
        return new ClosedException("engine.transaction_over", "the transaction has ended");
    }

    /** What the letter says that only wakes the thread of the transaction. */
    private static void nothing() {}

    private static void start(Runnable work) {
        Thread.ofVirtual().name("holdfast-async").start(work);
    }

    @Override
    public <R> R read(Function<Tx, R> work) {
        return call(work);
    }

    @Override
    public <R> R readOne(Function<Tx, R> work) {
        return call(work);
    }

    @Override
    public <R> R scan(Function<Tx, R> work) {
        return call(work);
    }

    @Override
    public <R> R scanOne(Function<Tx, R> work) {
        return call(work);
    }

    @Override
    public <R> R write(UnitKind kind, Function<Tx, R> work) {
        return call(inside -> inside.write(kind, work));
    }

    @Override
    public <R> R writeOne(Function<Tx, R> work) {
        return call(inside -> inside.writeOne(work));
    }

    @Override
    public Database database() {
        return tx.database();
    }

    @Override
    public String namespace() {
        return tx.namespace();
    }

    /**
     * A call on its way to the thread of the transaction.
     *
     * @param work what is to be done there
     * @param refusal what is done instead when the transaction has ended
     */
    private record Letter(Runnable work, Runnable refusal) {}

    /** Carries a checked failure of the user's stage through the engine. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Throwable failure;

        Failed(Throwable failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }
    }
}
