package dev.holdfast.stream;

import dev.holdfast.engine.StateException;
import java.util.Optional;
import java.util.OptionalLong;

/** A subscription is in a state that refuses the call. Nothing was done; {@link #reason()} says what to do next. */
public final class SubscriptionException extends StateException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Optional<String> holder;
    private final transient OptionalLong generation;

    SubscriptionException(Reason reason, String message) {
        super(reason.code, message);
        this.reason = reason;
        this.holder = Optional.empty();
        this.generation = OptionalLong.empty();
    }

    SubscriptionException(Reason reason, String message, String holder, long generation) {
        super(reason.code, message);
        this.reason = reason;
        this.holder = Optional.of(holder);
        this.generation = OptionalLong.of(generation);
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }

    /** The worker who has the lease, where another one has it. */
    public Optional<String> holder() {
        return holder;
    }

    /** The generation that this worker has, where another one has the lease. */
    public OptionalLong generation() {
        return generation;
    }

    /** Why a subscription refuses. */
    public enum Reason {
        /** There is no such subscription. */
        NOT_FOUND("subscription.not_found"),
        /** The id belongs to a subscription that was made otherwise. */
        EXISTS("subscription.occupied"),
        /** The token is none of this store, or of another subscription. */
        TOKEN_INVALID("subscription.token_invalid"),
        /** The token is too old. */
        TOKEN_EXPIRED("subscription.token_expired"),
        /** The wake is over: its lease ended, it was released, or somebody else was woken. */
        FENCED("subscription.fenced"),
        /** An acknowledgement is of no stream of the subscription, or of an offset that cannot be the next one. */
        INVALID_OFFSET("subscription.offset"),
        /** Another worker has the lease. */
        ALREADY_CLAIMED("subscription.claimed"),
        /** There is nothing to do. */
        NO_PENDING_WORK("subscription.nothing_pending");

        private final String code;

        Reason(String code) {
            this.code = code;
        }
    }
}
