package dev.holdfast.engine;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * The examination of one room in one namespace: a snapshot to look at, and where to tell what is wrong.
 *
 * @param tx one snapshot of the namespace
 * @param room whose tables are examined
 * @param horizon every versionstamp in the snapshot is below it
 * @param out is told each finding; called on the thread of the examination
 */
public record Examination(Tx tx, String room, long horizon, Consumer<Finding> out) {
    /** Rows that are read at a time. */
    public static final int PAGE = 200;

    private static final int SHOWN_MAX = 64;

    /**
     * Examines a room in a snapshot.
     *
     * @param out is told each finding
     */
    public static Examination of(Tx tx, String room, Consumer<Finding> out) {
        return new Examination(tx, room, tx.database().versionstampHorizon(tx), out);
    }

    /**
     * Tells that something is wrong.
     *
     * @param text what, in words
     * @param names the row in question: pairs of a name and a number, a text, or bytes, which are cut to size
     */
    public void fault(String text, Object... names) {
        StringBuilder line = new StringBuilder(text).append(" (namespace=").append(tx.namespace());
        for (int i = 0; i + 1 < names.length; i += 2) {
            line.append(", ").append(names[i]).append('=').append(shown(names[i + 1]));
        }
        out.accept(Finding.fault(room, line.append(')').toString()));
    }

    /** Tells of a versionstamp that nobody has handed out yet. */
    public void requireHandedOut(long versionstamp, Object... names) {
        if (versionstamp < 0 || versionstamp >= horizon) {
            fault("the versionstamp " + versionstamp + " was never handed out", names);
        }
    }

    /** A value as findings show it: bytes in hexadecimal, everything cut to size. */
    static String shown(Object value) {
        return switch (value) {
            case byte[] bytes
            when bytes.length > SHOWN_MAX -> "0x" + HexFormat.of().formatHex(Arrays.copyOf(bytes, SHOWN_MAX)) + "...";
            case byte[] bytes -> "0x" + HexFormat.of().formatHex(bytes);
            case String text when text.length() > SHOWN_MAX -> text.substring(0, SHOWN_MAX) + "...";
            default -> value.toString();
        };
    }
}
