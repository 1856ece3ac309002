package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements about streams themselves and their producers; {@link StreamDataSql} has those about content. */
final class StreamSql {
    private static final String COLUMNS = "name, id, content_type, ttl, expires_text, expires_at, first, tail, state,"
            + " is_closed, closed_by, closed_epoch, closed_seq, last_sequence, source, source_name, fork_at, fork_sub,"
            + " forks";
    private static final String NEW =
            "name, content_type, ttl, expires_text, expires_at, first, tail, is_closed, source,"
                    + " source_name, fork_at, fork_sub, sealed, created_at, state, forks";
    /** The tail is a new offset, so it is one of the store's generation. */
    private static final String VALUES = "?, ?, ?, ?, ?, ?, (select ? + case when generation > ? then generation - ?"
            + " else 0 end * " + (StreamOffset.UNITS_MAX + 1) + " from {p}stream_generation where id = 1),"
            + " ?, ?, ?, ?, ?, ?, ?, 0, 0)";
    /** PostgreSQL reads the column anew when it has waited for the row, but no other row. */
    private static final String TAIL =
            "(select max(t.tail) from (select {p}streams.tail as tail union all select h.tail"
                    + " from {p}stream_heads h where h.ns = {p}streams.ns and h.id = {p}streams.id) t)";
    /**
     * What is done about streams when the store was put back to an earlier state: open ones go on behind every offset
     * that was handed out.
     */
    private static final List<String> RENEWALS = List.of(
            "update {p}stream_generation set generation = generation + 1 where id = 1 and generation < "
                    + StreamOffset.GENERATION_MAX,
            "update {p}streams set tail = (" + TAIL + " & " + StreamOffset.UNITS_MAX
                    + ") + (select generation from {p}stream_generation where id = 1) * "
                    + (StreamOffset.UNITS_MAX + 1) + " where is_closed = 0 and state = 0");

    /** Sorts behind whatever a name can go on with. */
    private static final String BEHIND =
            Character.toString(Character.MAX_CODE_POINT).repeat(StreamLimits.NAME_BYTES_MAX / 4 + 1);

    private final boolean postgres;
    private final String find;
    private final String hold;
    private final String byId;
    private final String tails;
    private final String holdById;
    private final String list;
    private final String nextNumber;
    private final String insert;
    private final String reach;
    private final String identity;
    private final String update;
    private final String forks;
    private final String markDeleted;
    private final String delete;
    private final String due;
    private final String producer;
    private final String producers;
    private final String setProducer;
    private final String producersOf;
    private final String setProducers;
    private final String usage;

    StreamSql(Database database) {
        Tables tables = database.tables();
        postgres = database.dialect() == Dialect.POSTGRES;
        String lock = postgres ? " for update" : "";
        find = tables.sql("select " + COLUMNS + " from {p}stream_heads where ns = ? and name = ?");
        hold = find + lock;
        byId = tables.sql("select " + COLUMNS + " from {p}stream_heads where ns = ? and id = ?");
        // On SQLite the numbers come first: without statistics the namespace looks as good as they, and is searched.
        tails = tables.sql(
                postgres
                        ? "select id, tail, is_closed from {p}stream_heads where id = any (?) and ns = ? and state = 0"
                        : "select s.id, s.tail, s.is_closed from json_each(?) w cross join {p}stream_heads s"
                                + " on s.id = w.value where s.ns = ? and s.state = 0");
        holdById = byId + lock;
        list = tables.sql(
                "select " + COLUMNS + " from {p}stream_heads where ns = ? and name > ? and name >= ? and name < ?"
                        + " and state = 0 and (expires_at is null or expires_at > ?) order by name limit ?");
        // PostgreSQL numbers the rows itself, so that those who make streams at once do not meet in one row.
        nextNumber = tables.sql("update {p}stream_generation set last_id = last_id + 1 where id = 1 returning last_id");
        insert = tables.sql((postgres
                        ? "insert into {p}streams (ns, " + NEW + ") values (?, " + VALUES
                        : "insert into {p}streams (ns, id, " + NEW + ") values (?, ?, " + VALUES)
                + " on conflict do nothing returning id, tail");
        identity = tables.sql("select identity from {p}stream_generation where id = 1");
        reach = tables.sql("update {p}stream_generation set generation = ? where generation < ?");
        update = tables.sql("update {p}streams set first = ?, tail = ?, is_closed = ?, closed_by = ?, closed_epoch = ?,"
                + " closed_seq = ?, last_sequence = ?, expires_at = ? where ns = ? and name = ?");
        forks = tables.sql("update {p}streams set forks = forks + ? where ns = ? and id = ?");
        markDeleted = tables.sql("update {p}streams set state = 1 where ns = ? and name = ?");
        delete = tables.sql("delete from {p}streams where ns = ? and name = ?");
        due = tables.sql("select name from {p}streams where ns = ? and expires_at <= ? and expires_at is not null"
                + " and state = 0 order by expires_at limit ?");
        producer =
                tables.sql("select epoch, seq from {p}stream_producers where ns = ? and stream = ? and producer = ?");
        producers = tables.sql("select producer, epoch, seq from {p}stream_producers where ns = ? and stream = ?"
                + " order by producer");
        setProducer = tables.sql("insert into {p}stream_producers (ns, stream, producer, epoch, seq)"
                + " values (?, ?, ?, ?, ?) on conflict (ns, stream, producer)"
                + " do update set epoch = excluded.epoch, seq = excluded.seq");
        producersOf = tables.sql("select producer, epoch, seq from {p}stream_producers where ns = ? and stream = ?"
                + " and producer = any(?)");
        setProducers = tables.sql("insert into {p}stream_producers (ns, stream, producer, epoch, seq)"
                + " select ?, ?, r.* from unnest(?::text[], ?::bigint[], ?::bigint[]) r"
                + " on conflict (ns, stream, producer) do update set epoch = excluded.epoch, seq = excluded.seq");
        usage = tables.sql("select (select count(*) from {p}streams where ns = ?)"
                + " + (select count(*) from {p}stream_data where ns = ?),"
                + " (select coalesce(sum(octet_length(name)), 0) from {p}streams where ns = ?)"
                + " + (select coalesce(sum(octet_length(data)), 0) from {p}stream_data where ns = ?)");
    }

