package dev.holdfast.client;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where a stream is found, and what goes with every request to it.
 *
 * @param base where all streams of the server are, without a slash at its end
 * @param name of the stream
 * @param headers as in {@link ClientOptions}
 * @param params as in {@link ClientOptions}
 */
record StreamAddress(
        URI base, String name, Map<String, Supplier<String>> headers, Map<String, Supplier<String>> params) {
    /** The path on the server, as errors name it. */
    String path() {
        return path(name);
    }

    /** The path of another stream beside it. */
    String path(String other) {
        return base.getRawPath() + "/" + Wire.path(other);
    }

    /** The address with a query; parameters of the caller are asked for their values now. */
    URI uri(Map<String, String> query) {
        StringBuilder text = new StringBuilder(base.toString()).append('/').append(Wire.path(name));
        char separator = '?';
        for (Map.Entry<String, String> pair : query.entrySet()) {
            separator = append(text, separator, pair.getKey(), pair.getValue());
        }
        for (Map.Entry<String, Supplier<String>> pair : params.entrySet()) {
            separator = append(text, separator, pair.getKey(), pair.getValue().get());
        }
        return URI.create(text.toString());
    }

    private static char append(StringBuilder text, char separator, String name, String value) {
        text.append(separator).append(Wire.query(name)).append('=').append(Wire.query(value));
        return '&';
    }
}
