package dev.holdfast.stream;

/**
 * A place in a stream that moves on as the stream grows. It holds no thread: it says when there may be something, and
 * is asked for it. One thread at a time asks; {@link #close} may be called by any.
 */
public interface StreamFollower extends AutoCloseable {
    /** The offset up to which everything was handed out. */
    long offset();

    /**
     * What follows, at most about so many bytes but at least one append; empty when there is nothing now, or when the
     * stream has ended, see {@link StreamChunk#atEnd()}. What was appended just now comes from memory, other content
     * from the database, which blocks.
     *
     * @param bytesMax 1 or more
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND} or {@link StreamException.Reason#DELETED}: it
     *     was deleted or its time passed; {@link StreamException.Reason#TRIMMED}: what follows was removed
     */
    StreamChunk poll(int bytesMax);

    /** Stops telling. */
    @Override
    void close();
}
