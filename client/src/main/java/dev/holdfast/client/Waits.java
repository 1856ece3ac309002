package dev.holdfast.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;

/** Waiting for what other threads do. */
final class Waits {
    private Waits() {}

    /**
     * What comes of a future, or the failure that it ended with.
     *
     * @throws ClientException also when the thread is interrupted
     */
    static <T> T result(CompletableFuture<T> future, String path) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("an append could not be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientException.interrupted(path, e);
        }
    }

    /** One wait for a condition, whose lock is held; the caller looks again afterwards. */
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, who knows what is awaited
    static void signal(Condition condition, String path) {
        try {
            condition.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientException.interrupted(path, e);
        }
    }
}
