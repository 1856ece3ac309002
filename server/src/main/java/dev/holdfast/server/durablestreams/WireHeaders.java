package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.Cors;
import dev.holdfast.server.http.Exchange;
import java.util.List;

/** The names of the protocol's headers, and which of them a page may send and see. */
final class WireHeaders {
    static final String NEXT_OFFSET = "Stream-Next-Offset";
    static final String UP_TO_DATE = "Stream-Up-To-Date";
    static final String CLOSED = "Stream-Closed";
    static final String CURSOR = "Stream-Cursor";
    static final String TTL = "Stream-TTL";
    static final String EXPIRES_AT = "Stream-Expires-At";
    static final String SEQ = "Stream-Seq";
    static final String FORKED_FROM = "Stream-Forked-From";
    static final String FORK_OFFSET = "Stream-Fork-Offset";
    static final String FORK_SUB_OFFSET = "Stream-Fork-Sub-Offset";
    static final String PRODUCER_ID = "Producer-Id";
    static final String PRODUCER_EPOCH = "Producer-Epoch";
    static final String PRODUCER_SEQ = "Producer-Seq";
    static final String EXPECTED_SEQ = "Producer-Expected-Seq";
    static final String RECEIVED_SEQ = "Producer-Received-Seq";
    static final String SSE_ENCODING = "Stream-SSE-Data-Encoding";
    static final String CONTENT_TYPE = "Content-Type";
    static final String CONTENT_ENCODING = "Content-Encoding";
    static final String CACHE_CONTROL = "Cache-Control";
    static final String ETAG = "ETag";
    static final String LOCATION = "Location";
    static final String TRUE = "true";

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS");

    private static final List<String> SENT_BY_PAGES = List.of(
            "content-type",
            "authorization",
            "if-none-match",
            TTL,
            EXPIRES_AT,
            CLOSED,
            SEQ,
            FORKED_FROM,
            FORK_OFFSET,
            FORK_SUB_OFFSET,
            PRODUCER_ID,
            PRODUCER_EPOCH,
            PRODUCER_SEQ,
            "X-Request-Id");

    private static final List<String> SEEN_BY_PAGES = List.of(
            NEXT_OFFSET,
            UP_TO_DATE,
            CLOSED,
            CURSOR,
            TTL,
            EXPIRES_AT,
            PRODUCER_EPOCH,
            PRODUCER_SEQ,
            EXPECTED_SEQ,
            RECEIVED_SEQ,
            SSE_ENCODING,
            ETAG,
            CACHE_CONTROL,
            CONTENT_TYPE,
            LOCATION,
            CONTENT_ENCODING,
            "Vary",
            "Retry-After",
            "X-Request-Id");

    private WireHeaders() {}

    /** Every page may use streams, unless the operator named those that may. */
    static Cors cors(List<String> origins) {
        Cors open = Cors.open(METHODS, SENT_BY_PAGES, SEEN_BY_PAGES);
        return origins.isEmpty()
                ? open
                : new Cors(
                        origins, METHODS, SENT_BY_PAGES, SEEN_BY_PAGES, origins.equals(open.origins()), open.maxAge());
    }

    /** Whether a header says {@code true}, in any letter case; every other value is as if it were not there. */
    static boolean says(Exchange exchange, String header) {
        return exchange.header(header).filter(TRUE::equalsIgnoreCase).isPresent();
    }
}
