package dev.holdfast.benchmarks;

/** Keys and values by rules so simple that contestants in other languages follow them too. */
final class SharedRows {
    /** Keys that random ones are taken from. */
    static final int KEYS = 1_000_000;

    static final int VALUE_BYTES = 256;
    private static final int FACTOR = 1_103_515_245;
    private static final int STEP = 12_345;

    private SharedRows() {}

    /** A sequence of numbers below {@link #KEYS} that repeats only after 2^31 steps. */
    static int[] random(int count) {
        int[] numbers = new int[count];
        int state = 1;
        for (int i = 0; i < count; i++) {
            state = (state * FACTOR + STEP) & Integer.MAX_VALUE;
            numbers[i] = (state >>> 8) % KEYS;
        }
        return numbers;
    }

    static int[] ascending(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    static byte[] value(int number) {
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < VALUE_BYTES; i++) {
            value[i] = (byte) (number + i * 13);
        }
        return value;
    }

    /** A little of a value, so that adding it up costs next to nothing. */
    static long weight(byte[] value) {
        return value.length + (value[0] & 0xffL) + (value[value.length - 1] & 0xffL);
    }
}
