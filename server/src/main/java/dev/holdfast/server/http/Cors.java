package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

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
    private static final String ANY = "*";

    /** A scheme, a host by name or address, and perhaps a port: nothing else is in the header that browsers send. */
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");

    private static final Pattern USUAL_PORT = Pattern.compile("^(http://.*):80$|^(https://.*):443$");

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** Copies the lists. */
    public Cors {
        origins = List.copyOf(requireNonNull(origins, "origins"));
        methods = List.copyOf(requireNonNull(methods, "methods"));
        requestHeaders = List.copyOf(requireNonNull(requestHeaders, "requestHeaders"));
        exposedHeaders = List.copyOf(requireNonNull(exposedHeaders, "exposedHeaders"));
        requireNonNull(maxAge, "maxAge");
        if (origins.contains(ANY) && origins.size() > 1) {
            throw new IllegalArgumentException("the origin * stands alone");
        }
        if (always && !origins.equals(List.of("*"))) {
            throw new IllegalArgumentException("only the origin * can be on every answer");
        }
    }

    /**
     * Some origins as browsers write them.
     *
     * @throws InvalidInputException {@code http.origin_invalid}: one is neither an origin nor {@code *}, or {@code *}
     *     is not alone
     */
    static List<String> origins(List<String> written) {
        List<String> origins = written.stream().map(Cors::origin).distinct().toList();
        if (origins.contains(ANY) && origins.size() > 1) {
            throw new InvalidInputException(
                    "http.origin_invalid", "the origin * stands for all and is alone (origins=" + origins.size() + ")");
        }
        return origins;
    }

    private static String origin(String written) {
        String origin = written.toLowerCase(Locale.ROOT);
        if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
            throw new InvalidInputException(
                    "http.origin_invalid",
                    "a browser origin is * for all, or scheme://host or scheme://host:port without a path (origin="
                            + written + ")");
        }
        return USUAL_PORT.matcher(origin).replaceFirst("$1$2");
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
