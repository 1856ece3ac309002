package dev.holdfast.key;

import dev.holdfast.engine.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keys as paths, for URLs and command lines: {@code users/42} is {@code ["users", 42]}.
 *
 * <p>A path is split at {@code /}, empty segments are dropped, and each segment is percent-decoded completely. A
 * segment whose text is a canonical integer of at most 2^53 - 1 either way is a number, all others are text: {@code 7}
 * and {@code -5} are numbers; {@code 007}, {@code -0}, {@code 1.5} and {@code true} are text. Other kinds of parts, and
 * text that looks like such an integer, have no path: they are written as JSON ({@link KeyJson}). In lists of paths
 * {@code ,} separates, and {@code %2C} belongs to its part.
 */
public final class KeyPath {
    private static final long INTEGER_MAX = (1L << 53) - 1;

    /** Digits of the largest integer. */
    private static final int INTEGER_DIGITS_MAX = 16;

    /** What stays as it is when printed, besides letters and digits: no meaning in URLs, lists and shells. */
    private static final String PLAIN = "-._~@:+=";

    private KeyPath() {}

    /**
     * The key of a path that is still percent-encoded.
     *
     * @throws InvalidInputException {@code key.empty}, {@code key.too_deep}, {@code key.part_too_long},
     *     {@code key.too_large}: as {@link Key#of(Object...)}; {@code key.path_malformed}: a broken percent escape
     */
    public static Key key(String path) {
        List<Object> parts = parts(Objects.requireNonNull(path, "path"));
        if (parts.isEmpty()) {
            throw KeyErrors.emptyPath();
        }
        return Key.of(parts);
    }

    /**
     * The prefix of a path that is still percent-encoded; an empty path is all keys.
     *
     * @throws InvalidInputException as {@link #key(String)}, except that no parts are allowed
     */
    public static KeyPrefix prefix(String path) {
        return KeyPrefix.of(parts(Objects.requireNonNull(path, "path")));
    }

    /**
     * The keys of paths separated by {@code ,}, in order, at least one.
     *
     * @throws InvalidInputException as {@link #key(String)}
     */
    public static List<Key> keys(String paths) {
        List<Key> keys = new ArrayList<>();
        for (int start = 0; start <= paths.length(); ) {
            int end = endOf(paths, ',', start);
            keys.add(key(paths.substring(start, end)));
            start = end + 1;
        }
        return List.copyOf(keys);
    }

    /**
     * The path that {@link #key(String)} reads as this key; empty when there is none, because of a part that is no text
     * and no such integer, or of text that is empty or looks like one. Letters outside ASCII stay as they are.
     */
    public static Optional<String> print(Key key) {
        StringBuilder path = new StringBuilder();
        for (KeyPart part : Objects.requireNonNull(key, "key").parts()) {
            if (!path.isEmpty()) {
                path.append('/');
            }
            if (!print(part, path)) {
                return Optional.empty();
            }
        }
        return Optional.of(path.toString());
    }

    private static List<Object> parts(String path) {
        List<Object> parts = new ArrayList<>();
        for (int start = 0; start < path.length(); ) {
            int end = endOf(path, '/', start);
            if (end > start) {
                if (parts.size() == Key.PARTS_MAX) {
                    throw KeyErrors.deepPath();
                }
                parts.add(part(path.substring(start, end), parts.size()));
            }
            start = end + 1;
        }
        return parts;
    }

    private static int endOf(String text, char separator, int start) {
        int end = text.indexOf(separator, start);
        return end < 0 ? text.length() : end;
    }

    private static Object part(String segment, int index) {
        String text = segment.indexOf('%') < 0 ? segment : decode(segment, index);
        if (text.length() > Key.PART_CHARS_MAX) {
            throw KeyErrors.longPathPart();
        }
        return isInteger(text) ? (Object) Long.parseLong(text) : text;
    }

    /** Whether a text is {@code 0} or {@code -?[1-9][0-9]*} and within 2^53 - 1. */
    private static boolean isInteger(String text) {
        int first = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - first;
        if (digits < 1 || digits > INTEGER_DIGITS_MAX || (text.charAt(first) == '0' && text.length() > 1)) {
            return false;
        }
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return Math.abs(Long.parseLong(text)) <= INTEGER_MAX;
    }

    private static String decode(String segment, int index) {
        StringBuilder text = new StringBuilder(segment.length());
        for (int at = 0; at < segment.length(); ) {
            char c = segment.charAt(at);
            if (c != '%') {
                text.append(c);
                at++;
                continue;
            }
            int end = at;
            while (end < segment.length() && segment.charAt(end) == '%') {
                end += 3;
            }
            text.append(decodeEscapes(segment, at, end, index));
            at = end;
        }
        return text.toString();
    }

    /** Decodes a run of {@code %XX}, which holds whole characters: no byte of theirs can stand outside. */
    private static CharSequence decodeEscapes(String segment, int start, int end, int index) {
        if (end > segment.length()) {
            throw KeyErrors.brokenEscape(index);
        }
        ByteBuffer bytes = ByteBuffer.allocate((end - start) / 3);
        for (int at = start; at < end; at += 3) {
            char high = segment.charAt(at + 1);
            char low = segment.charAt(at + 2);
            if (!HexFormat.isHexDigit(high) || !HexFormat.isHexDigit(low)) {
                throw KeyErrors.brokenEscape(index);
            }
            bytes.put((byte) ((HexFormat.fromHexDigit(high) << 4) | HexFormat.fromHexDigit(low)));
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()); // reports what is malformed
        } catch (CharacterCodingException e) {
            InvalidInputException broken = KeyErrors.brokenEscape(index);
            broken.initCause(e);
            throw broken;
        }
    }

    private static boolean print(KeyPart part, StringBuilder path) {
        return switch (part) {
            case KeyPart.Text text -> printText(text.value(), path);
            case KeyPart.Num number -> printNumber(number.value(), path);
            case KeyPart.Bytes bytes -> false;
            case KeyPart.BigInt big -> false;
            case KeyPart.Bool bool -> false;
        };
    }

    private static boolean printNumber(double number, StringBuilder path) {
        if (number != Math.rint(number) || Math.abs(number) > INTEGER_MAX || KeyNumbers.isNegativeZero(number)) {
            return false;
        }
        path.append((long) number);
        return true;
    }

    private static boolean printText(String text, StringBuilder path) {
        if (text.isEmpty() || isInteger(text)) {
            return false;
        }
        text.codePoints().forEach(c -> {
            if (isPlain(c)) {
                path.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    path.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
                }
            }
        });
        return true;
    }

    private static boolean isPlain(int c) {
        if (c < 0x80) {
            return Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
