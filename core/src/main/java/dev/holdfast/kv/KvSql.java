package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every statement of the room, both databases side by side. */
final class KvSql {
    private static final String VALUE_COLUMNS = "value, encoding, versionstamp, expires_at";
    private static final String COLUMNS = VALUE_COLUMNS + ", key";
    private static final int KEY = 5;
    private static final String LIVE = " and (expires_at is null or expires_at > ?)";
    private static final String RANGE = " from {p}kv where ns = ? and key >= ? and key < ?";

    private static final String UPSERT = """
            insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire) values (?, ?, ?, ?, ?, ?, ?)
            on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
              versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
            """;
    // Overlapping commits may take the row in either order; the one with the lower versionstamp must not come last. A
    // transaction that writes an entry again has the same one.
    private static final String UPSERT_POSTGRES = UPSERT + "  where {p}kv.versionstamp <= excluded.versionstamp";

    // One round trip, atomic by itself: the versionstamp, the entry and its line in the change log.
    private static final String SET_POSTGRES = """
            with stamp as (select base + pg_current_xact_id()::text::bigint as value from {p}state),
            entry as (
              insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire)
              select ?, ?, ?, ?, stamp.value, ?, ? from stamp
              on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
                versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
                where {p}kv.versionstamp <= excluded.versionstamp
              returning versionstamp),
            log as (
              insert into {p}changes (ns, versionstamp, n, room, scope, id, op)
              select ?, versionstamp, 0, 'kv', '', ?, 0 from entry)
            select versionstamp from entry
            """;

    // A whole commit in one statement. The number of entries tells whether one of them was overtaken by a later commit.
    private static final String APPLY_POSTGRES = """
            with stamp as (select base + pg_current_xact_id()::text::bigint as value from {p}state),
            input as (
              select * from unnest(?::bytea[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bytea[])
                with ordinality as i (key, value, encoding, expires_at, wire, n)),
            entry as (
              insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire)
              select ?, i.key, i.value, i.encoding, stamp.value, i.expires_at, i.wire from input i, stamp order by i.n
              on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
                versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
                where {p}kv.versionstamp <= excluded.versionstamp
              returning 1),
            gone as (delete from {p}kv where ns = ? and key = any (?::bytea[]) returning key),
            log as (
              insert into {p}changes (ns, versionstamp, n, room, scope, id, op)
              select ?, stamp.value, c.n, 'kv', '', c.key, c.op from stamp, (
                select key, n - 1 as n, 0 as op from input
                union all
                select key, ? + row_number() over () - 1, 1 from gone) c)
            select stamp.value, (select count(*) from entry) from stamp
            """;

    private static final String DUE = " and expires_at is not null and expires_at <= ?";

    private final Dialect dialect;
    private final String get;
    private final String apply;
    private final String getMany;
    private final String upsert;
    private final String set;
    private final String delete;
    private final String deleteRange;
    private final String count;
    private final String stats;
    private final String list;
    private final String listReverse;
    private final String keys;
    private final String keysReverse;
    private final String due;
    private final String deleteDue;
    private final String deleteMany;
    private final String deleteManyDue;
    private final String nextExpiry;
    private final String size;
    private final String usage;

    KvSql(Database database) {
        dialect = database.dialect();
        var tables = database.tables();
        boolean postgres = dialect == Dialect.POSTGRES;
        get = tables.sql("select " + VALUE_COLUMNS + " from {p}kv where ns = ? and key = ?");
        getMany = tables.sql("select " + COLUMNS + " from {p}kv where ns = ? and key = any (?)");
        upsert = tables.sql(postgres ? UPSERT_POSTGRES : UPSERT);
        set = tables.sql(SET_POSTGRES);
        apply = tables.sql(APPLY_POSTGRES);
        delete = tables.sql("delete from {p}kv where ns = ? and key = ?");
        deleteRange = tables.sql("delete" + RANGE);
        count = tables.sql("select count(*)" + RANGE + LIVE);
        stats = tables.sql(
                "select count(*), coalesce(sum(length(key) + length(value)), 0) from {p}kv where ns = ?" + LIVE);
        list = tables.sql("select " + COLUMNS + RANGE + LIVE + " order by key limit ?");
        listReverse = tables.sql("select " + COLUMNS + RANGE + LIVE + " order by key desc limit ?");
        keys = tables.sql("select key" + RANGE + LIVE + " order by key limit ?");
        keysReverse = tables.sql("select key" + RANGE + LIVE + " order by key desc limit ?");
        due = tables.sql("select key from {p}kv where ns = ?" + DUE + " order by expires_at limit ?");
        deleteDue = tables.sql("delete from {p}kv where ns = ? and key = ?" + DUE);
        // One round trip for many keys; SQLite has none to save.
        deleteMany = tables.sql("delete from {p}kv where ns = ? and key = any (?) returning key");
        deleteManyDue = tables.sql("delete from {p}kv where ns = ? and key = any (?)" + DUE + " returning key");
        nextExpiry = tables.sql(
                "select min(expires_at) from {p}kv where ns = ? and expires_at is not null and expires_at > ?");
        usage = tables.sql("select count(*), coalesce(sum(length(key) + length(value)), 0) from {p}kv where ns = ?");
        size = tables.sql("select length(key) + length(value) from {p}kv where ns = ? and key = ?");
    }

    boolean postgres() {
        return dialect == Dialect.POSTGRES;
    }

    Optional<KvEntry> get(Sql sql, int ns, Key key, long now) {
        return sql.first(get, row -> entry(key, row), ns, key.encoded()).filter(entry -> isLive(entry, now));
    }

