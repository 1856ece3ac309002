package dev.holdfast.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A piece of SQL with the arguments of its {@code ?}. The texts of all pieces are constants of this package. */
record SqlFragment(String sql, List<Object> args) {
    static final SqlFragment TRUE = new SqlFragment("TRUE", List.of());
    static final SqlFragment FALSE = new SqlFragment("FALSE", List.of());

    SqlFragment {
        args = List.copyOf(args);
    }

    /** One argument. */
    static SqlFragment arg(Object value) {
        return arg("?", value);
    }

    /** One argument in the given form, such as {@code ?::jsonb}. */
    static SqlFragment arg(String parameter, Object value) {
        return new SqlFragment(parameter, List.of(value));
    }

    /** A text in which each {@code §} stands for the next of these pieces. */
    static SqlFragment join(String template, SqlFragment... pieces) {
        StringBuilder sql = new StringBuilder();
        int next = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '§') {
                sql.append(pieces[next++].sql);
            } else {
                sql.append(c);
            }
        }
        return new SqlFragment(sql.toString(), args(Stream.of(pieces)));
    }

    /** Pieces with commas between them. */
    static SqlFragment list(List<SqlFragment> pieces) {
        String sql = String.join(", ", pieces.stream().map(SqlFragment::sql).toList());
        return new SqlFragment(sql, args(pieces.stream()));
    }

    static SqlFragment and(List<SqlFragment> parts) {
        return connect(parts, TRUE, FALSE, "(§ AND §)");
    }

    static SqlFragment or(List<SqlFragment> parts) {
        return connect(parts, FALSE, TRUE, "(§ OR §)");
    }

    private static SqlFragment connect(
            List<SqlFragment> parts, SqlFragment neutral, SqlFragment decisive, String operator) {
        if (parts.contains(decisive)) {
            return decisive;
        }
        List<SqlFragment> rest =
                parts.stream().filter(part -> !part.equals(neutral)).toList();
        return rest.isEmpty() ? neutral : balanced(rest, operator);
    }

    /** Half and half: SQLite bounds the depth of an expression, and a flat chain is as deep as it is long. */
    private static SqlFragment balanced(List<SqlFragment> parts, String operator) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int half = parts.size() / 2;
        return join(
                operator,
                balanced(parts.subList(0, half), operator),
                balanced(parts.subList(half, parts.size()), operator));
    }

    private static List<Object> args(Stream<SqlFragment> pieces) {
        List<Object> all = new ArrayList<>();
        pieces.forEach(piece -> all.addAll(piece.args));
        return all;
    }
}
