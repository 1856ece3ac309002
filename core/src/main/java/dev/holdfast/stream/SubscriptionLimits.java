package dev.holdfast.stream;

import java.time.Duration;

/** What may be asked of subscriptions at most. A call beyond a limit is refused and changes nothing. */
public final class SubscriptionLimits {
    /** Subscriptions of one namespace. */
    public static final int SUBSCRIPTIONS_MAX = 1_000;

    /** Bytes of an id, in UTF-8. */
    public static final int ID_BYTES_MAX = 256;

    /** Bytes of a pattern, in UTF-8. */
    public static final int PATTERN_BYTES_MAX = 1_024;

    /** Bytes of the URL of a webhook. */
    public static final int URL_BYTES_MAX = 2_048;

    /** Bytes of a description, in UTF-8. */
    public static final int DESCRIPTION_BYTES_MAX = 1_024;

    /** Bytes of the name of a worker, in UTF-8. */
    public static final int WORKER_BYTES_MAX = 256;

    /** Streams that one call names. */
    public static final int STREAMS_MAX = 1_000;

    /** Streams that exist already and that the pattern of a new subscription takes. */
    public static final int MATCHES_MAX = 10_000;

    /** Streams of one subscription that were named. */
    public static final int NAMED_MAX = 10_000;

    /** Streams that one wake, or one look at a subscription, tells of; the next one tells of more. */
    public static final int TOLD_MAX = 1_000;

    /** The shortest lease. */
    public static final Duration LEASE_MIN = Duration.ofSeconds(1);

    /** The longest lease. */
    public static final Duration LEASE_MAX = Duration.ofMinutes(10);

    /** How long a token of a wake is taken at most. */
    public static final Duration TOKEN_TTL = Duration.ofHours(1);

    private SubscriptionLimits() {}
}
