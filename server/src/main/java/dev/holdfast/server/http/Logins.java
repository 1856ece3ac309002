package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Bounds how often an address may show wrong credentials, or none: as often as a caller may ask. Beyond it nothing that
 * it shows is looked up. Those refusals have a rate of their own, so they take nothing from callers who are known.
 *
 * <p>Several may share an address, all of them behind a proxy. So that one cannot lock out the others, credentials that
 * were right in the last ten minutes are looked up all the same; they are remembered by their hashes.
 */
final class Logins {
    /** Credentials that are remembered at most; others are treated like new ones. */
    static final int KNOWN_MAX = 100_000;

    private static final long KNOWN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final boolean bounded;
    private final CallerRates refused;
    private final LongSupplier nanoTime;
    /** When credentials, by their hashes, were right last. */
    private final Map<ByteBuffer, Long> known = new ConcurrentHashMap<>();

    /** Bounds refusals of an address to so many a second; 0: as many as come. */
    Logins(int perSecond, LongSupplier nanoTime) {
        this.bounded = perSecond > 0;
        this.refused = new CallerRates(perSecond, nanoTime);
        this.nanoTime = nanoTime;
    }

    /**
     * Looks up who asks, unless the address has shown too much that was wrong.
     *
     * @param credentials as they were sent; empty for none
     * @param lookUp answers whose they are, or throws a 401
     */
    Principal identify(String credentials, String address, Supplier<Principal> lookUp) {
        if (!bounded) {
            return lookUp.get();
        }
        ByteBuffer key = hash(credentials);
        if (!isKnown(key)) {
            refused.require(address);
        }
        try {
            Principal caller = lookUp.get();
            remember(key);
            return caller;
        } catch (HttpException e) {
            if (e.status() == 401) {
                known.remove(key);
                refused.count(address);
            }
            throw e;
        }
    }

    private boolean isKnown(ByteBuffer key) {
        Long at = known.get(key);
        return at != null && nanoTime.getAsLong() - at <= KNOWN_NANOS;
    }

    private void remember(ByteBuffer key) {
        long now = nanoTime.getAsLong();
        if (known.replace(key, now) == null) {
            if (known.size() >= KNOWN_MAX) {
                known.values().removeIf(at -> now - at > KNOWN_NANOS);
            }
            if (known.size() < KNOWN_MAX) {
                known.put(key, now);
            }
        }
    }

    private static ByteBuffer hash(String credentials) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(credentials.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
