package dev.holdfast.stream;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it is stored: what it was made as, and how it stands.
 */
record StreamRow(Made made, Standing standing) {
    static final long NEVER = Long.MAX_VALUE;

    /**
     * What a stream was made as.
     *
     * @param ttl seconds that it lives without being used
     * @param expiresText when it ends, as it was given
     * @param fork what it is a fork of
     */
    record Made(
            String name,
            long id,
            String contentType,
            OptionalLong ttl,
            @Nullable String expiresText,
            @Nullable Fork fork) {}

    /**
     * What a fork reads of another stream.
     *
     * @param source number of the stream
     * @param name how it was called when the fork was made
     * @param at the offset before which it is read
     * @param sub how much of that was asked for as units behind an offset
     */
    record Fork(long source, String name, long at, long sub) {}

    /**
     * How a stream stands.
     *
     * @param first the offset before which nothing is read any more
     * @param tail the offset of what is appended next
     * @param expiresAt milliseconds since 1970 from which on it is gone; {@link #NEVER}
     * @param end whether, and by whom, it was closed
     * @param lastSequence the last one that an append named
     * @param deleted whether it is kept for its forks alone
     * @param forks how many living forks read from it
     */
    record Standing(
            long first,
            long tail,
            long expiresAt,
            End end,
            @Nullable String lastSequence,
            boolean deleted,
            int forks) {}

    /**
     * Whether a stream is closed.
     *
     * @param by the append of a producer that closed it
     */
    record End(boolean closed, @Nullable ProducerStamp by) {
        static final End OPEN = new End(false, null);
    }

    String name() {
        return made.name;
    }

    long id() {
        return made.id;
    }

    String contentType() {
        return made.contentType;
    }

    OptionalLong ttl() {
        return made.ttl;
    }

    @Nullable
    String expiresText() {
        return made.expiresText;
    }

    long source() {
        return made.fork == null ? 0 : made.fork.source;
    }

    String sourceName() {
        return made.fork == null ? "" : made.fork.name;
    }

    long forkAt() {
        return made.fork == null ? 0 : made.fork.at;
    }

    long forkSub() {
        return made.fork == null ? 0 : made.fork.sub;
    }

    long expiresAt() {
        return standing.expiresAt;
    }

    long first() {
        return standing.first;
    }

    long tail() {
        return standing.tail;
    }

    boolean deleted() {
        return standing.deleted;
    }

    boolean closed() {
        return standing.end.closed;
    }

    @Nullable
    ProducerStamp closedBy() {
        return standing.end.by;
    }

    @Nullable
    String lastSequence() {
        return standing.lastSequence;
    }

    int forks() {
        return standing.forks;
    }

    boolean json() {
        return ContentTypes.isJson(contentType());
    }

    boolean isFork() {
        return made.fork != null;
    }

    boolean expired(long now) {
        return expiresAt() <= now;
    }

    /** Refuses a stream that is no more, or only for its forks. */
    StreamRow requireAlive(long now) {
        if (deleted() || (expired(now) && forks() > 0)) {
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
        return ttl().isPresent() ? now + tolerance() + ttl().getAsLong() * 1_000 : expiresAt();
    }

    /** Whether a visit now is worth writing down. */
    boolean wantsTouch(long now) {
        return ttl().isPresent() && lifetimeFrom(now) - expiresAt() > tolerance();
    }

    private long tolerance() {
        return ttl().orElse(0) * 100;
    }

    StreamRow appended(long newTail, boolean nowClosed, @Nullable ProducerStamp by, @Nullable String seq, long now) {
        return new StreamRow(
                made,
                new Standing(
                        first(),
                        newTail,
                        lifetimeFrom(now),
                        new End(closed() || nowClosed, nowClosed ? by : closedBy()),
                        seq == null ? lastSequence() : seq,
                        deleted(),
                        forks()));
    }

    /** The same, used now. */
    StreamRow touched(long now) {
        return appended(tail(), false, null, null, now);
    }

    /** The same without what lies before an offset. */
    StreamRow trimmed(long newFirst) {
        return new StreamRow(
                made, new Standing(newFirst, tail(), expiresAt(), standing.end, lastSequence(), deleted(), forks()));
    }

    /** The same under the number, and with the tail, that it was given. */
    StreamRow stored(long number, long tail) {
        return new StreamRow(new Made(name(), number, contentType(), ttl(), expiresText(), made.fork), standing)
                .at(tail);
    }

    /** The same with another tail, before which nothing more lies. */
    StreamRow at(long tail) {
        return new StreamRow(
                made, new Standing(first(), tail, expiresAt(), standing.end, lastSequence(), deleted(), forks()));
    }

    StreamInfo info() {
        return new StreamInfo(
                name(), id(), contentType(), first(), tail(), closed(), ttl(), Optional.ofNullable(expiresText()));
    }
}
