package dev.holdfast.kv;

import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: writes that are one round trip, however many entries they have.
 *
 * <p>A full-text index must know every entry, also of writers that have not heard of it. Whoever makes or removes one
 * locks the table of entries first ({@link #holdWriters}), which waits for the writers that are under way. A writer
 * that keeps no index therefore asks in the statement itself whether there is one ({@code UNINDEXED}): the statement
 * takes its place on the table before its snapshot, so it sees whatever was made before. A writer that does keep
 * indexes reads which they are after its first statement, when nobody can make or remove one until it has ended. Where
 * one snapshot serves a whole transaction, the snapshot may be older than the index; then what the transaction read
 * and wrote is in conflict with what the index's maker wrote and read, and the database makes it run again.
 *
 * <p>A single entry, which is written more often than anything else, asks less: the row that the versionstamp's base
 * comes from also says whether any namespace has such an index. Where one has, or a write was overtaken, the next
 * second's writes ask the other question.
 */
final class PostgresKvSql {
    private static final String HOLD_WRITERS = "lock table {p}kv in share row exclusive mode";
    // Always written, so that of two that overlap one runs again: its snapshot lacks what the other made or removed.
    private static final String NOTE_INDEXES = "update {p}state set keys_indexed = exists (select 1 from"
            + " {p}search_indexes where scope = '" + KvSearch.SCOPE + "')";
    private static final String UNINDEXED =
            " not exists (select 1 from {p}search_indexes where ns = ? and scope = '" + KvSearch.SCOPE + "')";

    private static final String REPLACE = """
            on conflict (ns, key) do update set value = excluded.value, encoding = excluded.encoding,
              versionstamp = excluded.versionstamp, expires_at = excluded.expires_at
              where {p}kv.versionstamp <= excluded.versionstamp
            """;
    // Overlapping commits may take the row in either order; the one with the lower versionstamp must not come last. A
    // transaction that writes an entry again has the same one.
    private static final String UPSERT = KvSql.UPSERT + "  where {p}kv.versionstamp <= excluded.versionstamp";

    private static final String INSERT_UNINDEXED =
            "insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire) select ?, ?, ?, ?, ?, ?, ?"
                    + " where" + UNINDEXED + "\n";
    private static final String UNLESS_THERE = "on conflict (ns, key) do nothing";

    private static final String STAMP =
            "with stamp as (select base + pg_current_xact_id()::text::bigint as value from {p}state where" + UNINDEXED
                    + "),\n";

    // Atomic by itself: the versionstamp, the entry and its line in the change log. It runs more often than any other
    // statement, so it has no more steps and parameters than it needs.
    private static final String SET = """
            with entry as (
              insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire)
              select ?, ?, ?, ?, base + pg_current_xact_id()::text::bigint, ?, ? from {p}state
                where%s
            """ + REPLACE + """
              returning ns, key, versionstamp)
            insert into {p}changes (ns, versionstamp, n, room, scope, id, op)
              select ns, versionstamp, 0, 'kv', '', key, 0 from entry
            returning versionstamp
            """;

    // A whole commit in one statement. The number of entries tells whether one of them was overtaken by a later commit,
    // or is there though it was missing when it was to be locked; the last number, whether one that was there when the
    // statement began was not for it to delete.
    private static final String APPLY = STAMP + """
            input as (
              select * from unnest(?::bytea[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bytea[])
                with ordinality as i (key, value, encoding, expires_at, wire, n)),
            entry as (
              insert into {p}kv (ns, key, value, encoding, versionstamp, expires_at, wire)
              select ?, i.key, i.value, i.encoding, stamp.value, i.expires_at, i.wire from input i, stamp order by i.key
            """ + REPLACE + """
              and {p}kv.key <> all (?::bytea[])
              returning 1),
            gone as (
              delete from {p}kv where ns = ? and key = any (?::bytea[])
                and versionstamp <= (select value from stamp) returning key),
            log as (
              insert into {p}changes (ns, versionstamp, n, room, scope, id, op)
              select ?, stamp.value, c.n, 'kv', '', c.key, c.op from stamp, (
                select key, n - 1 as n, 0 as op from input
                union all
                select key, ? + row_number() over () - 1, 1 from gone) c)
            select stamp.value, (select count(*) from entry),
              (select count(*) from {p}kv where ns = ? and key = any (?::bytea[])) - (select count(*) from gone)
            from stamp
            """;

    private static final String LOCK =
            "select " + KvSql.COLUMNS + " from {p}kv where ns = ? and key = any (?) order by key for update";

    private static final String THERE = " from {p}kv where ns = ? and key = any (?)";
    // A row without a key tells how many entries were there when the statement began and were not for it to delete, or
    // by -1 that there is an index and that nothing was deleted.
    private static final String DELETE = """
            gone as (
              delete%1$s
                and versionstamp <= (select base + pg_current_xact_id()::text::bigint from {p}state)
                and exists (select 1 from unindexed)
              returning key, %2$s as bytes)
            select key, bytes from gone union all select null, case when exists (select 1 from unindexed)
              then (select count(*)%1$s) - (select count(*) from gone) else -1 end
            """;
    private static final String LATER =
            "select 1" + THERE + " and versionstamp > (select base + pg_current_xact_id()::text::bigint from {p}state)";

    private static final long ASK_MILLIS = 1_000;

    private final String holdWriters;
    private final String noteIndexes;
    private final String upsert;
    private final String upsertUnindexed;
    private final String insert;
    private final String insertUnindexed;
    private final String set;
    private final String setUnindexed;
    private final String apply;
    private final String lock;
    private final String delete;
    private final String deleteUnindexed;
    private final String deleteDue;
    private final String deleteDueUnindexed;
    private final String later;
    private volatile long askUntil;

    PostgresKvSql(Tables tables) {
        holdWriters = tables.sql(HOLD_WRITERS);
        noteIndexes = tables.sql(NOTE_INDEXES);
        upsert = tables.sql(UPSERT);
        upsertUnindexed = tables.sql(INSERT_UNINDEXED + REPLACE);
        insert = tables.sql(KvSql.INSERT + UNLESS_THERE);
        insertUnindexed = tables.sql(INSERT_UNINDEXED + UNLESS_THERE);
        set = tables.sql(SET.formatted(" not keys_indexed"));
        setUnindexed = tables.sql(SET.formatted(UNINDEXED));
        apply = tables.sql(APPLY);
        lock = tables.sql(LOCK);
        delete = tables.sql(delete("", ""));
        deleteUnindexed = tables.sql(delete(UNINDEXED, ""));
        deleteDue = tables.sql(delete("", KvSql.DUE));
        deleteDueUnindexed = tables.sql(delete(UNINDEXED, KvSql.DUE));
        later = tables.sql(LATER);
    }

    private static String delete(String unindexed, String due) {
        return "with unindexed as (select 1" + (unindexed.isEmpty() ? "" : " where" + unindexed) + "),\n"
                + DELETE.formatted(THERE + due, KvSql.SIZE);
    }

    /**
     * Waits for all who have written entries and not ended, and lets no others write until this transaction ends. As
     * its first statement this comes before the snapshot, which then shows what they wrote.
     */
    void holdWriters(Sql sql) {
        sql.exec(holdWriters);
    }

    /** Notes whether there are indexes now; whoever has made or removed one calls it in the same transaction. */
    void noteIndexes(Sql sql) {
        sql.exec(noteIndexes);
    }

    /** See {@link KvSql#upsert}. */
    boolean upsert(
            Sql sql, int ns, Key key, KvValue value, long versionstamp, @Nullable Long expiresAt, boolean indexed) {
        return sql.exec(
                        indexed ? upsert : upsertUnindexed,
                        args(ns, key, value, versionstamp, expiresAt, indexed).toArray())
                > 0;
    }

    /** See {@link KvSql#insert}. */
    boolean insert(
            Sql sql, int ns, Key key, KvValue value, long versionstamp, @Nullable Long expiresAt, boolean indexed) {
        return sql.exec(
                        indexed ? insert : insertUnindexed,
                        args(ns, key, value, versionstamp, expiresAt, indexed).toArray())
                > 0;
    }

    private static List<@Nullable Object> args(
            int ns, Key key, KvValue value, long versionstamp, @Nullable Long expiresAt, boolean indexed) {
        List<@Nullable Object> args = new ArrayList<>();
        args.add(ns);
        args.add(key.encoded());
        args.add(value.encoded());
        args.add(value.encoding().number());
        args.add(versionstamp);
        args.add(expiresAt);
        args.add(KvOrder.wire(key));
        if (!indexed) {
            args.add(ns);
        }
        return args;
    }

    /** Writes an entry and its change; empty when a higher versionstamp was there, or there may be an index. */
    Optional<Versionstamp> set(Tx tx, Key key, KvValue value, @Nullable Long expiresAt) {
        boolean ask = tx.now() < askUntil;
        List<@Nullable Object> args = new ArrayList<>();
        args.add(tx.ns());
        args.add(key.encoded());
        args.add(value.encoded());
        args.add(value.encoding().number());
        args.add(expiresAt);
        args.add(KvOrder.wire(key));
        if (ask) {
            args.add(tx.ns());
        }
        Optional<Versionstamp> written =
                tx.whole(ask ? setUnindexed : set, row -> new Versionstamp(row.getLong(1)), args.toArray());
        if (written.isEmpty() && !ask) {
            askUntil = tx.now() + ASK_MILLIS;
        }
        return written;
    }

    /** Reads entries, expired or not, and keeps others from writing them until this transaction ends. */
    List<KvEntry> lock(Sql sql, int ns, List<Key> keys) {
        return sql.list(lock, KvSql::entry, ns, KvSql.array(keys));
    }

    /**
     * Writes what a commit came to.
     *
     * @param missing keys that must have no entry, expired or not
     * @return empty when a higher versionstamp or a missing entry was there, or there is a full-text index
     */
    Optional<Versionstamp> apply(Tx tx, KvPlan plan, List<Key> missing) {
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
                        row -> new long[] {row.getLong(1), row.getLong(2), row.getLong(3)},
                        tx.ns(),
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
                        KvSql.array(missing),
                        tx.ns(),
                        deletes.toArray(byte[][]::new),
                        tx.ns(),
                        keys.size(),
                        tx.ns(),
                        deletes.toArray(byte[][]::new))
                .map(result -> result[1] == keys.size() && result[2] == 0 ? new Versionstamp(result[0]) : null)
                .orElse(null);
        tx.touched(KvRoom.NAME);
        return Optional.ofNullable(written);
    }

    /** See {@link KvSql#deleteMany}. */
    Optional<List<KvSql.Gone>> deleteMany(Sql sql, int ns, List<Key> keys, boolean indexed) {
        byte[][] all = KvSql.array(keys);
        return indexed
                ? gone(sql, ns, all, delete, ns, all, ns, all)
                : gone(sql, ns, all, deleteUnindexed, ns, ns, all, ns, all);
    }

    /** See {@link KvSql#deleteDue}. */
    Optional<List<KvSql.Gone>> deleteDue(Sql sql, int ns, List<Key> keys, long now, boolean indexed) {
        byte[][] all = KvSql.array(keys);
        return indexed
                ? gone(sql, ns, all, deleteDue, ns, all, now, ns, all, now)
                : gone(sql, ns, all, deleteDueUnindexed, ns, ns, all, now, ns, all, now);
    }

    private Optional<List<KvSql.Gone>> gone(Sql sql, int ns, byte[][] keys, String statement, Object... args) {
        record Row(byte @Nullable [] key, long number) {}
        List<KvSql.Gone> gone = new ArrayList<>();
        long missed = 0;
        for (Row row : sql.list(statement, found -> new Row(found.getBytes(1), found.getLong(2)), args)) {
            if (row.key() == null) {
                missed = row.number();
            } else {
                gone.add(new KvSql.Gone(Key.decode(row.key()), row.number()));
            }
        }
        // An entry that another commit has deleted meanwhile is none to this one; one that it has written is a later
        // one.
        boolean overtaken = missed < 0
                || (missed > 0 && sql.first(later, found -> true, ns, keys).isPresent());
        return overtaken ? Optional.empty() : Optional.of(gone);
    }
}
