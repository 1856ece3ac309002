package dev.holdfast.stream;

/**
 * What {@link Subscriptions#create} found or made.
 *
 * @param created false: there was one already, made in the same way
 * @param info the subscription as it stands
 */
public record SubscriptionCreated(boolean created, SubscriptionInfo info) {}
