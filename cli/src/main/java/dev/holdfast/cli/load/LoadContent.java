package dev.holdfast.cli.load;

import dev.holdfast.engine.InvalidInputException;
import java.util.Arrays;

/**
 * What is appended: a line of text, or messages in JSON, each with the stamp of its request. Nothing else in an answer
 * holds the sign that a stamp begins with, so stamps are found without parsing. Used by one thread.
 */
final class LoadContent {
    /** Begins a stamp. */
    static final byte SIGN = '@';

    /** Digits of a stamp. */
    static final int DIGITS = 16;

    /** What {@link System#nanoTime()} was when stamps were zero. */
    static final long BASE = System.nanoTime();

    /** The smallest message that has room for a stamp. */
    static final int BYTES_MIN = 32;

    private static final String OPENING = "{\"m\":\"";
    private static final String CLOSING = "\"}";
    private static final byte FILL = 'x';

    private final int messages;
    private final byte[] bytes;
    private final int[] stamps;
    private final byte[] digits = new byte[DIGITS];

    /**
     * Content of a kind.
     *
     * @param size bytes of a message
     * @param messages of JSON in one request; 0: the request is text
     */
    LoadContent(int size, int messages) {
        if (size < BYTES_MIN) {
            throw new InvalidInputException(
                    "cli.range", "a message has " + BYTES_MIN + " bytes at least (size=" + size + ")");
        }
        this.messages = messages;
        this.stamps = new int[Math.max(1, messages)];
        this.bytes = messages == 0 ? text(size) : json(size, messages);
    }

    private static byte[] text(int size) {
        byte[] text = new byte[size];
        Arrays.fill(text, FILL);
        text[0] = SIGN;
        text[size - 1] = '\n';
        return text;
    }

    /** One message as it is, several as an array. */
    private byte[] json(int size, int count) {
        StringBuilder json = new StringBuilder((size + 1) * count + 2);
        for (int i = 0; i < count; i++) {
            json.append(count == 1 ? "" : i == 0 ? "[" : ",").append(OPENING);
            stamps[i] = json.length();
            json.append((char) SIGN)
                    .append(Character.toString(FILL).repeat(size - OPENING.length() - CLOSING.length() - 1))
                    .append(CLOSING);
        }
        return LoadTarget.ascii(json.append(count == 1 ? "" : "]").toString());
    }

    /** Messages with a stamp in one request. */
    int messages() {
        return stamps.length;
    }

    String type() {
        return messages == 0 ? "text/plain" : "application/json";
    }

    int length() {
        return bytes.length;
    }

    /** The content with a stamp; the next call changes it. */
    byte[] stamped(long stamp) {
        long left = stamp;
        for (int i = DIGITS - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        for (int at : stamps) {
            System.arraycopy(digits, 0, bytes, at + 1, DIGITS);
        }
        return bytes;
    }
}
