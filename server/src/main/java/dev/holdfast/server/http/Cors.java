package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * Which pages of other origins may read answers in a browser.
 *
 * @param origins exact origins such as {@code https://app.example}, or {@code *} alone for all; empty for none
 * @param methods what a page may ask for
 * @param requestHeaders headers a page may send; empty for whatever it asks for
 * @param exposedHeaders headers a page may read; {@code *} for all
 * @param always whether every answer carries the headers, also to requests that name no origin and to unknown paths
 * @param maxAge how long a browser may remember a preflight
 */
public record Cors(
        List<String> origins,
        List<String> methods,
        List<String> requestHeaders,
        List<String> exposedHeaders,
        boolean always,
        Duration maxAge) {
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** Copies the lists. */
    public Cors {
        origins = List.copyOf(requireNonNull(origins, "origins"));
        methods = List.copyOf(requireNonNull(methods, "methods"));
        requestHeaders = List.copyOf(requireNonNull(requestHeaders, "requestHeaders"));
        exposedHeaders = List.copyOf(requireNonNull(exposedHeaders, "exposedHeaders"));
        requireNonNull(maxAge, "maxAge");
        if (origins.contains("*") && origins.size() > 1) {
            throw new IllegalArgumentException("the origin * stands alone");
        }
        if (always && !origins.equals(List.of("*"))) {
            throw new IllegalArgumentException("only the origin * can be on every answer");
        }
    }

    /** Lets some origins read everything. */
    public static Cors of(List<String> origins) {
        return new Cors(origins, METHODS, List.of(), List.of("*"), false, Duration.ofHours(1));
    }

    /** Lets every origin read, and says so on every answer: for protocols made to be used from any page. */
    public static Cors open(List<String> methods, List<String> requestHeaders, List<String> exposedHeaders) {
        return new Cors(List.of("*"), methods, requestHeaders, exposedHeaders, true, Duration.ofHours(1));
    }
}
