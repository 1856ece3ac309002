package dev.holdfast.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A subscription as it stands.
 *
 * @param id its name
 * @param target who is woken
 * @param pattern which streams belong to it by their names
 * @param links its streams by name, up to {@value SubscriptionLimits#TOLD_MAX}
 * @param more whether there are streams behind those
 * @param lease how long whoever was woken keeps others from being woken
 * @param description for people
 * @param failed whether the last try to wake somebody failed, and the next one is due later
 * @param createdAt when it was made
 */
public record SubscriptionInfo(
        String id,
        SubscriptionSpec.Target target,
        Optional<String> pattern,
        List<SubscriptionLink> links,
        boolean more,
        Duration lease,
        Optional<String> description,
        boolean failed,
        Instant createdAt) {}
