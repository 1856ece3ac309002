package dev.holdfast.stream;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * An append that waits for its turn, or to be done by somebody else in theirs. What it came to is written by whoever
 * does it, and read when its caller has been told.
 */
final class AppendCall {
    final StreamAppend append;
    final AppendContent content;
    /** Whether it runs by itself, since something went wrong when it ran together with others. */
    boolean alone;

    private final Semaphore told = new Semaphore(0);
    private boolean done;
    private @Nullable StreamAppended result;
    private @Nullable Throwable failure;

    AppendCall(StreamAppend append, AppendContent content) {
        this.append = append;
        this.content = content;
    }

    /** Wakes its caller. */
    void tell() {
        told.release();
    }

    /** What wakes its caller. */
    Semaphore told() {
        return told;
    }

    /** Whether it was done; else its turn has come. */
    boolean isDone() {
        return done;
    }

    /** It was stored, or had been before; it holds when {@link #finish} is called. */
    void answer(StreamAppended what) {
        result = what;
        failure = null;
    }

    /** It was not stored; it holds when {@link #finish} is called. */
    void refuse(Throwable why) {
        result = null;
        failure = why;
    }

    /** What it came to stands. */
    void finish() {
        done = true;
    }

    /** What it came to. */
    StreamAppended outcome() {
        if (failure != null) {
            throw AppendCall.<RuntimeException>asItIs(failure);
        }
        if (result == null) {
            throw new IllegalStateException("an append has neither succeeded nor failed");
        }
        return result;
    }

    // What the work threw passes through unchanged, checked or not.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T asItIs(Throwable failure) throws T {
        throw (T) failure;
    }
}
