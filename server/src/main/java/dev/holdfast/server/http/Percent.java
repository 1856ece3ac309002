package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Strict percent-decoding. Every escape must be two hexadecimal digits and the result must be UTF-8; a text that is
 * neither is an {@link InvalidInputException} with code {@code http.percent_encoding}.
 *
 * <p>Split first, decode afterwards: a separator that a client escaped belongs to the part it stands in.
 */
public final class Percent {
    private Percent() {}

    /** Decodes one part of a path; {@code +} stays as it is. */
    public static String decodePath(String raw) {
        requireNonNull(raw, "raw");
        return raw.indexOf('%') < 0 ? raw : decode(raw.getBytes(UTF_8), false);
    }

    /** Decodes one name or value of a query; {@code +} is a blank. */
    public static String decodeQuery(String raw) {
        requireNonNull(raw, "raw");
        return raw.indexOf('%') < 0 && raw.indexOf('+') < 0 ? raw : decode(raw.getBytes(UTF_8), true);
    }

    private static String decode(byte[] bytes, boolean plusIsBlank) {
        int out = 0;
        for (int in = 0; in < bytes.length; in++) {
            byte b = bytes[in];
            if (b == '%') {
                int high = in + 2 < bytes.length ? Character.digit(bytes[in + 1], 16) : -1;
                int low = in + 2 < bytes.length ? Character.digit(bytes[in + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw broken("an escape is not two hexadecimal digits (offset=" + in + ")", null);
                }
                b = (byte) ((high << 4) | low);
                in += 2;
            } else if (b == '+' && plusIsBlank) {
                b = ' ';
            }
            bytes[out++] = b;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, out)).toString();
        } catch (CharacterCodingException e) {
            throw broken("the escapes are not UTF-8", e);
        }
    }

    private static InvalidInputException broken(String what, @Nullable Throwable cause) {
        String code = "http.percent_encoding";
        return cause == null ? new InvalidInputException(code, what) : new InvalidInputException(code, what, cause);
    }
}
