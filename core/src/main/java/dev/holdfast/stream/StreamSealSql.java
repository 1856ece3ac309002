package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.stream.StreamDataSql.Stored;
import java.util.List;

/** The statements about putting small appends together. */
final class StreamSealSql {
    private static final String HERE = " from {p}stream_data where ns = ? and stream = ?";

    private final String waiting;
    private final String find;
    private final String hold;
    private final String sizes;
    private final String rows;
    private final String replace;
    private final String remove;
    private final String sealed;

    StreamSealSql(Database database) {
        Tables tables = database.tables();
        waiting = tables.sql(
                "select id from {p}stream_heads where ns = ? and id > ? and (tail & " + StreamOffset.UNITS_MAX
                        + ") - (sealed & " + StreamOffset.UNITS_MAX
                        + ") >= case when lower(content_type) like 'application/json%' then ? else ? end"
                        + " order by id limit ?");
        find = tables.sql("select content_type, tail, sealed from {p}stream_heads where ns = ? and id = ?");
        hold = find + (database.dialect() == Dialect.POSTGRES ? " for update" : "");
        sizes = tables.sql("select start, units, octet_length(data)" + HERE
                + " and start >= ? and start < ? order by start limit ?");
        rows = tables.sql("select " + StreamDataSql.COLUMNS + HERE + " and start >= ? and start < ? order by start");
        replace = tables.sql("update {p}stream_data set units = ?, data = ?, ends = ?, events = ?"
                + " where ns = ? and stream = ? and start = ?");
        remove = tables.sql("delete" + HERE + " and start > ? and start < ?");
        sealed = tables.sql("update {p}streams set sealed = ? where ns = ? and id = ?");
    }

    /** Streams behind a number of which so many messages, or bytes, at least are not sealed. */
    List<Long> waiting(Sql sql, int ns, long after, long messages, long bytes, int limit) {
        return sql.list(waiting, row -> row.getLong(1), ns, after, messages, bytes, limit);
    }

    /** How a stream stands. */
    Standing find(Sql sql, int ns, long stream) {
        return standing(sql, find, ns, stream);
    }

    /** The same, and nobody else changes its rows until this transaction ends. */
    Standing hold(Sql sql, int ns, long stream) {
        return standing(sql, hold, ns, stream);
    }

    private static Standing standing(Sql sql, String text, int ns, long stream) {
        return sql.first(
                        text,
                        row -> new Standing(ContentTypes.isJson(row.getString(1)), row.getLong(2), row.getLong(3)),
                        ns,
                        stream)
                .orElse(Standing.GONE);
    }

    /** How large the rows are that begin between two offsets. */
    List<Size> sizes(Sql sql, int ns, long stream, long from, long until, int limit) {
        return sql.list(
                sizes, row -> new Size(row.getLong(1), row.getInt(2), row.getLong(3)), ns, stream, from, until, limit);
    }

    /** The rows that begin between two offsets. */
    List<Stored> rows(Sql sql, int ns, long stream, long from, long until) {
        return sql.list(rows, StreamDataSql::stored, ns, stream, from, until);
    }

    /** Puts one row in the place of those that begin between two offsets; one begins at the first. */
    void replace(Sql sql, int ns, long stream, long from, long until, StreamContent row) {
        sql.exec(replace, row.units(), row.data(), row.ends(), StreamDataSql.flags(row), ns, stream, from);
        sql.exec(remove, ns, stream, from, until);
    }

    /** Notes the offset up to which a stream was looked at. */
    void sealed(Sql sql, int ns, long stream, long until) {
        sql.exec(sealed, until, ns, stream);
    }

    /**
     * How a stream stands.
     *
     * @param sealed the offset up to which it was looked at
     */
    record Standing(boolean json, long tail, long sealed) {
        static final Standing GONE = new Standing(false, 0, 0);
    }

    /** How large a row is. */
    record Size(long start, int units, long bytes) {
        long end() {
            return start + units;
        }
    }
}
