package dev.holdfast.server.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The names of requests: the client's own when it is usable, else 16 random hexadecimal digits. */
final class RequestIds {
    static final String HEADER = "X-Request-Id";
    static final int LENGTH_MAX = 64;

    private RequestIds() {}

    /** The id of a request that came with this header. What is not 1 to 64 of {@code A-Z a-z 0-9 . _ -} is replaced. */
    static String of(@Nullable String sent) {
        return sent != null && usable(sent) ? sent : next();
    }

    private static String next() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    // It ends up in logs and headers, so no other character is let in.
    private static boolean usable(String id) {
        if (id.isEmpty() || id.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }
}
