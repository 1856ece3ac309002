package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a subscription is about, and how it wakes somebody.
 *
 * @param pattern which streams belong to it by their names: {@code *} stands for one part between slashes, {@code **}
 *     for any number of them
 * @param streams further ones by their names, which need not exist; up to {@value SubscriptionLimits#STREAMS_MAX}. One
 *     of the two is needed
 * @param target who is woken
 * @param lease how long whoever was woken keeps others from being woken, 1 second to 10 minutes, in milliseconds
 * @param description for people, up to {@value SubscriptionLimits#DESCRIPTION_BYTES_MAX} bytes
 */
public record SubscriptionSpec(
        Optional<String> pattern, List<String> streams, Target target, Duration lease, Optional<String> description) {
    /** The lease of a subscription that names none. */
    public static final Duration LEASE_DEFAULT = Duration.ofSeconds(30);

    /** Refuses what can be no subscription: {@code subscription.invalid}. */
    public SubscriptionSpec {
        pattern.ifPresent(text -> requireText("a pattern", text, SubscriptionLimits.PATTERN_BYTES_MAX));
        description
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> requireText("a description", text, SubscriptionLimits.DESCRIPTION_BYTES_MAX));
        streams = List.copyOf(new TreeSet<>(requireNames(streams)));
        if (pattern.isEmpty() && streams.isEmpty()) {
            throw invalid("a subscription has a pattern, or names streams");
        }
        if (lease.compareTo(SubscriptionLimits.LEASE_MIN) < 0 || lease.compareTo(SubscriptionLimits.LEASE_MAX) > 0) {
            throw invalid("a lease takes " + SubscriptionLimits.LEASE_MIN.toMillis() + " to "
                    + SubscriptionLimits.LEASE_MAX.toMillis() + " milliseconds (leaseMillis=" + lease.toMillis() + ")");
        }
        if (target instanceof PullWake wake) {
            String own = wake.stream();
            if (streams.contains(own)
                    || pattern.filter(text -> new StreamPattern(text).matches(own))
                            .isPresent()) {
                throw invalid("a wake stream cannot belong to its own subscription, which would wake itself for ever");
            }
        }
    }

    /** Who is woken. */
    public sealed interface Target {}

    /**
     * Somebody who is called.
     *
     * @param url where, up to {@value SubscriptionLimits#URL_BYTES_MAX} bytes; which ones may be called is for the
     *     caller to decide
     */
    public record Webhook(String url) implements Target {
        /** Refuses what is no text of an address: {@code subscription.invalid}. */
        public Webhook {
            requireText("the URL of a webhook", url, SubscriptionLimits.URL_BYTES_MAX);
        }
    }

    /**
     * Workers who follow a stream of JSON, in which every wake is a message, and claim it.
     *
     * @param stream its name; it need not exist yet
     */
    public record PullWake(String stream) implements Target {
        /** Refuses what is no name of a stream: {@code subscription.invalid}. */
        public PullWake {
            requireText("the name of a wake stream", stream, StreamLimits.NAME_BYTES_MAX);
        }
    }

    /** A hash over everything: equal for specs that are equal. */
    byte[] hash() {
        StringBuilder text = new StringBuilder();
        part(text, pattern.orElse(""));
        part(text, Integer.toString(streams.size()));
        streams.forEach(stream -> part(text, stream));
        switch (target) {
            case Webhook webhook -> part(text, "webhook:" + webhook.url());
            case PullWake wake -> part(text, "pull-wake:" + wake.stream());
        }
        part(text, Long.toString(lease.toMillis()));
        part(text, description.orElse(""));
        return SubscriptionKeys.sha256(text.toString());
    }

    /** With its length before it, so that no two lists of parts have one text. */
    private static void part(StringBuilder text, String part) {
        text.append(part.length()).append(':').append(part);
    }

    static List<String> requireNames(List<String> streams) {
        if (streams.size() > SubscriptionLimits.STREAMS_MAX) {
            throw invalid("a call names too many streams (streams=" + streams.size() + ", streamsMax="
                    + SubscriptionLimits.STREAMS_MAX + ")");
        }
        streams.forEach(name -> requireText("the name of a stream", name, StreamLimits.NAME_BYTES_MAX));
        return streams;
    }

    static String requireText(String what, String text, int bytesMax) {
        return StreamLimits.requireText("subscription.invalid", what, text, bytesMax);
    }

    static InvalidInputException invalid(String message) {
        return new InvalidInputException("subscription.invalid", message);
    }
}
