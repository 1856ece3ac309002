package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The statements about what streams hold. */
final class StreamDataSql {
    static final String COLUMNS = "start, units, data, ends, events";
    private static final int EVENTS = 1;
    private static final int SEALED = 2;
    private static final String HERE = " from {p}stream_data where ns = ? and stream = ?";
    /** Rows that one statement may look at, and so the smallest appends that one chunk can hold. */
    private static final int ROWS_MAX = 4_000;

    private final boolean postgres;
    private final String insert;
    private final String insertAll;
    private final String range;
    private final String lastStart;
    private final String removeBefore;
    private final String holdsBefore;
    private final String count;
    private final String removeProducers;
    private final String addGarbage;
    private final String garbage;
    private final String removeGarbage;

    StreamDataSql(Database database) {
        Tables tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        String into = "insert into {p}stream_data (ns, stream, " + COLUMNS + ")";
        insert = tables.sql(into + " values (?, ?, ?, ?, ?, ?, ?)");
        insertAll = tables.sql(into
                + " select ?, ?, r.* from unnest(?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bigint[]) r");
        // The append that an offset lies in begins at it or before.
        String from = "start >= coalesce((select max(start)" + HERE + " and start <= ?), 0) and start < ?"
                + " and start + units > ?";
        String rows = "select " + COLUMNS + HERE + " and " + from + " order by start limit " + ROWS_MAX;
        // PostgreSQL's driver reads all rows at once, so the statement itself ends when the bytes before a row are
        // enough.
        range = tables.sql(
                postgres
                        ? "select " + COLUMNS
                                + " from (select d.*, coalesce(sum(octet_length(data)) over (order by start"
                                + " rows between unbounded preceding and 1 preceding), 0) as before from (" + rows
                                + ") d) b where before < ? order by start"
                        : rows);
        lastStart = tables.sql("select start" + HERE + " and start >= ? and start <= ? order by start desc limit 1");
        String before = HERE + " and start < ? and start + units <= ?";
        removeBefore = tables.sql("delete" + HERE + " and start in (select start" + before
                + " order by start limit ?) returning octet_length(data)");
        holdsBefore = tables.sql("select 1" + before + " order by start limit 1");
        count = tables.sql("select coalesce(max(start + units), 0), coalesce(sum(bytes), 0) from (select start, units,"
                + " bytes, sum(bytes) over (order by start rows unbounded preceding) as upto from (select start, units,"
                + " octet_length(data) as bytes" + HERE
                + " and start >= ? order by start limit ?) d) e where upto - bytes < ?");
        removeProducers = tables.sql("delete from {p}stream_producers where ns = ? and stream = ? and producer in"
                + " (select producer from {p}stream_producers where ns = ? and stream = ? limit ?)");
        addGarbage = tables.sql("insert into {p}stream_garbage (ns, stream) values (?, ?)");
        garbage = tables.sql("select stream from {p}stream_garbage where ns = ? order by stream limit ?");
        removeGarbage = tables.sql("delete from {p}stream_garbage where ns = ? and stream = ?");
    }

    void insert(Sql sql, int ns, long stream, long start, StreamContent content) {
        sql.exec(insert, ns, stream, start, content.units(), content.data(), content.ends(), flags(content));
    }

    /** Inserts several rows of a stream at once; on PostgreSQL alone. */
    void insertAll(Sql sql, int ns, long stream, List<Stored> rows) {
        sql.exec(
                insertAll,
                ns,
                stream,
                rows.stream().map(Stored::start).toArray(Long[]::new),
                rows.stream().map(row -> (long) row.content.units()).toArray(Long[]::new),
                rows.stream().map(row -> row.content.data()).toArray(byte[][]::new),
                rows.stream().map(row -> row.content.ends()).toArray(byte[][]::new),
                rows.stream().map(row -> (long) flags(row.content)).toArray(Long[]::new));
    }

    /** The appends of a stream that lie between two offsets at least in part, up to about so many bytes. */
    List<Stored> range(Sql sql, int ns, long stream, long from, long until, long bytesMax) {
        if (postgres) {
            return sql.list(range, StreamDataSql::stored, ns, stream, ns, stream, from, until, from, bytesMax);
        }
        List<Stored> read = new ArrayList<>();
        long bytes = 0;
        try (Stream<Stored> rows =
                sql.iterate(range, StreamDataSql::stored, ns, stream, ns, stream, from, until, from)) {
            Iterator<Stored> next = rows.iterator();
            while (bytes < bytesMax && next.hasNext()) {
                Stored row = next.next();
                bytes += row.content().data().length;
                read.add(row);
            }
        }
        return read;
    }

    /** Where the last append begins that begins at one of these offsets, the last included. */
    OptionalLong lastStart(Sql sql, int ns, long stream, long from, long to) {
        return sql.first(lastStart, row -> row.getLong(1), ns, stream, from, to).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** Removes the oldest appends before an offset, so many at most; answers how many rows and bytes those were. */
    NamespaceUsage removeBefore(Sql sql, int ns, long stream, long offset, int rowsMax) {
        List<Long> sizes =
                sql.list(removeBefore, row -> row.getLong(1), ns, stream, ns, stream, offset, offset, rowsMax);
        return new NamespaceUsage(
                sizes.size(), sizes.stream().mapToLong(Long::longValue).sum());
    }

    /** Whether an append lies before an offset. */
    boolean holdsBefore(Sql sql, int ns, long stream, long offset) {
        return sql.first(holdsBefore, row -> true, ns, stream, offset, offset).isPresent();
    }

    /** Counts the appends of a stream from an offset on, so many rows and about so many bytes at most. */
    Counted count(Sql sql, int ns, long stream, long from, int rowsMax, long bytesMax) {
        return sql.first(count, row -> new Counted(row.getLong(1), row.getLong(2)), ns, stream, from, rowsMax, bytesMax)
                .orElseThrow();
    }

    /** Removes producers of a stream, so many at most; answers how many. */
    int removeProducers(Sql sql, int ns, long stream, int rowsMax) {
        return sql.exec(removeProducers, ns, stream, ns, stream, rowsMax);
    }

    void addGarbage(Sql sql, int ns, long stream) {
        sql.exec(addGarbage, ns, stream);
    }

    /** Streams that are no more, whose rows are still to be removed. */
    List<Long> garbage(Sql sql, int ns, int limit) {
        return sql.list(garbage, row -> row.getLong(1), ns, limit);
    }

    void removeGarbage(Sql sql, int ns, long stream) {
        sql.exec(removeGarbage, ns, stream);
    }

    static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getLong(1),
                new StreamContent(
                        row.getInt(2),
                        row.getBytes(3),
                        row.getBytes(4),
                        (row.getInt(5) & EVENTS) != 0,
                        (row.getInt(5) & SEALED) != 0));
    }

    static int flags(StreamContent content) {
        return (content.events() ? EVENTS : 0) | (content.sealed() ? SEALED : 0);
    }

    /**
     * Some appends.
     *
     * @param end the offset behind the last one; 0 when there are none
     */
    record Counted(long end, long bytes) {}

    /**
     * A row as it is stored.
     *
     * @param start the offset of its first unit
     */
    record Stored(long start, StreamContent content) {
        long end() {
            return start + content.units();
        }

        /** The offset behind the append that a unit belongs to. */
        long appendEnd(long offset, boolean json) {
            return start + content.appendEnd((int) (offset - start), json);
        }

        /** The offset behind the append with which the content from an offset on has so many bytes, or its end. */
        long appendsUpTo(long from, long bytes, boolean json) {
            return start + content.appendsUpTo((int) (from - start), bytes, json);
        }
    }
}
