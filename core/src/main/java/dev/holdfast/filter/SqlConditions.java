package dev.holdfast.filter;

import dev.holdfast.engine.Dialect;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The conditions of a store's filters on one column, in so many shapes at most. Statements stay prepared, and every
 * shape of a filter makes another one; beyond {@value #SHAPES_MAX} a filter works in Java alone.
 *
 * <p>Safe for use by many threads.
 */
public final class SqlConditions {
    /** Shapes of conditions that become statements of their own. */
    public static final int SHAPES_MAX = 200;

    private static final SqlCondition NONE = new SqlCondition("TRUE", List.of());

    private final Dialect dialect;
    private final String column;
    private final Set<String> shapes = ConcurrentHashMap.newKeySet();

    /**
     * No conditions yet.
     *
     * @param column as {@link Filter#sql} takes it
     */
    public SqlConditions(Dialect dialect, String column) {
        this.dialect = Objects.requireNonNull(dialect, "dialect");
        this.column = Objects.requireNonNull(column, "column");
    }

    /** What the database can leave out: {@link Filter#sql}, or what holds for every row when there are too many. */
    public SqlCondition of(Filter where) {
        SqlCondition condition = where.sql(dialect, column);
        boolean known = shapes.contains(condition.sql());
        if (!known && shapes.size() >= SHAPES_MAX) {
            return NONE;
        }
        shapes.add(condition.sql());
        return condition;
    }
}