    /** Those of the keys that exist, in any order. */
    List<KvEntry> getMany(Sql sql, int ns, List<Key> keys, long now) {
        if (postgres()) {
            return sql.list(getMany, KvSql::entry, ns, array(keys)).stream()
                    .filter(entry -> isLive(entry, now))
                    .toList();
        }
        return keys.stream()
                .distinct()
                .flatMap(key -> get(sql, ns, key, now).stream())
                .toList();
    }

    /** Writes an entry; false when a commit with a higher versionstamp was there before. */
    boolean upsert(Sql sql, int ns, Key key, KvValue value, long versionstamp, @Nullable Long expiresAt) {
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

    /** PostgreSQL: writes an entry and its change in one statement; empty when a higher versionstamp was there. */
    Optional<Versionstamp> set(Tx tx, int ns, Key key, KvValue value, @Nullable Long expiresAt) {
        return tx.whole(
                set,
                row -> new Versionstamp(row.getLong(1)),
                ns,
                key.encoded(),
                value.encoded(),
                value.encoding().number(),
                expiresAt,
                KvOrder.wire(key),
                ns,
                key.encoded());
    }

    /** PostgreSQL: writes what a commit came to in one statement; empty when a higher versionstamp was there. */
    Optional<Versionstamp> apply(Tx tx, KvPlan plan) {
        List<Key> keys = new ArrayList<>();
        List<KvPlan.Outcome> puts = new ArrayList<>();
        List<byte[]> deletes = new ArrayList<>();
        plan.outcomes().forEach((key, outcome) -> {
            if (outcome.value() == null) {
                deletes.add(key.encoded());
            } else {
                keys.add(key);
                puts.add(outcome);
            }
        });
        @Nullable
        Versionstamp written = tx.first(
                        apply,
                        row -> new long[] {row.getLong(1), row.getLong(2)},
                        keys.stream().map(Key::encoded).toArray(byte[][]::new),
                        puts.stream()
                                .map(put -> Objects.requireNonNull(put.value()).encoded())
                                .toArray(byte[][]::new),
                        puts.stream()
                                .map(put -> (long) Objects.requireNonNull(put.value())
                                        .encoding()
                                        .number())
                                .toArray(Long[]::new),
                        puts.stream().map(KvPlan.Outcome::expiresAt).toArray(Long[]::new),
                        keys.stream().map(KvOrder::wire).toArray(byte[][]::new),
                        tx.ns(),
                        tx.ns(),
                        deletes.toArray(byte[][]::new),
                        tx.ns(),
                        keys.size())
                .map(result -> result[1] == keys.size() ? new Versionstamp(result[0]) : null)
                .orElse(null);
        tx.touched(KvRoom.NAME);
        return Optional.ofNullable(written);
    }

    boolean delete(Sql sql, int ns, Key key) {
        return sql.exec(delete, ns, key.encoded()) > 0;
    }

    void deleteRange(Sql sql, int ns, KeyRange range) {
        sql.exec(deleteRange, ns, range.start(), range.end());
    }

    long count(Sql sql, int ns, KeyRange range, long now) {
        return sql.first(count, row -> row.getLong(1), ns, range.start(), range.end(), now)
                .orElseThrow();
    }

    KvStats stats(Sql sql, int ns, long now) {
        return sql.first(stats, row -> new KvStats(row.getLong(1), row.getLong(2)), ns, now)
                .orElseThrow();
    }

    Stream<KvEntry> list(Sql sql, int ns, KeyRange range, boolean reverse, long now, long limit) {
        return sql.iterate(reverse ? listReverse : list, KvSql::entry, ns, range.start(), range.end(), now, limit);
    }

    Stream<Key> keys(Sql sql, int ns, KeyRange range, boolean reverse, long now, long limit) {
        return sql.iterate(reverse ? keysReverse : keys, KvSql::key, ns, range.start(), range.end(), now, limit);
    }

    /** Keys whose time has passed, the longest dead first. */
    List<Key> due(Sql sql, int ns, long now, int limit) {
        return sql.list(due, KvSql::key, ns, now, limit);
    }

    /** Deletes those of the keys that exist, expired or not; answers which, in any order. */
    List<Key> deleteMany(Sql sql, int ns, List<Key> keys) {
        return postgres()
                ? sql.list(deleteMany, KvSql::key, ns, array(keys))
                : keys.stream().filter(key -> delete(sql, ns, key)).toList();
    }

    /** Deletes those of the keys that are still due; answers which, in any order. */
    List<Key> deleteDue(Sql sql, int ns, List<Key> keys, long now) {
        return postgres()
                ? sql.list(deleteManyDue, KvSql::key, ns, array(keys), now)
                : keys.stream()
                        .filter(key -> sql.exec(deleteDue, ns, key.encoded(), now) > 0)
                        .toList();
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

    /** Bytes of the key and value that are stored, 0 for none. */
    long size(Sql sql, int ns, Key key) {
        return sql.first(size, row -> row.getLong(1), ns, key.encoded()).orElse(0L);
    }

    static boolean isLive(KvEntry entry, long now) {
        return entry.expiresAt().isEmpty() || entry.expiresAt().get().toEpochMilli() > now;
    }

    private static byte[][] array(List<Key> keys) {
        return keys.stream().distinct().map(Key::encoded).toArray(byte[][]::new);
    }

    private static Key key(ResultSet row) throws SQLException {
        return Key.decode(row.getBytes(1));
    }

    private static KvEntry entry(ResultSet row) throws SQLException {
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
}
