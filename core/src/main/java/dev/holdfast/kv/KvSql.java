package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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

    static final String UPSERT = """
            insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire) values (?, ?, ?, ?, ?, ?, ?)
            on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
              versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
            """;
    static final String DUE = " and expires_at is not null and expires_at <= ?";

    private final @Nullable PostgresKvSql postgres;
    private final String get;
    private final String getMany;
    private final String upsert;
    private final String delete;
    private final String count;
    private final String stats;
    private final String list;
    private final String listReverse;
    private final String keys;
    private final String keysReverse;
    private final String due;
    private final String deleteDue;
    private final String nextExpiry;
    private final String size;
    private final String usage;

    KvSql(Database database) {
        Dialect dialect = database.dialect();
        var tables = database.tables();
        postgres = dialect == Dialect.POSTGRES ? new PostgresKvSql(tables) : null;
        get = tables.sql("select " + VALUE_COLUMNS + " from {p}kv where ns = ? and key = ?");
        getMany = tables.sql("select " + COLUMNS + " from {p}kv where ns = ? and key = any (?)");
        upsert = tables.sql(UPSERT);
        delete = tables.sql("delete from {p}kv where ns = ? and key = ?");
        count = tables.sql("select count(*)" + RANGE + LIVE);
        stats = tables.sql(
                "select count(*), coalesce(sum(length(key) + length(value)), 0) from {p}kv where ns = ?" + LIVE);
        list = tables.sql("select " + COLUMNS + RANGE + LIVE + " order by key limit ?");
        listReverse = tables.sql("select " + COLUMNS + RANGE + LIVE + " order by key desc limit ?");
        keys = tables.sql("select key" + RANGE + LIVE + " order by key limit ?");
        keysReverse = tables.sql("select key" + RANGE + LIVE + " order by key desc limit ?");
        due = tables.sql("select key from {p}kv where ns = ?" + DUE + " order by expires_at limit ?");
        deleteDue = tables.sql("delete from {p}kv where ns = ? and key = ?" + DUE);
        nextExpiry = tables.sql(
                "select min(expires_at) from {p}kv where ns = ? and expires_at is not null and expires_at > ?");
        usage = tables.sql("select count(*), coalesce(sum(length(key) + length(value)), 0) from {p}kv where ns = ?");
        size = tables.sql("select length(key) + length(value) from {p}kv where ns = ? and key = ?");
    }

    /** PostgreSQL: the statements that are only its own. */
    Optional<PostgresKvSql> postgres() {
        return Optional.ofNullable(postgres);
    }

    Optional<KvEntry> get(Sql sql, int ns, Key key, long now) {
        return sql.first(get, row -> entry(key, row), ns, key.encoded()).filter(entry -> isLive(entry, now));
    }

    /** Those of the keys that exist, in any order. */
    List<KvEntry> getMany(Sql sql, int ns, List<Key> keys, long now) {
        if (postgres != null) {
            return sql.list(getMany, KvSql::entry, ns, array(keys)).stream()
                    .filter(entry -> isLive(entry, now))
                    .toList();
        }
        return keys.stream()
                .distinct()
                .flatMap(key -> get(sql, ns, key, now).stream())
                .toList();
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

    boolean delete(Sql sql, int ns, Key key) {
        return sql.exec(delete, ns, key.encoded()) > 0;
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

    /**
     * Deletes those of the keys that exist, expired or not.
     *
     * @param indexed whether the writer keeps full-text indexes; else the statement makes sure that there is none
     * @return which they were, in any order; empty when there is an index after all, and nothing was deleted
     */
    Optional<List<Key>> deleteMany(Sql sql, int ns, List<Key> keys, boolean indexed) {
        return postgres != null
                ? postgres.deleteMany(sql, ns, keys, indexed)
                : Optional.of(keys.stream().filter(key -> delete(sql, ns, key)).toList());
    }

    /** The same for those of the keys that are still due. */
    Optional<List<Key>> deleteDue(Sql sql, int ns, List<Key> keys, long now, boolean indexed) {
        return postgres != null
                ? postgres.deleteDue(sql, ns, keys, now, indexed)
                : Optional.of(keys.stream()
                        .filter(key -> sql.exec(deleteDue, ns, key.encoded(), now) > 0)
                        .toList());
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

    static byte[][] array(List<Key> keys) {
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
