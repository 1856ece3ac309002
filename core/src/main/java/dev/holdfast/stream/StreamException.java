package dev.holdfast.stream;

import dev.holdfast.engine.StateException;
import java.util.OptionalLong;

/** A stream is in a state that refuses the call. Nothing was done; {@link #reason()} says what to do next. */
public final class StreamException extends StateException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Facts facts;

    StreamException(Reason reason, String message) {
        this(reason, message, Facts.NONE);
    }

    StreamException(Reason reason, String message, Facts facts) {
        super(reason.code, message);
        this.reason = reason;
        this.facts = facts;
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }

    /** The tail of the stream, where the stream is closed. */
    public OptionalLong tail() {
        return facts.tail;
    }

    /** The epoch that is known, where the producer's is older. */
    public OptionalLong epoch() {
        return facts.epoch;
    }

    /** The sequence number that comes next, where the producer left some out. */
    public OptionalLong expected() {
        return facts.expected;
    }

    /** Why a stream refuses. */
    public enum Reason {
        /** There is no such stream, or its time has passed. */
        NOT_FOUND("stream.not_found"),
        /** It was deleted, and is kept only for its forks. */
        DELETED("stream.deleted"),
        /** The name belongs to a stream that was made otherwise, or that is kept only for its forks. */
        OCCUPIED("stream.occupied"),
        /** The stream that is to be forked was deleted, or holds another type of content. */
        SOURCE("stream.source"),
        /** The stream that is to be forked does not exist. */
        NO_SOURCE("stream.no_source"),
        /** The stream is closed. */
        CLOSED("stream.closed"),
        /** What is appended is said to be of another type than the stream. */
        CONTENT_TYPE("stream.other_content_type"),
        /** Somebody has taken over from this producer: a higher epoch is known. */
        STALE_EPOCH("stream.stale_epoch"),
        /** Appends of this producer are missing before this one. */
        GAP("stream.gap"),
        /** The sequence is not greater than the last one. */
        SEQUENCE("stream.sequence_order"),
        /** The content at this offset was removed; what is left begins at {@link StreamInfo#first()}. */
        TRIMMED("stream.trimmed");

        private final String code;

        Reason(String code) {
            this.code = code;
        }
    }

    /** What a caller may want to know besides. */
    record Facts(OptionalLong tail, OptionalLong epoch, OptionalLong expected) {
        static final Facts NONE = new Facts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

        static Facts tail(long tail) {
            return new Facts(OptionalLong.of(tail), OptionalLong.empty(), OptionalLong.empty());
        }

        static Facts epoch(long epoch) {
            return new Facts(OptionalLong.empty(), OptionalLong.of(epoch), OptionalLong.empty());
        }

        static Facts expected(long seq) {
            return new Facts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(seq));
        }
    }
}
