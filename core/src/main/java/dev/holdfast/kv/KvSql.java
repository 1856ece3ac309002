package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.SqlCondition;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every statement of the room, both databases side by side. */
final class KvSql {
    private static final String VALUE_COLUMNS = "value, encoding, versionstamp, expires_at";
    static final String COLUMNS = VALUE_COLUMNS + ", key";
    static final int KEY = 5;
    static final String LIVE = " and (expires_at is null or expires_at > ?)";
    private static final String FORWARD = " order by key limit ?";
    private static final String BACKWARD = " order by key desc limit ?";
    private static final String RANGE = " from {p}kv where ns = ? and key >= ? and key < ?";

    static final String INSERT = """
            insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire) values (?, ?, ?, ?, ?, ?, ?)
            """;
    static final String UPSERT = INSERT + """
            on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
              versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
            """;
    static final String SIZE = "length(key) + length(value)";
    private static final String RETURNING = " returning " + SIZE;
    static final String DUE = " and expires_at is not null and expires_at <= ?";

    /** Bytes of values after which a statement reads no further entries: the last one it reads may pass it. */
    static final long READ_BYTES = 4 << 20;

    // PostgreSQL's driver reads all rows at once, so the statement itself ends when the values before a row are enough.
    private static final String BEFORE = ", coalesce(sum(octet_length(value)) over (order by %s"
            + " rows between unbounded preceding and 1 preceding), 0) as before";
    private static final String GET_MANY = "select " + COLUMNS + " from (select " + VALUE_COLUMNS + ", v.key, w.n"
            + BEFORE.formatted("w.n") + " from unnest(?::bytea[]) with ordinality as w(key, n) join (select " + COLUMNS
            + " from {p}kv where ns = ? and key = any (?)) v on v.key = w.key) b where before < ? order by n";

    private final @Nullable PostgresKvSql postgres;
    private final String get;
    private final String getMany;
    private final String upsert;
    private final String delete;
    private final String count;
    private final String extent;
    private final String stats;
    private final String list;
    private final String keys;
    private final String keysReverse;
    private final String ahead;
    private final String aheadReverse;
    private final String due;
    private final String deleteDue;
    private final String nextExpiry;
    private final String hold;
    private final String usage;

    KvSql(Database database) {
        Dialect dialect = database.dialect();
        var tables = database.tables();
        postgres = dialect == Dialect.POSTGRES ? new PostgresKvSql(tables) : null;
        get = tables.sql("select " + VALUE_COLUMNS + " from {p}kv where ns = ? and key = ?");
        getMany = tables.sql(GET_MANY);
        upsert = tables.sql(UPSERT);
        delete = tables.sql("delete from {p}kv where ns = ? and key = ?" + RETURNING);
        count = tables.sql("select count(*)" + RANGE + LIVE);
        extent = tables.sql("select count(*), coalesce(sum(e.bytes), 0) from (select length(value) as bytes" + RANGE
                + LIVE + FORWARD + ") e");
        stats = tables.sql(
                "select count(*), coalesce(sum(length(key) + length(value)), 0) from {p}kv where ns = ?" + LIVE);
        list = tables.sql("select " + COLUMNS + RANGE + LIVE);
        keys = tables.sql("select key" + RANGE + LIVE + FORWARD);
        keysReverse = tables.sql("select key" + RANGE + LIVE + BACKWARD);
        ahead = tables.sql("select key" + RANGE + FORWARD + " offset ?");
        aheadReverse = tables.sql("select key" + RANGE + BACKWARD + " offset ?");
        due = tables.sql("select key from {p}kv where ns = ?" + DUE + " order by expires_at limit ?");
        deleteDue = tables.sql("delete from {p}kv where ns = ? and key = ?" + DUE + RETURNING);
        nextExpiry = tables.sql(
                "select min(expires_at) from {p}kv where ns = ? and expires_at is not null and expires_at > ?");
        usage = tables.sql("select count(*), coalesce(sum(length(key) + length(value)), 0) from {p}kv where ns = ?");
        // PostgreSQL: what was read is what the transaction writes over. SQLite has one writer.
        hold = tables.sql("select " + SIZE + " from {p}kv where ns = ? and key = ?"
                + (dialect == Dialect.POSTGRES ? " for update" : ""));
    }

    private static String bounded(String rows, String order) {
        return "select " + COLUMNS + " from (select a.*" + BEFORE.formatted(order) + " from (" + rows
                + ") a) b where before < ? order by " + order;
    }

    /** PostgreSQL: the statements that are only its own. */
    Optional<PostgresKvSql> postgres() {
        return Optional.ofNullable(postgres);
    }

    Optional<KvEntry> get(Sql sql, int ns, Key key, long now) {
        return sql.first(get, row -> entry(key, row), ns, key.encoded()).filter(entry -> isLive(entry, now));
    }

