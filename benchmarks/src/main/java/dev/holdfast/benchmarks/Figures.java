package dev.holdfast.benchmarks;

import java.util.Locale;

/** Prints numbers. */
final class Figures {
    private static final double LARGE = 100;

    private Figures() {}

    /** About three digits. */
    static String short3(double value) {
        if (Math.abs(value) >= LARGE) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