    Optional<StreamRow> find(Sql sql, int ns, String name) {
        return sql.first(find, StreamSql::row, ns, name);
    }

    /** The same, and nobody else changes it until this transaction ends. */
    Optional<StreamRow> hold(Sql sql, int ns, String name) {
        return sql.first(hold, StreamSql::row, ns, name);
    }

    /** How some streams stand, by their numbers; not those that were deleted. */
    Map<Long, Tail> tails(Sql sql, int ns, Long... ids) {
        Map<Long, Tail> found = new HashMap<>();
        Object wanted = postgres ? ids : Stream.of(ids).map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        sql.list(tails, row -> new Tail(row.getLong(1), row.getLong(2), row.getInt(3) != 0), wanted, ns)
                .forEach(tail -> found.put(tail.id, tail));
        return found;
    }

    Optional<StreamRow> byId(Sql sql, int ns, long id) {
        return sql.first(byId, StreamSql::row, ns, id);
    }

    Optional<StreamRow> holdById(Sql sql, int ns, long id) {
        return sql.first(holdById, StreamSql::row, ns, id);
    }

    /** Living streams in the order of their names. */
    List<StreamInfo> list(Sql sql, int ns, long now, Page page) {
        return sql.list(
                list,
                row -> row(row).info(),
                ns,
                page.after(),
                page.prefix(),
                page.prefix() + BEHIND,
                now,
                page.limit());
    }

    /**
     * Writes a new stream, under a number that no stream of the store had before, and with a tail of the store's
     * generation at least.
     *
     * @return the stream as it is stored; none when there is a stream of the name
     */
    Optional<StreamRow> insert(Sql sql, int ns, StreamRow row, long now) {
        List<@Nullable Object> args = new ArrayList<>();
        args.add(ns);
        if (!postgres) {
            args.add(sql.first(nextNumber, last -> last.getLong(1)).orElseThrow());
        }
        args.add(row.name());
        args.add(row.contentType());
        args.add(row.ttl().isPresent() ? row.ttl().getAsLong() : null);
        args.add(row.expiresText());
        args.add(orNull(row.expiresAt()));
        args.add(row.first());
        args.add(row.tail());
        args.add(StreamOffset.generation(row.tail()));
        args.add(StreamOffset.generation(row.tail()));
        args.add(row.closed() ? 1 : 0);
        args.add(row.isFork() ? row.source() : null);
        args.add(row.isFork() ? row.sourceName() : null);
        args.add(row.forkAt());
        args.add(row.forkSub());
        args.add(row.forkAt());
        args.add(now);
        return sql.first(insert, made -> row.stored(made.getLong(1), made.getLong(2)), args.toArray());
    }

    /** The statements that {@link dev.holdfast.engine.Database#renew} runs for streams, in their order. */
    static List<String> renewals(Tables tables) {
        return RENEWALS.stream().map(tables::sql).toList();
    }

