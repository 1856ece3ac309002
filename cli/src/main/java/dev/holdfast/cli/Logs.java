package dev.holdfast.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What the program logs: warnings and worse, one line each, on standard error. */
final class Logs {
    // Fields, because the JDK forgets settings of a logger that nobody holds.
    private static final Logger ROOT = Logger.getLogger("");

    private Logs() {}

    /** Settles it; called before anything is logged. */
    static void begin() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %3$s: %5$s%6$s%n");
            ROOT.setLevel(Level.WARNING);
        }
    }
}
