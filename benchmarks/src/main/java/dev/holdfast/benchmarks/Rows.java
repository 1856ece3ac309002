package dev.holdfast.benchmarks;

import dev.holdfast.key.Key;
import java.util.SplittableRandom;

/** The keys and values that all contestants of a part write or read, the same in every run. */
final class Rows {
    /** Keys to choose from. */
    static final int KEYS = 1_000_000;

    static final int VALUE_BYTES = 256;
    private static final long SEED = 20_261;

    private Rows() {}

    /** Random numbers of keys. */
    static int[] random(int count, int among) {
        SplittableRandom random = new SplittableRandom(SEED);
        return random.ints(count, 0, among).toArray();
    }

    static Key key(int number) {
        return Key.of("bench", number);
    }

    /** A value that differs with every write. */
    static byte[] value(int number, int write) {
        byte[] value = new byte[VALUE_BYTES];
        new SplittableRandom(((long) number << Integer.SIZE) ^ write).nextBytes(value);
        return value;
    }
}
