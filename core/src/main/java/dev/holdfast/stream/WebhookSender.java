package dev.holdfast.stream;

/** Calls webhooks, for a {@link SubscriptionRunner}. */
@FunctionalInterface
public interface WebhookSender {
    /**
     * Calls a webhook once, and blocks until it has answered or a time is over that is no longer than the lease. Called
     * by several threads at once. What it throws counts as a failure.
     */
    Answer send(WebhookDelivery delivery);

    /** What became of a call. */
    enum Answer {
        /** Everything that was told is done. */
        DONE,
        /** The receiver has it, and will call back. */
        TAKEN,
        /** The receiver was not reached, or has refused: it is tried again. */
        FAILED
    }
}
