package dev.holdfast.stream;

import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The statements about how much streams keep, and about where they stood. */
final class StreamRetentionSql {
    private static final String COLUMNS =
            "keep_millis, keep_bytes, keep_units, compact_units, snapshotted, cut_at, cut_after, next_at, next_after";
    private static final String HERE = " where ns = ? and stream = ?";
    private static final String MARK = "select tail, at, bytes from {p}stream_marks" + HERE;

    private final String list;
    private final String find;
    private final String keep;
    private final String snapshot;
    private final String promote;
    private final String watch;
    private final String snapshotted;
    private final String forget;
    private final String lastMark;
    private final String markByAge;
    private final String markByBytes;
    private final String insertMark;
    private final String removeMarks;

    StreamRetentionSql(Tables tables) {
        String insert = "insert into {p}stream_retention (ns, stream, " + COLUMNS + ")";
        String update = " on conflict (ns, stream) do update set ";
        list = tables.sql("select stream from {p}stream_retention where ns = ? and stream > ? order by stream limit ?");
        find = tables.sql("select " + COLUMNS + " from {p}stream_retention" + HERE);
        keep = tables.sql(insert + " values (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)" + update
                + "keep_millis = excluded.keep_millis, keep_bytes = excluded.keep_bytes,"
                + " keep_units = excluded.keep_units, compact_units = excluded.compact_units");
        snapshot = tables.sql(insert + " values (?, ?, null, null, null, null, ?, ?, ?, ?, ?)" + update
                + "snapshotted = excluded.snapshotted, next_at = excluded.next_at, next_after = excluded.next_after");
        promote = tables.sql("update {p}stream_retention set cut_at = next_at, cut_after = next_after" + HERE);
        watch = tables.sql(insert + " values (?, ?, null, null, null, null, 0, 0, 0, 0, 0) on conflict do nothing");
        snapshotted = tables.sql("update {p}stream_retention set snapshotted = ?" + HERE + " and snapshotted < ?");
        forget = tables.sql("delete from {p}stream_retention" + HERE);
        lastMark = tables.sql(MARK + " order by tail desc limit 1");
        markByAge = tables.sql(MARK + " and at <= ? order by tail desc limit 1");
        markByBytes = tables.sql(MARK + " and bytes <= ? order by tail desc limit 1");
        insertMark = tables.sql("insert into {p}stream_marks (ns, stream, tail, at, bytes) values (?, ?, ?, ?, ?)"
                + " on conflict do nothing");
        removeMarks = tables.sql("delete from {p}stream_marks" + HERE + " and tail < ?");
    }

    /** Streams of which something goes, by their numbers. */
    List<Long> list(Sql sql, int ns, long after, int limit) {
        return sql.list(list, row -> row.getLong(1), ns, after, limit);
    }

    /** How much a stream keeps; none: everything, with nothing left to remove. */
    Optional<Kept> find(Sql sql, int ns, long stream) {
        return sql.first(find, StreamRetentionSql::kept, ns, stream);
    }

    void keep(Sql sql, int ns, long stream, StreamRetention retention) {
        sql.exec(
                keep,
                ns,
                stream,
                retention.age().map(StreamRetention::millis).orElse(null),
                orNull(retention.bytes()),
                orNull(retention.units()),
                orNull(retention.compactUnits()));
    }

    /** Notes that the background has to remove what lies before the first offset of a stream. */
    void watch(Sql sql, int ns, long stream) {
        sql.exec(watch, ns, stream);
    }

    /**
     * Notes a snapshot.
     *
     * @param start its first offset, before which content goes
     * @param after milliseconds since 1970 from which on
     * @param end the offset behind it
     */
    void snapshot(Sql sql, int ns, long stream, long start, long after, long end) {
        sql.exec(snapshot, ns, stream, end, start, after, start, after);
    }

    /** Notes that the last snapshot is the one before which content goes next. */
    void promote(Sql sql, int ns, long stream) {
        sql.exec(promote, ns, stream);
    }

    /** Notes up to where a snapshot was made or given up. */
    void snapshotted(Sql sql, int ns, long stream, long end) {
        sql.exec(snapshotted, end, ns, stream, end);
    }

    void forget(Sql sql, int ns, long stream) {
        removeMarks(sql, ns, stream, Long.MAX_VALUE);
        sql.exec(forget, ns, stream);
    }

    Optional<Mark> lastMark(Sql sql, int ns, long stream) {
        return sql.first(lastMark, StreamRetentionSql::mark, ns, stream);
    }

    /** The last mark that was made by a time. */
    Optional<Mark> markByAge(Sql sql, int ns, long stream, long at) {
        return sql.first(markByAge, StreamRetentionSql::mark, ns, stream, at);
    }

    /** The last mark with so many bytes before it at most. */
    Optional<Mark> markByBytes(Sql sql, int ns, long stream, long bytes) {
        return sql.first(markByBytes, StreamRetentionSql::mark, ns, stream, bytes);
    }

    void insertMark(Sql sql, int ns, long stream, Mark mark) {
        sql.exec(insertMark, ns, stream, mark.tail, mark.at, mark.bytes);
    }

    /** Removes the marks before an offset. */
    void removeMarks(Sql sql, int ns, long stream, long before) {
        sql.exec(removeMarks, ns, stream, before);
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static Mark mark(ResultSet row) throws SQLException {
        return new Mark(row.getLong(1), row.getLong(2), row.getLong(3));
    }

    private static Kept kept(ResultSet row) throws SQLException {
        OptionalLong millis = orEmpty(row, 1);
        StreamRetention retention = new StreamRetention(
                millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty(),
                orEmpty(row, 2),
                orEmpty(row, 3),
                orEmpty(row, 4));
        return new Kept(retention, row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8), row.getLong(9));
    }

    private static OptionalLong orEmpty(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /**
     * What is noted of a stream.
     *
     * @param snapshotted the offset behind the last snapshot
     * @param cutAt where the oldest snapshot begins before which content still goes
     * @param cutAfter milliseconds since 1970 from which on
     * @param nextAt where the last snapshot begins
     * @param nextAfter milliseconds since 1970 from which on what lies before it goes
     */
    record Kept(StreamRetention retention, long snapshotted, long cutAt, long cutAfter, long nextAt, long nextAfter) {
        /** Of a stream that keeps everything and has no snapshot. */
        static final Kept NOTHING = new Kept(StreamRetention.all(), 0, 0, 0, 0, 0);
    }

    /**
     * Where a stream stood.
     *
     * @param at milliseconds since 1970
     * @param bytes how many were counted before it
     */
    record Mark(long tail, long at, long bytes) {}
}
