package dev.holdfast.key;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Random keys that sit close together - few letters, shared beginnings, values around every border of the encoding -
 * and the order they must have, written down without any encoding. Set {@code -Dholdfast.seed} to repeat a run.
 */
final class RandomKeys {
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        255,
        256,
        1L << 53,
        1e300
    };
    private static final String[] LETTERS = {
        "a",
        "b",
        "\0",
        "\u0001",
        "\u007f",
        "\u0080",
        "é",
        "\u07ff",
        "\u0800",
        "漢",
        "\uffff",
        "\ud83d\ude00",
        "\ud7ff",
        "\ue000"
    };

    final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    final Random random = new Random(seed);

    /** What a failure must say to be repeatable. */
    final String seedText = "-Dholdfast.seed=" + seed;

    List<Object> parts() {
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? Key.PARTS_MAX : 3);
        List<Object> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(part());
        }
        return parts;
    }

    List<Object> partsWithoutBigIntegers() {
        List<Object> parts = parts();
        parts.replaceAll(part -> part instanceof BigInteger ? (Object) true : part);
        return parts;
    }

    Object part() {
        return switch (random.nextInt(6)) {
            case 0 -> bytes();
            case 1 -> number();
            case 2 -> bigInteger();
            case 3 -> random.nextBoolean();
            default -> text();
        };
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) new int[] {0, 1, 2, 0x7f, 0x80, 0xfe, 0xff}[random.nextInt(7)];
        }
        return bytes;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    private double number() {
        return switch (random.nextInt(3)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> random.nextInt(20) - 10;
            default -> Double.longBitsToDouble(random.nextLong());
        };
    }

    private BigInteger bigInteger() {
        if (random.nextBoolean()) {
            return BigInteger.valueOf(random.nextInt(600) - 300);
        }
        int bits = random.nextInt(10) == 0 ? random.nextInt(8 * Key.BIG_INTEGER_BYTES_MAX) : random.nextInt(90);
        BigInteger magnitude = new BigInteger(bits, random);
        return random.nextBoolean() ? magnitude : magnitude.negate();
    }

    /** The promised order: by kind, then by value, a key before those that continue it. */
    static final Comparator<List<Object>> ORDER = (a, b) -> compare(a, b, List.of(0, 1, 2, 3, 4));

    /** Deno's order: big integers before numbers. */
    static final Comparator<List<Object>> WIRE_ORDER = (a, b) -> compare(a, b, List.of(0, 1, 3, 2, 4));

    private static int compare(List<Object> a, List<Object> b, List<Integer> kinds) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int byPart = comparePart(a.get(i), b.get(i), kinds);
            if (byPart != 0) {
                return byPart;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int comparePart(Object a, Object b, List<Integer> kinds) {
        int byKind = Integer.compare(kinds.get(kind(a)), kinds.get(kind(b)));
        if (byKind != 0) {
            return byKind;
        }
        return switch (a) {
            case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) b);
            case String text ->
                Arrays.compare(
                        text.codePoints().toArray(), ((String) b).codePoints().toArray());
            case Double number -> Double.compare(number, (Double) b);
            case BigInteger big -> big.compareTo((BigInteger) b);
            default -> Boolean.compare((Boolean) a, (Boolean) b);
        };
    }

    private static int kind(Object part) {
        return switch (part) {
            case byte[] bytes -> 0;
            case String text -> 1;
            case Double number -> 2;
            case BigInteger big -> 3;
            default -> 4;
        };
    }
}
