package dev.holdfast.engine;

import java.util.Locale;
import java.util.Set;

/**
 * Finds what would begin or end a transaction in the text of one or more statements.
 *
 * <p>It protects against mistakes, not against malice: it knows where statements begin - past comments, strings, quoted
 * names and dollar quotes of both databases - and looks at their first words. Savepoints are the caller's to use.
 */
final class TransactionControl {
    private static final Set<String> WORDS = Set.of("begin", "commit", "end", "start", "abort", "rollback");
    private static final Set<String> ROUTINES = Set.of("trigger", "function", "procedure");
    /** Words of {@code create or replace temp trigger if}: the kind of thing comes among the first few. */
    private static final int KIND_WORDS = 5;

    private final String text;
    private int at;
    /** Whether a routine was begun before: its body ends with a statement of the one word {@code end}. */
    private boolean inRoutine;

    private TransactionControl(String text) {
        this.text = text;
    }

    /**
     * Refuses a text that would begin or end the transaction.
     *
     * @param call who was asked to run it, for the message
     */
    static void refuse(String call, String text) {
        if (new TransactionControl(text).found()) {
            throw refused(call);
        }
    }

    /** What a caller is told who tries to end the transaction. */
    static InvalidInputException refused(String call) {
        return new InvalidInputException(
                "engine.transaction_control",
                "the transaction is begun and ended by Holdfast; throw an exception to roll it back (call=" + call
                        + ")");
    }

    private boolean found() {
        while (true) {
            skipBlank(true);
            if (at >= text.length()) {
                return false;
            }
            String word = word();
            if (WORDS.contains(word)
                    && !(inRoutine && word.equals("end"))
                    && !(word.equals("rollback") && toSavepoint())) {
                return true;
            }
            if (word.equals("prepare") && nextWord().equals("transaction")) {
                return true;
            }
            inRoutine = word.equals("create") ? namesRoutine() : inRoutine && !word.equals("end");
            if (text.indexOf(';', at) < 0) {
                return false;
            }
            skipStatement();
        }
    }

    /** Past white space and comments, and past empty statements if so asked. */
    private void skipBlank(boolean semicolons) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || (semicolons && c == ';')) {
                at++;
            } else if (!skipComment()) {
                return;
            }
        }
    }

    /** To behind the semicolon that ends the statement, or to the end of the text. */
    private void skipStatement() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ';') {
                at++;
                return;
            }
            if (c == '\'' || c == '"' || c == '`') {
                skipQuoted(c);
            } else if (!skipComment() && !skipDollarQuoted()) {
                at++;
            }
        }
    }

    private boolean skipComment() {
        if (text.startsWith("--", at)) {
            at = behind("\n", at);
            return true;
        }
        if (text.startsWith("/*", at)) {
            at = behind("*/", at + 2);
            return true;
        }
        return false;
    }

    /** A doubled quote reads as one string that ends and another that begins, which is as good. */
    private void skipQuoted(char quote) {
        boolean escapes =
                quote == '\'' && at > 0 && Character.toLowerCase(text.charAt(at - 1)) == 'e' && !isPart(at - 2);
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at += escapes && text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private boolean skipDollarQuoted() {
        if (text.charAt(at) != '$' || isPart(at - 1)) {
            return false;
        }
        int close = at + 1;
        while (isPart(close)) {
            close++;
        }
        if (close >= text.length() || text.charAt(close) != '$') {
            return false;
        }
        at = behind(text.substring(at, close + 1), close + 1);
        return true;
    }

    /** {@code rollback [work | transaction] to}. */
    private boolean toSavepoint() {
        String next = nextWord();
        return next.equals("to")
                || ((next.equals("work") || next.equals("transaction"))
                        && nextWord().equals("to"));
    }

    private boolean namesRoutine() {
        for (int i = 0; i < KIND_WORDS; i++) {
            if (ROUTINES.contains(nextWord())) {
                return true;
            }
        }
        return false;
    }

    private String nextWord() {
        skipBlank(false);
        return word();
    }

    /** The word that begins here, in lower case; empty when none does. */
    private String word() {
        int from = at;
        while (isPart(at)) {
            at++;
        }
        return text.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private boolean isPart(int index) {
        return index >= 0 && index < text.length() && Character.isUnicodeIdentifierPart(text.charAt(index));
    }

    private int behind(String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }
}
