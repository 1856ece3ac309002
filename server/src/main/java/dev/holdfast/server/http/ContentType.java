package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * A media type as it is sent. Make each one once and keep it: the header is encoded when it is made, not per answer.
 */
public final class ContentType {
    /** One JSON value. */
    public static final ContentType JSON = of("application/json");
    /** An error as RFC 9457 writes it. */
    public static final ContentType PROBLEM = of("application/problem+json");
    /** Plain text in UTF-8. */
    public static final ContentType TEXT = of("text/plain; charset=utf-8");
    /** One JSON value per line. */
    public static final ContentType NDJSON = of("application/x-ndjson");
    /** Server-sent events. */
    public static final ContentType EVENTS = of("text/event-stream");
    /** Bytes of any kind. */
    public static final ContentType BYTES = of("application/octet-stream");

    private final String value;
    private final HttpField field;

    private ContentType(String value) {
        this.value = value;
        this.field = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, value);
    }

    /** A media type with its parameters, as it stands in the header. */
    public static ContentType of(String value) {
        return new ContentType(requireNonNull(value, "value"));
    }

    /** The text of the header. */
    public String value() {
        return value;
    }

    HttpField field() {
        return field;
    }

    @Override
    public String toString() {
        return value;
    }
}
