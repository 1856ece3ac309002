package dev.holdfast.stream;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it is stored.
 *
 * @param expiresAt milliseconds since 1970 from which on it is gone; {@link #NEVER}
 * @param closedBy the append of a producer that closed it
 * @param source number of the stream of which it is a fork; 0 for none
 * @param sourceName how the source was called when the fork was made
 * @param forkAt the offset before which it reads from its source
 * @param forkSub how much of that was asked for as units behind an offset
 * @param forks how many living forks read from it
 */
record StreamRow(
        String name,
        long id,
        String contentType,
        OptionalLong ttl,
        @Nullable String expiresText,
        long expiresAt,
        long first,
        long tail,
        boolean deleted,
        boolean closed,
        @Nullable ProducerStamp closedBy,
        @Nullable String lastSequence,
        long source,
        String sourceName,
        long forkAt,
        long forkSub,
        int forks) {
    static final long NEVER = Long.MAX_VALUE;

    boolean json() {
        return ContentTypes.isJson(contentType);
    }

    boolean isFork() {
        return source != 0;
    }

    boolean expired(long now) {
        return expiresAt <= now;
    }

    /** Refuses a stream that is no more, or only for its forks. */
    StreamRow requireAlive(long now) {
        if (deleted || (expired(now) && forks > 0)) {
            throw new StreamException(
                    StreamException.Reason.DELETED, "the stream was deleted, and is kept only for its forks");
        }
        if (expired(now)) {
            throw notFound();
        }
        return this;
    }

    static StreamException notFound() {
        return new StreamException(StreamException.Reason.NOT_FOUND, "there is no such stream");
    }

    /** When the stream ends if it was used now; {@link #NEVER}. */
    long lifetimeFrom(long now) {
        // A tenth longer, so that not every reader has to write the time of its visit.
        return ttl.isPresent() ? now + tolerance() + ttl.getAsLong() * 1_000 : expiresAt;
    }

    /** Whether a visit now is worth writing down. */
    boolean wantsTouch(long now) {
        return ttl.isPresent() && lifetimeFrom(now) - expiresAt > tolerance();
    }

    private long tolerance() {
        return ttl.orElse(0) * 100;
    }

    StreamRow appended(long newTail, boolean nowClosed, @Nullable ProducerStamp by, @Nullable String seq, long now) {
        return new StreamRow(
                name,
                id,
                contentType,
                ttl,
                expiresText,
                lifetimeFrom(now),
                first,
                newTail,
                deleted,
                closed || nowClosed,
                nowClosed ? by : closedBy,
                seq == null ? lastSequence : seq,
                source,
                sourceName,
                forkAt,
                forkSub,
                forks);
    }

    /** The same, used now. */
    StreamRow touched(long now) {
        return appended(tail, false, null, null, now);
    }

    /** The same under the number that it was given. */
    StreamRow numbered(long number) {
        return new StreamRow(
                name,
                number,
                contentType,
                ttl,
                expiresText,
                expiresAt,
                first,
                tail,
                deleted,
                closed,
                closedBy,
                lastSequence,
                source,
                sourceName,
                forkAt,
                forkSub,
                forks);
    }

    /** The same as a fork. */
    StreamRow forkedFrom(StreamRow other, long at, long sub) {
        return new StreamRow(
                name,
                id,
                contentType,
                ttl,
                expiresText,
                expiresAt,
                other.first,
                at,
                deleted,
                closed,
                closedBy,
                lastSequence,
                other.id,
                other.name,
                at,
                sub,
                forks);
    }

    StreamInfo info() {
        return new StreamInfo(name, id, contentType, first, tail, closed, ttl, Optional.ofNullable(expiresText));
    }
}
