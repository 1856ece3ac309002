package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.JdbcUnit;
import java.util.List;

/**
 * Runs units in transactions of the write connection.
 *
 * <p>A group is tried three ways, each time from the start, until everybody knows their own result. First all units
 * back to back without savepoints, which is right as long as none fails. If one fails, again with a savepoint around
 * each, so that a unit's failure undoes only itself. If the transaction itself is lost or cannot commit, each unit
 * alone. Nobody is told anything before a commit.
 */
final class SqliteGroup {
    private final SqliteTransaction transaction;
    private final JdbcSql sql;
    private long epoch;

    SqliteGroup(SqliteTransaction transaction, JdbcSql sql) {
        this.transaction = transaction;
        this.sql = sql;
    }

    /** Runs all units; afterwards each has its result or its failure, and what succeeded is committed. */
    void run(List<? extends PendingUnit<?>> units) {
        if (units.size() > 1) {
            if (!begun(units) || ranTogether(units)) {
                return;
            }
            if (!begun(units) || ranWithSavepoints(units)) {
                return;
            }
        }
        for (int i = 0; i < units.size() && begun(units.subList(i, units.size())); i++) {
            runAlone(units.get(i));
        }
    }

    /** Begins a transaction, or tells all units why not: they need not wait for the same lock one after the other. */
    private boolean begun(List<? extends PendingUnit<?>> units) {
        try {
            epoch = transaction.begin();
            return true;
        } catch (RuntimeException e) {
            transaction.rollback();
            units.forEach(unit -> unit.fail(e));
            return false;
        }
    }

    private boolean ranTogether(List<? extends PendingUnit<?>> units) {
        CommitTasks tasks = new CommitTasks();
        try {
            for (PendingUnit<?> unit : units) {
                unit.run(shared(tasks));
                sql.closeCursors();
            }
            tasks.run(sql);
            transaction.commit();
        } catch (Throwable e) {
            // Whose failure it was shows when the units run again behind savepoints.
            transaction.rollback();
            tasks.ended(false);
            return false;
        }
        tasks.ended(true);
        return true;
    }

    private boolean ranWithSavepoints(List<? extends PendingUnit<?>> units) {
        CommitTasks tasks = new CommitTasks();
        try {
            for (PendingUnit<?> unit : units) {
                sql.exec("savepoint unit");
                try {
                    unit.run(shared(tasks));
                    sql.closeCursors();
                } catch (OwnCommit needed) {
                    throw needed;
                } catch (Throwable e) {
                    sql.closeCursors();
                    sql.exec("rollback to savepoint unit");
                    unit.fail(e);
                }
                sql.exec("release savepoint unit");
            }
            tasks.run(sql);
            transaction.commit();
        } catch (Throwable e) {
            // The transaction is gone or cannot commit: every unit finds out alone what that means for it.
            transaction.rollback();
            tasks.ended(false);
            return false;
        }
        tasks.ended(true);
        return true;
    }

    private void runAlone(PendingUnit<?> unit) {
        LentConnection lent = new LentConnection(sql.connection(), transaction::lost);
        CommitTasks tasks = new CommitTasks();
        try {
            unit.run(new JdbcUnit(sql, tasks, epoch, lent));
            lent.end(sql::closeCursors);
            tasks.run(sql);
            transaction.commit();
        } catch (Throwable e) {
            lent.end(() -> {});
            transaction.rollback();
            tasks.ended(false);
            unit.fail(e);
            return;
        }
        tasks.ended(true);
    }

    private JdbcUnit shared(CommitTasks tasks) {
        return new JdbcUnit(sql, tasks, epoch, () -> {
            throw new OwnCommit();
        });
    }

    /** Thrown through a unit that asked for the connection while it shares a commit. */
    static final class OwnCommit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnCommit() {
            super("this unit needs a commit of its own", null, false, false);
        }
    }
}
