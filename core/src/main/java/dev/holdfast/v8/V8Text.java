package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import java.util.Objects;

/**
 * Values as one line of text, as Deno's console shows them: {@code { name: "Ann", tags: Set(1) { "admin" } }}. For
 * people, not to be parsed. Nothing is left out, but of bytes only the first {@value #BYTES_SHOWN} are written.
 *
 * <p>Typed arrays, data views and buffers of every kind are shown as a {@code Uint8Array} of their bytes, errors
 * without their stack, and the holes of an array that was not written as sparse as {@code undefined}.
 */
public final class V8Text {
    /** Bytes that are written, of each part that is bytes. */
    public static final int BYTES_SHOWN = 100;

    private V8Text() {}

    /**
     * A serialized value.
     *
     * @param v8 in format version 13 to 16; not changed
     * @throws InvalidInputException {@code v8.malformed}: the bytes are no such value; {@code v8.too_deep}: it nests
     *     more than {@value V8Json#DEPTH_MAX} levels; {@code v8.too_large}: its text would have more characters than
     *     the JSON form of such a value may have bytes, see {@link V8Json#decode}, or it holds a big integer of too
     *     many digits
     */
    public static String of(byte[] v8) {
        return V8Inspector.line(V8Reader.read(Objects.requireNonNull(v8, "v8")), V8Printer.bytesMax(v8.length));
    }

    /** A number: {@code 5}, {@code 1.5}, {@code -0}, {@code 1e+21}, {@code NaN}. */
    public static String of(double number) {
        return number == 0 && 1 / number < 0 ? "-0" : JsNumber.text(number);
    }

    /** A text between the first of {@code "}, {@code '} and {@code `} that is not in it, controls escaped. */
    public static String of(String text) {
        StringBuilder out =
                new StringBuilder(Objects.requireNonNull(text, "text").length() + 2);
        V8Inspector.quote(text, out);
        return out.toString();
    }

    /** Bytes: {@code Uint8Array(2) [ 1, 2 ]}. */
    public static String ofBytes(byte[] bytes) {
        V8Value value = new V8Value.Bytes(Objects.requireNonNull(bytes, "bytes"), 0, bytes.length, false);
        return V8Inspector.line(value, Long.MAX_VALUE);
    }
}
