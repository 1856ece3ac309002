package dev.holdfast.stream;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Codecs;
import dev.holdfast.engine.Session;
import java.time.Duration;

/**
 * An append-only log under one name in one namespace: of bytes, or of JSON messages. What was appended keeps its
 * offset, unchanged, until the stream is deleted, ends, or is trimmed.
 *
 * <p>Offsets count units: messages in a stream of JSON, bytes in any other. The first unit has offset 0; the tail is
 * the offset that the next unit will have. Only where a backup was restored offsets go on far behind, see
 * {@link StreamOffset}. Outside a transaction every call is one transaction of its own: what it
 * wrote is durable and visible to everybody when it returns. Inside one everything comes with the commit, together
 * with what other rooms and the caller's own tables write.
 *
 * <p>All methods block the calling thread; those of a transaction belong to its thread, all others may be called by
 * many threads. Errors are of the kinds of {@link dev.holdfast.engine.HoldfastException}; where the stream's state
 * refuses a call it is a {@link StreamException}.
 */
public interface DurableStream {
    /** Instead of an offset: where the stream begins, or what is left of it. */
    long BEGINNING = -1;

    /** Instead of an offset: the tail. */
    long NOW = -2;

    /**
     * The stream of a name in a session: of one namespace, or of one open transaction. It need not exist.
     *
     * @param name 1 to {@value StreamLimits#NAME_BYTES_MAX} bytes of UTF-8 without control characters
     */
    static DurableStream in(Session session, String name) {
        return new StoredStream(
                session,
                StreamLimits.requireText("stream.name", "the name of a stream", name, StreamLimits.NAME_BYTES_MAX),
                StreamRoom.of(session.database()));
    }

    /** A view whose messages are of one Java type, of a stream of JSON; see {@link Codecs#json(Class)}. */
    default <T> StreamView<T> as(Class<T> type) {
        return as(Codecs.json(type));
    }

    /** A view whose messages go through a codec that writes JSON. */
    default <T> StreamView<T> as(Codec<T> codec) {
        return new StreamView<>(this, codec);
    }

    /** The name. */
    String name();

    /**
     * Makes the stream, or confirms that it was made in the same way: media type, lifetime and fork are the same, and
     * it is closed if it should be. The content is not looked at then.
     *
     * @throws StreamException {@link StreamException.Reason#OCCUPIED}, {@link StreamException.Reason#SOURCE},
     *     {@link StreamException.Reason#NO_SOURCE}
     * @throws dev.holdfast.engine.InvalidInputException {@code json.malformed}, {@code stream.fork},
     *     {@code stream.too_large}: what is asked for can never be made
     */
    StreamCreated create(StreamSpec spec);

    /**
     * The stream as it stands. Asking does not extend its lifetime.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    StreamInfo head();

    /** Appends content; see {@link #append(StreamAppend)}. */
    default StreamAppended append(byte[] content) {
        return append(StreamAppend.of(content));
    }

    /**
     * Appends content, closes the stream, or both in one step. Appends are stored one behind the other, in the order
     * in which every reader sees them.
     *
     * <p>An append of a producer is stored once: sent again it is a repeat, whatever its content, which is the answer
     * to a call whose outcome is not known.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED},
     *     {@link StreamException.Reason#CLOSED}, {@link StreamException.Reason#CONTENT_TYPE},
     *     {@link StreamException.Reason#STALE_EPOCH}, {@link StreamException.Reason#GAP},
     *     {@link StreamException.Reason#SEQUENCE}
     * @throws dev.holdfast.engine.InvalidInputException {@code stream.empty}, {@code stream.too_large},
     *     {@code stream.new_epoch}, {@code json.malformed}: the append will never be taken
     */
    StreamAppended append(StreamAppend append);

    /** Closes the stream, without effect on a closed one; see {@link #append(StreamAppend)}. */
    default StreamAppended close() {
        return append(StreamAppend.closing());
    }

    /**
     * Deletes the stream: its name is free, its content goes in the background. With forks it is kept for them, and
     * its name is refused until the last one is gone.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    void delete();

    /**
     * Sets how much the stream keeps from now on. What is not to be kept goes in the background, or with the next
     * {@link StreamRoom#sweep}.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    void retain(StreamRetention retention);

    /**
     * How much the stream keeps.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    StreamRetention retention();

    /**
     * Removes what lies before an offset: it is not read any more when this returns, and its space is freed in the
     * background. Forks keep what they share.
     *
     * @param offset 0 or more, or {@link #NOW} for everything; beyond the tail it means the tail
     * @return the lowest offset that can still be read
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    long trim(long offset);

    /**
     * Makes a snapshot of a stream of state events: the present state of all rows, between two marks, is appended as a
     * whole, and what lies before it is removed after a grace time, once nobody in this process follows the stream from
     * there. New readers may begin at {@link StreamInfo#first()} as ever. Not inside a transaction, and not of a closed
     * stream.
     *
     * <p>Each row is appended as its last event, an {@code upsert}, with its headers; by the State Protocol an update
     * replaces the whole row. Of what is appended meanwhile nothing is lost.
     *
     * @param grace by the store's clock, 0 or more; {@link StreamLimits#GRACE} is usual
     * @throws dev.holdfast.engine.InvalidInputException {@code stream.not_state}: a message is no state event;
     *     {@code stream.too_large}: the state has more than {@link StreamLimits#SNAPSHOT_BYTES_MAX} bytes
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED},
     *     {@link StreamException.Reason#CLOSED}
     */
    StreamSnapshot compact(Duration grace);

    /**
     * Reads from an offset on. Reading extends a sliding lifetime, outside a transaction. Small appends lie together in
     * rows of some 128 KiB, and a row is read as a whole: to ask for little at a time costs more than to ask for much.
     *
     * @param offset 0 or more, {@link #BEGINNING} or {@link #NOW}; beyond the tail it means the tail
     * @param bytesMax about so many bytes at most, 1 or more, but at least one append if there is one
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED},
     *     {@link StreamException.Reason#TRIMMED}
     */
    StreamChunk read(long offset, int bytesMax);

    /**
     * Reads from an offset on, and waits when there is nothing: for an append, the closing of the stream, or the time
     * to pass. Not inside a transaction.
     *
     * @param timeout by the store's clock, 0 or more
     * @return what there is; empty when the time passed or the stream has ended
     * @throws StreamException as {@link #read}, also while it waits
     */
    StreamChunk await(long offset, int bytesMax, Duration timeout);

    /**
     * Follows the stream from an offset on, without holding a thread. Not inside a transaction.
     *
     * @param offset as in {@link #read}
     * @param wake called when there may be something to {@link StreamFollower#poll}: on any thread, often in a commit
     *     of somebody else, so it must return at once; calls may be spurious
     * @throws StreamException as {@link #read}
     */
    StreamFollower follow(long offset, Runnable wake);
}
