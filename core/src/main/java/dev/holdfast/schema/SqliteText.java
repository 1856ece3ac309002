package dev.holdfast.schema;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings the text of a statement, which SQLite keeps as it was typed, into a form that can be compared: lower case,
 * single spaces, no quotes around plain names. String literals stay as they are.
 */
final class SqliteText {
    /** A literal, a quoted name in one of three forms, a comment, white space, or any other character. */
    private static final Pattern TOKEN = Pattern.compile(
            "('(?:[^']|'')*')|\"((?:[^\"]|\"\")*)\"|`([^`]*)`|\\[([^\\]]*)]|(--[^\n]*|/\\*.*?\\*/|\\s+)|(.)",
            Pattern.DOTALL);

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int LITERAL = 1;
    private static final int NAMES_FIRST = 2;
    private static final int NAMES_LAST = 4;
    private static final int SPACE = 5;
    private static final String NO_SPACE_BEFORE = ",);";
    private static final String NO_SPACE_AFTER = "(";

    private final StringBuilder out = new StringBuilder();
    private boolean space;

    private SqliteText() {}

    /** The comparable form of a statement from the first place where the part stands in it; all of it without one. */
    static String from(String statement, String part) {
        String text = of(statement);
        int start = text.indexOf(part);
        return start < 0 ? text : text.substring(start);
    }

    /** The comparable form. */
    static String of(String statement) {
        SqliteText text = new SqliteText();
        Matcher matcher = TOKEN.matcher(statement);
        while (matcher.find()) {
            text.token(matcher);
        }
        return text.out.toString();
    }

    private void token(Matcher matcher) {
        if (matcher.group(SPACE) != null) {
            space = true;
            return;
        }
        if (matcher.group(LITERAL) != null) {
            append(matcher.group());
            return;
        }
        for (int group = NAMES_FIRST; group <= NAMES_LAST; group++) {
            String name = matcher.group(group);
            if (name != null) {
                append(PLAIN.matcher(name).matches() ? name.toLowerCase(Locale.ROOT) : matcher.group());
                return;
            }
        }
        append(matcher.group().toLowerCase(Locale.ROOT));
        if (matcher.group().equals(",")) {
            space = true;
        }
    }

    private void append(String token) {
        boolean afterOpening = !out.isEmpty() && NO_SPACE_AFTER.indexOf(out.charAt(out.length() - 1)) >= 0;
        if (space && !out.isEmpty() && !afterOpening && NO_SPACE_BEFORE.indexOf(token.charAt(0)) < 0) {
            out.append(' ');
        }
        space = false;
        out.append(token);
    }
}
