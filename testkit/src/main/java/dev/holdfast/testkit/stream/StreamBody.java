package dev.holdfast.testkit.stream;

import dev.holdfast.stream.StreamOffset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Content as a test makes it: a JSON text, whose characters are the units where it goes into a stream of bytes.
 *
 * @param text in ASCII
 * @param messages the texts of its messages; in those of state events {@link #OFFSET} stands where the offset goes
 * @param valid whether it is JSON
 */
record StreamBody(String text, List<String> messages, boolean valid) {
    static final String OFFSET = "\"offset\":\"%\",";

    static final StreamBody NOTHING = new StreamBody("", List.of(), false);

    /** Some content, from something that draws a number below a bound. */
    static StreamBody random(IntUnaryOperator below) {
        if (below.applyAsInt(20) == 0) {
            return new StreamBody("[1,{\"a\":", List.of(), false);
        }
        List<String> sent = new ArrayList<>();
        for (int i = below.applyAsInt(12) == 0 ? 0 : 1 + below.applyAsInt(4); i > 0; i--) {
            sent.add(message(below));
        }
        List<String> stored = sent;
        boolean alone = sent.size() == 1 && !sent.getFirst().startsWith("[") && below.applyAsInt(2) == 0;
        String blank = below.applyAsInt(3) == 0 ? " " : "";
        String text = alone
                ? blank + sent.getFirst() + blank
                : "[" + blank + String.join(blank + "," + blank, sent) + "]" + blank;
        return new StreamBody(text.replace(OFFSET, ""), List.copyOf(stored), true);
    }

    private static String message(IntUnaryOperator below) {
        int n = below.applyAsInt(1_000);
        return switch (below.applyAsInt(6)) {
            case 0 -> "\"" + "x".repeat(below.applyAsInt(200)) + "\"";
            case 1 -> "[" + n + ", 2]";
            case 2 -> "{\"headers\":{" + OFFSET + "\"operation\":\"insert\"},\"n\":" + n + "}";
            case 3 -> "{\"n\" : " + n + "}";
            case 4 -> "null";
            default -> Integer.toString(n);
        };
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /** Its units in a stream that they end at an offset of. */
    List<Unit> units(boolean json, long tail) {
        if (json) {
            return messages.stream()
                    .map(message -> new Unit(message, tail + messages.size()))
                    .toList();
        }
        return text.chars()
                .mapToObj(c -> new Unit(Character.toString(c), tail + text.length()))
                .toList();
    }

    /**
     * A unit of a stream.
     *
     * @param end the offset behind its append, as far as its stream holds it
     */
    record Unit(String text, long end) {
        /** The same in a stream that holds nothing behind an offset. */
        Unit upTo(long at) {
            return end <= at ? this : new Unit(text, at);
        }

        /** As it is read. */
        String shown() {
            return text.replace(OFFSET, OFFSET.replace("%", StreamOffset.text(end)));
        }
    }
}
