package dev.holdfast.filter;

import java.util.List;
import java.util.Objects;

/**
 * A condition for a WHERE clause, with the arguments of its {@code ?} in order.
 *
 * @param sql a complete expression that is true or false; it may stand wherever a condition may, without more
 *     parentheses
 * @param args {@code String}, {@code Long}, {@code Integer} or {@code Double}, never null
 */
public record SqlCondition(String sql, List<Object> args) {
    /** Copies the arguments. */
    public SqlCondition {
        Objects.requireNonNull(sql, "sql");
        args = List.copyOf(args);
    }

    /** Whether every row satisfies it, so that the database has nothing to do. */
    public boolean isAlwaysTrue() {
        return sql.equals("TRUE");
    }
}
