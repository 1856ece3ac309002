package dev.holdfast.record;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a store gives, one after the other, as it was at the first step. It can be read once, by one thread at a time,
 * and closes itself at its end; close it to stop early. What fails in the middle is thrown, by each further step too:
 * an end is always the end.
 *
 * @param <T> what it gives
 */
public interface RecordCursor<T> extends Iterator<T>, AutoCloseable {
    /** Frees what it holds; it has no next from then on. May be called again without effect. */
    @Override
    void close();

    /** What is left, in order; closing the stream closes the cursor. */
    default Stream<T> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }
}
