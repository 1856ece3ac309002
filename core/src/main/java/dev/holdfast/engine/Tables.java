package dev.holdfast.engine;

import java.util.regex.Pattern;

/**
 * The names of the internal tables: a prefix, and the statements written for it.
 *
 * @param prefix 1 to 32 characters, a lower-case letter or underscore first, then also digits; nothing else ever
 *     becomes part of a statement's text
 */
public record Tables(String prefix) {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
    private static final String PLACE = "{p}";

    /** Refuses what is not a plain identifier. */
    public Tables {
        if (!IDENTIFIER.matcher(prefix).matches()) {
            throw new InvalidInputException(
                    "schema.prefix",
                    "the table prefix must be 1 to 32 of a-z, 0-9 and _, not a digit first (length=" + prefix.length()
                            + ")");
        }
    }

    /** Tables named {@code holdfast_*}. */
    public static Tables defaults() {
        return new Tables("holdfast_");
    }

    /** A statement in which every <code>{p}</code> stands for the prefix. */
    public String sql(String text) {
        return text.replace(PLACE, prefix);
    }
}
