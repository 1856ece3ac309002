package dev.holdfast.stream;

/**
 * What somebody shows who was woken.
 *
 * @param token of the wake
 * @param wakeId of the wake
 * @param generation of the wake
 */
public record SubscriptionReceipt(String token, String wakeId, long generation) {
    /** The receipt of a wake. */
    public static SubscriptionReceipt of(SubscriptionWake wake) {
        return new SubscriptionReceipt(wake.token(), wake.wakeId(), wake.generation());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "generation " + generation;
    }
}