    /**
     * Hands over those of the keys that exist, each once, in the order of the keys. No more than some of their values
     * are in memory at a time, unless the taker keeps them.
     */
    void getMany(Sql sql, int ns, List<Key> keys, long now, Consumer<KvEntry> taker) {
        List<Key> rest = keys.stream().distinct().toList();
        while (!rest.isEmpty()) {
            Some some = getSome(sql, ns, rest, now);
            some.entries.forEach(taker);
            rest = rest.subList(some.keys, rest.size());
        }
    }

    /** Reads the first of these keys, each of which is there once; not all when their values have many bytes. */
    Some getSome(Sql sql, int ns, List<Key> keys, long now) {
        List<KvEntry> read = new ArrayList<>();
        if (postgres == null) {
            long bytes = 0;
            int at = 0;
            for (; at < keys.size() && bytes < READ_BYTES; at++) {
                Optional<KvEntry> entry = get(sql, ns, keys.get(at), now);
                entry.ifPresent(read::add);
                bytes += entry.map(found -> found.value().encoded().length).orElse(0);
            }
            return new Some(at, read);
        }
        byte[][] encoded = array(keys);
        read.addAll(sql.list(getMany, KvSql::entry, encoded, ns, encoded, READ_BYTES));
        int covered = isCut(read) ? keys.indexOf(read.getLast().key()) + 1 : keys.size();
        read.removeIf(entry -> !isLive(entry, now));
        return new Some(covered, read);
    }

    /**
     * Writes an entry.
     *
     * @param indexed whether the writer keeps full-text indexes; else the statement makes sure that there is none
     * @return false when a commit with a higher versionstamp was there before, or there is an index after all
     */
    boolean upsert(
            Sql sql, int ns, Key key, KvValue value, long versionstamp, @Nullable Long expiresAt, boolean indexed) {
        if (postgres != null) {
            return postgres.upsert(sql, ns, key, value, versionstamp, expiresAt, indexed);
        }
        return sql.exec(
                        upsert,
                        ns,
                        key.encoded(),
                        value.encoded(),
                        value.encoding().number(),
                        versionstamp,
                        expiresAt,
                        KvOrder.wire(key))
                > 0;
    }

    /** Writes an entry that is not there; false too when somebody else has made it meanwhile. */
    boolean insert(
            Sql sql, int ns, Key key, KvValue value, long versionstamp, @Nullable Long expiresAt, boolean indexed) {
        return postgres != null
                ? postgres.insert(sql, ns, key, value, versionstamp, expiresAt, indexed)
                : upsert(sql, ns, key, value, versionstamp, expiresAt, indexed);
    }

    long count(Sql sql, int ns, KeyRange range, long now) {
        return sql.first(count, row -> row.getLong(1), ns, range.start(), range.end(), now)
                .orElseThrow();
    }

    /** Spends the first entries of a range, as many as it pays to count. */
    void spend(Sql sql, int ns, KeyRange range, long now, Allowance allowance) {
        KvStats found = sql.first(
                        extent,
                        row -> new KvStats(row.getLong(1), row.getLong(2)),
                        ns,
                        range.start(),
                        range.end(),
                        now,
                        allowance.countMax())
                .orElseThrow();
        allowance.spend(found.entries(), found.bytes());
    }

    KvStats stats(Sql sql, int ns, long now) {
        return sql.first(stats, row -> new KvStats(row.getLong(1), row.getLong(2)), ns, now)
                .orElseThrow();
    }

    /**
     * The next entries of a range, those left out that the database can tell do not match; fewer than the limit when
     * their values have many bytes: {@link #isCut}. At least one, if there is any.
     *
     * @param condition on {@code value}, which holds for every value that matches; asked of JSON alone
     */
    List<KvEntry> some(Sql sql, int ns, KeyRange range, boolean reverse, long now, SqlCondition condition, long limit) {
        List<@Nullable Object> args = new ArrayList<>();
        args.add(ns);
        args.add(range.start());
        args.add(range.end());
        args.add(now);
        String where = "";
        if (!condition.isAlwaysTrue()) {
            where = " and case when encoding = " + Encoding.JSON.number() + " then " + condition.sql()
                    + " else TRUE end";
            args.addAll(condition.args());
        }
        args.add(limit);
        String text = list + where + (reverse ? BACKWARD : FORWARD);
        if (postgres != null) {
            args.add(READ_BYTES);
            return sql.list(bounded(text, reverse ? "key desc" : "key"), KvSql::entry, args.toArray());
        }
        List<KvEntry> read = new ArrayList<>();
        long bytes = 0;
        try (Stream<KvEntry> rows = sql.iterate(text, KvSql::entry, args.toArray())) {
            Iterator<KvEntry> next = rows.iterator();
            while (bytes < READ_BYTES && next.hasNext()) {
                KvEntry entry = next.next();
                bytes += entry.value().encoded().length;
                read.add(entry);
            }
        }
        return read;
    }

