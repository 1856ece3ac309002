package dev.holdfast.record;

import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cursor that copies everything at its first step and then holds nothing of the database. */
final class CopiedCursor<T> implements RecordCursor<T> {
    private final Runnable requireOpen;
    private final Supplier<RecordCopy> load;
    private final Function<RecordRow, T> read;
    private @Nullable RecordCopy copy;
    private @Nullable RuntimeException failure;
    private boolean done;

    /**
     * A cursor.
     *
     * @param requireOpen throws when the store was closed
     * @param load makes the copy
     * @param read makes a value of a row
     */
    CopiedCursor(Runnable requireOpen, Supplier<RecordCopy> load, Function<RecordRow, T> read) {
        this.requireOpen = requireOpen;
        this.load = load;
        this.read = read;
    }

    @Override
    public boolean hasNext() {
        if (failure != null) {
            throw failure;
        }
        if (done) {
            return false;
        }
        requireOpen.run();
        if (copy == null) {
            copy = load.get();
        }
        if (!copy.hasNext()) {
            close();
        }
        return !done;
    }

    @Override
    public T next() {
        if (!hasNext() || copy == null) {
            throw new NoSuchElementException("the cursor is at its end");
        }
        try {
            return read.apply(copy.next());
        } catch (RuntimeException e) {
            close();
            failure = e;
            throw e;
        }
    }

    @Override
    public void close() {
        done = true;
        if (copy != null) {
            copy.close();
        }
    }
}
