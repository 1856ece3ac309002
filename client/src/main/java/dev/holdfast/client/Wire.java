package dev.holdfast.client;

import dev.holdfast.stream.StreamSpec;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The words of the protocol: names of headers, and how values are written. */
final class Wire {
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
    static final String SSE_ENCODING = "Stream-SSE-Data-Encoding";
    static final String CONTENT_TYPE = "Content-Type";
    static final String RETRY_AFTER = "Retry-After";
    static final String TRUE = "true";
    static final String EVENT_STREAM = "text/event-stream";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final String UNRESERVED = "-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Wire() {}

    /** A header that stands there once or more, else an empty text. */
    static String text(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Whether a header says {@code true}, in any letter case. */
    static boolean says(HttpHeaders headers, String name) {
        return TRUE.equalsIgnoreCase(text(headers, name).strip());
    }

    /** A header that is a whole number; empty when it is missing or anything else. */
    static OptionalLong number(HttpHeaders headers, String name) {
        String digits = text(headers, name).strip();
        return NUMBER.matcher(digits).matches() ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    /** What stands before the parameters of a content type, in lower case. */
    static String media(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    static boolean isJson(String contentType) {
        return media(contentType).equals(StreamSpec.JSON);
    }

    /** The name of a stream as a path; slashes stay what they are. */
    static String path(String name) {
        return encode(name, "/");
    }

    /** A text as part of a query. */
    static String query(String text) {
        return encode(text, "");
    }

    private static String encode(String text, String kept) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0
                    || kept.indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 0xf]);
            }
        }
        return out.toString();
    }
}