    /** Whether entries were read no further because of the bytes of their values; there may be more of them. */
    static boolean isCut(List<KvEntry> read) {
        long bytes = 0;
        for (KvEntry entry : read) {
            bytes += entry.value().encoded().length;
        }
        return bytes >= READ_BYTES;
    }

    /** The key with so many entries of a range before it, expired ones too; none when there are no more. */
    Optional<Key> ahead(Sql sql, int ns, KeyRange range, boolean reverse, long entries) {
        return sql.first(
                reverse ? aheadReverse : ahead,
                row -> Key.decode(row.getBytes(1)),
                ns,
                range.start(),
                range.end(),
                1,
                entries);
    }

    Stream<Key> keys(Sql sql, int ns, KeyRange range, boolean reverse, long now, long limit) {
        return sql.iterate(reverse ? keysReverse : keys, KvSql::key, ns, range.start(), range.end(), now, limit);
    }

    /** Keys whose time has passed, the longest dead first. */
    List<Key> due(Sql sql, int ns, long now, int limit) {
        return sql.list(due, KvSql::key, ns, now, limit);
    }

    /**
     * Deletes those of the keys that exist, expired or not.
     *
     * @param indexed whether the writer keeps full-text indexes; else the statement makes sure that there is none
     * @return which they were, in any order; empty when a commit with a higher versionstamp was there before, or there
     *     is an index after all: then the transaction must not go on
     */
    Optional<List<Gone>> deleteMany(Sql sql, int ns, List<Key> keys, boolean indexed) {
        return postgres != null
                ? postgres.deleteMany(sql, ns, keys, indexed)
                : Optional.of(keys.stream()
                        .flatMap(key -> gone(key, sql, delete, ns, key.encoded()))
                        .toList());
    }

    /** The same for those of the keys that are still due. */
    Optional<List<Gone>> deleteDue(Sql sql, int ns, List<Key> keys, long now, boolean indexed) {
        return postgres != null
                ? postgres.deleteDue(sql, ns, keys, now, indexed)
                : Optional.of(keys.stream()
                        .flatMap(key -> gone(key, sql, deleteDue, ns, key.encoded(), now))
                        .toList());
    }

    private static Stream<Gone> gone(Key key, Sql sql, String statement, Object... args) {
        return sql.first(statement, row -> new Gone(key, row.getLong(1)), args).stream();
    }

    /** The next moment at which an entry expires. */
    Optional<Long> nextExpiry(Sql sql, int ns, long now) {
        long next = sql.first(nextExpiry, row -> row.getLong(1), ns, now).orElse(0L);
        return next == 0 ? Optional.empty() : Optional.of(next);
    }

    /** What a namespace holds, expired entries included. */
    NamespaceUsage usage(Sql sql, int ns) {
        return sql.first(usage, row -> new NamespaceUsage(row.getLong(1), row.getLong(2)), ns)
                .orElseThrow();
    }

    /** Bytes of the key and value that are stored, which nobody else changes before this transaction ends. */
    Optional<Long> hold(Sql sql, int ns, Key key) {
        return sql.first(hold, row -> row.getLong(1), ns, key.encoded());
    }

    static boolean isLive(KvEntry entry, long now) {
        return entry.expiresAt().isEmpty() || entry.expiresAt().get().toEpochMilli() > now;
    }

    static byte[][] array(List<Key> keys) {
        return keys.stream().distinct().map(Key::encoded).toArray(byte[][]::new);
    }

    private static Key key(ResultSet row) throws SQLException {
        return Key.decode(row.getBytes(1));
    }

    static KvEntry entry(ResultSet row) throws SQLException {
        return entry(Key.decode(row.getBytes(KEY)), row);
    }

    private static KvEntry entry(Key key, ResultSet row) throws SQLException {
        long expiresAt = row.getLong(4);
        boolean expires = !row.wasNull();
        return new KvEntry(
                key,
                new KvValue(Encoding.of(row.getInt(2)), row.getBytes(1)),
                new Versionstamp(row.getLong(3)),
                expires ? Optional.of(Instant.ofEpochMilli(expiresAt)) : Optional.empty());
    }

    /**
     * What some keys hold.
     *
     * @param keys how many keys were looked at, at least one
     * @param entries those that exist, in the order of the keys
     */
    record Some(int keys, List<KvEntry> entries) {}

    /**
     * An entry that was deleted.
     *
     * @param bytes of its key and value, as they were stored
     */
    record Gone(Key key, long bytes) {}
}