    /** Makes the store's generation this one at least. */
    void reach(Sql sql, long generation) {
        sql.exec(reach, generation, generation);
    }

    /** The number that the store was given when its tables were made. */
    long identity(Sql sql) {
        return sql.first(identity, row -> row.getLong(1)).orElseThrow();
    }

    /** Writes what an append changes. */
    void update(Sql sql, int ns, StreamRow row) {
        ProducerStamp by = row.closedBy();
        sql.exec(
                update,
                row.first(),
                row.tail(),
                row.closed() ? 1 : 0,
                by == null ? null : by.id(),
                by == null ? null : by.epoch(),
                by == null ? null : by.seq(),
                row.lastSequence(),
                orNull(row.expiresAt()),
                ns,
                row.name());
    }

    void countForks(Sql sql, int ns, long id, int change) {
        sql.exec(forks, change, ns, id);
    }

    /** Keeps a stream for its forks alone. */
    void markDeleted(Sql sql, int ns, String name) {
        sql.exec(markDeleted, ns, name);
    }

    void delete(Sql sql, int ns, String name) {
        sql.exec(delete, ns, name);
    }

    /** Streams whose time has passed. */
    List<String> due(Sql sql, int ns, long now, int limit) {
        return sql.list(due, row -> row.getString(1), ns, now, limit);
    }

    Optional<ProducerStamp> producer(Sql sql, int ns, long stream, String id) {
        return sql.first(producer, row -> new ProducerStamp(id, row.getLong(1), row.getLong(2)), ns, stream, id);
    }

    /** Hands out the producers of a stream, in the order of their ids. */
    void producers(Sql sql, int ns, long stream, Consumer<ProducerStamp> out) {
        try (Stream<ProducerStamp> stamps = sql.iterate(
                producers, row -> new ProducerStamp(row.getString(1), row.getLong(2), row.getLong(3)), ns, stream)) {
            stamps.forEach(out);
        }
    }

    /** The last appends of some producers of a stream; on PostgreSQL alone. */
    List<ProducerStamp> producers(Sql sql, int ns, long stream, String... ids) {
        return sql.list(
                producersOf,
                row -> new ProducerStamp(row.getString(1), row.getLong(2), row.getLong(3)),
                ns,
                stream,
                ids);
    }

    /** Writes the last appends of several producers of a stream, each of them once; on PostgreSQL alone. */
    void setProducers(Sql sql, int ns, long stream, Collection<ProducerStamp> stamps) {
        sql.exec(
                setProducers,
                ns,
                stream,
                stamps.stream().map(ProducerStamp::id).toArray(String[]::new),
                stamps.stream().map(ProducerStamp::epoch).toArray(Long[]::new),
                stamps.stream().map(ProducerStamp::seq).toArray(Long[]::new));
    }

    void setProducer(Sql sql, int ns, long stream, ProducerStamp stamp) {
        sql.exec(setProducer, ns, stream, stamp.id(), stamp.epoch(), stamp.seq());
    }

    NamespaceUsage usage(Sql sql, int ns) {
        return sql.first(usage, row -> new NamespaceUsage(row.getLong(1), row.getLong(2)), ns, ns, ns, ns)
                .orElseThrow();
    }

    private static @Nullable Long orNull(long expiresAt) {
        return expiresAt == StreamRow.NEVER ? null : expiresAt;
    }

    private static StreamRow row(ResultSet row) throws SQLException {
        long ttl = row.getLong(4);
        OptionalLong window = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(ttl);
        long expires = row.getLong(6);
        long expiresAt = row.wasNull() ? StreamRow.NEVER : expires;
        String closedBy = row.getString(11);
        long source = row.getLong(15);
        StreamRow.Fork fork =
                row.wasNull() ? null : new StreamRow.Fork(source, row.getString(16), row.getLong(17), row.getLong(18));
        return new StreamRow(
                new StreamRow.Made(row.getString(1), row.getLong(2), row.getString(3), window, row.getString(5), fork),
                new StreamRow.Standing(
                        row.getLong(7),
                        row.getLong(8),
                        expiresAt,
                        new StreamRow.End(
                                row.getInt(10) != 0,
                                closedBy == null
                                        ? null
                                        : new ProducerStamp(closedBy, row.getLong(12), row.getLong(13))),
                        row.getString(14),
                        row.getInt(9) != 0,
                        row.getInt(19)));
    }

    /** How a stream stands. */
    record Tail(long id, long tail, boolean closed) {}

    /** Which names a list is about. */
    record Page(String prefix, String after, int limit) {}
}
