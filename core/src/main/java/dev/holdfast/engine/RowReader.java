package dev.holdfast.engine;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Turns the current row of a result into a value. It is called once per row, in order, and must not move the cursor.
 *
 * @param <R> what a row becomes
 */
@FunctionalInterface
public interface RowReader<R> {
    /** The value of the current row; never null. */
    R read(ResultSet row) throws SQLException;
}
