package dev.holdfast.search;

/** Lexemes as PostgreSQL reads them in the text of a {@code tsvector} or {@code tsquery}. */
final class PostgresText {
    private PostgresText() {}

    /** Appends {@code 'token'}; within the quotes only quote and backslash have a meaning, and doubled they lose it. */
    static StringBuilder quote(StringBuilder text, String token) {
        return text.append('\'')
                .append(token.replace("\\", "\\\\").replace("'", "''"))
                .append('\'');
    }
}
