package dev.holdfast.stream;

import java.time.Duration;
import java.util.List;

/**
 * One wake: who has it may acknowledge until its lease ends, and nobody else is woken meanwhile.
 *
 * @param subscription the id of the subscription
 * @param wakeId of this wake alone
 * @param generation one more with each wake: a higher one fences off all lower ones
 * @param token shows that its bearer was woken
 * @param links streams of the subscription, those first in which there is something; up to
 *     {@value SubscriptionLimits#TOLD_MAX}
 * @param lease from now, or from the last acknowledgement that did not end it
 */
public record SubscriptionWake(
        String subscription,
        String wakeId,
        long generation,
        String token,
        List<SubscriptionLink> links,
        Duration lease) {
    /** Without the token. */
    @Override
    public String toString() {
        return subscription + ", generation " + generation + ", " + links.size() + " streams";
    }
}
