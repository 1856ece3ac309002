package dev.holdfast.engine.postgres;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineDoctor;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/**
 * What PostgreSQL can say about itself: pages with a wrong checksum, indexes that were never finished, B-trees by the
 * extension amcheck where it is installed, and the transaction that holds the visible horizon.
 */
final class PostgresIntegrity {
    private static final String CHECKSUMS = """
            select coalesce(checksum_failures, 0) from pg_stat_database where datname = current_database()
            """;
    private static final String INVALID = """
            select i.indexrelid::regclass::text from pg_index i join pg_class t on t.oid = i.indrelid
            where t.relnamespace = current_schema()::regnamespace and starts_with(t.relname, ?)
              and not (i.indisvalid and i.indisready) order by 1
            """;
    private static final String AMCHECK = """
            select coalesce(
              has_function_privilege(to_regprocedure('bt_index_check(regclass,boolean)'), 'execute'), false)
            """;
    private static final String BTREES = """
            select i.indexrelid::bigint from pg_index i
              join pg_class t on t.oid = i.indrelid
              join pg_class x on x.oid = i.indexrelid
              join pg_am a on a.oid = x.relam
            where t.relnamespace = current_schema()::regnamespace and starts_with(t.relname, ?)
              and a.amname = 'btree' and i.indisvalid order by 1
            """;
    private static final String CHECK_BTREE = "select bt_index_check(?::bigint::oid::regclass, true)::text";
    // The oldest transaction that may still commit; of its own statements nothing is shown, they may hold values.
    private static final String HOLDER = """
            with oldest as (select pg_snapshot_xmin(pg_current_snapshot()) as xid)
            select oldest.xid::text, 'pid=' || a.pid || ', application=' || coalesce(a.application_name, '')
                || ', state=' || coalesce(a.state, 'unknown') || ', seconds='
                || coalesce(extract(epoch from clock_timestamp() - a.xact_start)::bigint::text, 'unknown')
              from oldest join pg_stat_activity a on a.backend_xid = oldest.xid::xid
            union all
            select oldest.xid::text, 'prepared=' || p.gid || ', seconds='
                || extract(epoch from clock_timestamp() - p.prepared)::bigint
              from oldest join pg_prepared_xacts p on p.transaction = oldest.xid::xid
            """;
    /** Data and index corruption; else an index could not be looked at. */
    private static final String DAMAGE = "XX";

    private PostgresIntegrity() {}

    static void examine(Engine engine, Tables tables, Consumer<Finding> out) {
        boolean amcheck = engine.read(sql -> {
            checksums(sql, out);
            sql.list(INVALID, row -> row.getString(1), tables.prefix())
                    .forEach(index -> fault(out, "an index was never finished (index=" + index + ")"));
            sql.list(
                            HOLDER,
                            row -> "transaction " + row.getString(1) + " holds the visible horizon (" + row.getString(2)
                                    + ")")
                    .forEach(text -> out.accept(Finding.note(EngineDoctor.NAME, text)));
            return sql.first(AMCHECK, row -> row.getBoolean(1)).orElseThrow();
        });
        if (amcheck) {
            List<Long> indexes = engine.read(sql -> sql.list(BTREES, row -> row.getLong(1), tables.prefix()));
            indexes.forEach(index -> checkBtree(engine, index, out));
        }
    }

    private static void checksums(Sql sql, Consumer<Finding> out) {
        long failures = sql.first(CHECKSUMS, row -> row.getLong(1)).orElse(0L);
        if (failures > 0) {
            fault(out, "PostgreSQL read pages with a wrong checksum (failures=" + failures + ")");
        }
    }

    private static void checkBtree(Engine engine, long index, Consumer<Finding> out) {
        try {
            engine.read(sql -> sql.first(CHECK_BTREE, row -> index, index));
        } catch (EngineException e) {
            if (!(e.getCause() instanceof SQLException cause)
                    || cause.getSQLState() == null
                    || !cause.getSQLState().startsWith(DAMAGE)) {
                throw e;
            }
            fault(out, "PostgreSQL: " + e.detail());
        }
    }

    private static void fault(Consumer<Finding> out, String text) {
        out.accept(Finding.fault(EngineDoctor.NAME, text));
    }
}
