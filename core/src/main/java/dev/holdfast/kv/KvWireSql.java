package dev.holdfast.kv;

import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.util.List;
import java.util.Optional;

/** The statements that read in Deno's order, the same for both databases. */
final class KvWireSql {
    private static final String WITH_BIG_INTEGERS = "select " + KvSql.COLUMNS
            + " from {p}kv where ns = ? and wire >= ? and wire < ?" + KvSql.LIVE + " order by wire";
    // The value of an entry with a big integer is left out: its turn is in the other statement.
    private static final String STORED_ORDER = "select case when wire is null then value end, encoding, versionstamp,"
            + " expires_at, key from {p}kv where ns = ? and key >= ? and key < ?" + KvSql.LIVE + " order by key";

    private static final String FORWARD = " limit ?";
    private static final String BACKWARD = " desc limit ?";

    private final String withBig;
    private final String withBigReverse;
    private final String stored;
    private final String storedReverse;

    KvWireSql(Tables tables) {
        withBig = tables.sql(WITH_BIG_INTEGERS + FORWARD);
        withBigReverse = tables.sql(WITH_BIG_INTEGERS + BACKWARD);
        stored = tables.sql(STORED_ORDER + FORWARD);
        storedReverse = tables.sql(STORED_ORDER + BACKWARD);
    }

    /** Entries whose keys hold a big integer, by their wire bytes. */
    List<KvEntry> withBigIntegers(Sql sql, int ns, byte[] from, byte[] until, boolean reverse, long now, int limit) {
        return sql.list(reverse ? withBigReverse : withBig, KvSql::entry, ns, from, until, now, limit);
    }

    /** Entries by their stored bytes; those whose keys hold a big integer come without what they hold. */
    List<Row> inStoredOrder(Sql sql, int ns, byte[] from, byte[] until, boolean reverse, long now, int limit) {
        return sql.list(
                reverse ? storedReverse : stored,
                row -> new Row(
                        row.getBytes(KvSql.KEY),
                        row.getBytes(1) == null ? Optional.empty() : Optional.of(KvSql.entry(row))),
                ns,
                from,
                until,
                now,
                limit);
    }

    /** A row in stored order. */
    record Row(byte[] key, Optional<KvEntry> entry) {}
}
