package dev.holdfast.kv;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements that examine entries as they are, whatever is wrong with them. */
final class KvDoctorSql {
    /** Below every key. */
    static final byte[] FIRST = {};

    private static final int SMALL_BYTES = 64 << 10;
    private static final int UNLOGGED_MAX = 100;
    private static final String COLUMNS = "key, encoding, versionstamp, expires_at, wire,"
            + " case when length(value) <= " + SMALL_BYTES + " then value end";
    private static final String UNLOGGED = """
            select key, versionstamp from {p}kv where ns = ?
              and versionstamp > (select changes_floor from {p}namespaces where ns = ?)
            except
            select id, versionstamp from {p}changes where ns = ? and room = 'kv' and op = 0
            limit
            """;

    private final String page;
    private final String row;
    private final String value;
    private final String unlogged;
    private final String keysIndexed;

    KvDoctorSql(Database database) {
        var tables = database.tables();
        page = tables.sql(
                "select " + COLUMNS + " from {p}kv where ns = ? and key > ? order by key limit " + Examination.PAGE);
        row = tables.sql("select " + COLUMNS + " from {p}kv where ns = ? and key = ?");
        value = tables.sql("select value from {p}kv where ns = ? and key = ?");
        unlogged = tables.sql(UNLOGGED + UNLOGGED_MAX);
        keysIndexed = tables.sql("select keys_indexed from {p}state");
    }

    List<Row> page(Tx tx, byte[] after) {
        return tx.list(page, KvDoctorSql::row, tx.ns(), after);
    }

    Optional<Row> row(Tx tx, byte[] key) {
        return tx.first(row, KvDoctorSql::row, tx.ns(), key);
    }

    /** The value of an entry; a large one is read now. */
    byte[] value(Tx tx, Row entry) {
        byte[] small = entry.small();
        return small != null
                ? small
                : tx.first(value, found -> found.getBytes(1), tx.ns(), entry.key())
                        .orElseThrow();
    }

    /** Whether a writer is told that there are full-text indexes; SQLite's finds them without. */
    boolean keysIndexed(Tx tx) {
        return tx.database().dialect() == Dialect.SQLITE
                || tx.first(keysIndexed, found -> found.getBoolean(1)).orElse(false);
    }

    /** Entries that the change log should know of and does not, at most 100. */
    List<Unlogged> unlogged(Tx tx) {
        return tx.list(unlogged, found -> new Unlogged(found.getBytes(1), found.getLong(2)), tx.ns(), tx.ns(), tx.ns());
    }

    private static Row row(ResultSet found) throws SQLException {
        long expiresAt = found.getLong(4);
        boolean forever = found.wasNull();
        return new Row(
                found.getBytes(1),
                found.getInt(2),
                found.getLong(3),
                forever ? null : expiresAt,
                found.getBytes(5),
                found.getBytes(6));
    }

    /** A row without the value of a large entry. */
    record Row(
            byte[] key,
            int encoding,
            long versionstamp,
            @Nullable Long expiresAt,
            byte @Nullable [] wire,
            byte @Nullable [] small) {}

    /** An entry that has no line in the change log. */
    record Unlogged(byte[] key, long versionstamp) {}
}
