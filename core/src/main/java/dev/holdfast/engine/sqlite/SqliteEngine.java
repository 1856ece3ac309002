package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.CommitTasks;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.LocalSignals;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store in one SQLite file, or in memory.
 *
 * <p>A file has one writer at a time, which joins the operations that wait for it into one commit, and readers that
 * never wait for it. Several processes may open one file on one machine; the file system must be local. A store in
 * memory is a private database with one connection, so readers wait for writers there; it is gone when the engine is
 * closed.
 */
public final class SqliteEngine implements Engine {
    private final SqliteConnections connections;
    private final JdbcSql writeSql;
    private final SqliteWriter writer;
    private final @Nullable SqliteReaders readers;
    private final @Nullable SqliteReaders bulkReaders;
    private final SqliteScanners scanners;
    private final SqliteScanners bulkScanners;
    private final @Nullable Path file;
    private final Signals signals;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteEngine(@Nullable Path file, SqliteOptions options, TimeSource time) {
        this.connections = new SqliteConnections(file, options);
        this.file = file;
        this.writeSql = connections.writer();
        this.writer = new SqliteWriter(writeSql, file != null, options, time);
        int processors = Runtime.getRuntime().availableProcessors();
        this.readers =
                file == null ? null : new SqliteReaders(connections::reader, options.readers(), options.turnLimit());
        this.bulkReaders =
                file == null ? null : new SqliteReaders(connections::bulkReader, processors, options.turnLimit());
        this.scanners = new SqliteScanners(processors, options.turnLimit());
        this.bulkScanners = new SqliteScanners(processors, options.turnLimit());
        this.signals = file == null ? new LocalSignals() : new SqliteSignals(time, connections::reader);
    }

    /** Opens a file, making it and its folder when missing. */
    public static SqliteEngine open(Path file, SqliteOptions options, TimeSource time) {
        return new SqliteEngine(file, options, time);
    }

    /** Opens an empty store in memory. */
    public static SqliteEngine inMemory(SqliteOptions options, TimeSource time) {
        return new SqliteEngine(null, options, time);
    }

    /** The file, or nothing for a store in memory. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    @Override
    public <R> R read(Work<R> work) {
        return read(readers, work);
    }

    private <R> R read(@Nullable SqliteReaders pool, Work<R> work) {
        if (pool == null) {
            return writer.maintenance(sql -> readInMemory(sql, work));
        }
        SqliteReaders.Reader reader = pool.acquire();
        try {
            reader.transaction.begin();
            try {
                R result = runRead(reader.sql, work);
                reader.transaction.commit();
                return result;
            } catch (Throwable e) {
                reader.transaction.rollback();
                throw e;
            }
        } finally {
            pool.release(reader);
        }
    }

    @Override
    public <R> R readOne(Work<R> work) {
        if (readers == null) {
            return writer.maintenance(sql -> readInMemory(sql, work));
        }
        SqliteReaders.Reader reader = readers.acquire();
        try {
            return runRead(reader.sql, work);
        } finally {
            readers.release(reader);
        }
    }

    @Override
    public <R> R scan(Work<R> work) {
        return scanners.run(() -> read(work));
    }

    @Override
    public <R> R scanOne(Work<R> work) {
        return scanners.run(() -> readOne(work));
    }

    @Override
    public <R> R bulk(Work<R> work) {
        return bulkScanners.run(() -> read(bulkReaders, work));
    }

    @Override
    public <R> R write(Work<R> work) {
        return write(UnitKind.USER, work);
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        return switch (kind) {
            case OPERATION, DECISION -> writer.operation(work);
            case ALONE -> writer.alone(work);
            case USER -> writer.transaction(work);
        };
    }

    /**
     * Runs something on the write connection while no transaction is open: a backup, a checkpoint, a vacuum. Writers
     * wait meanwhile.
     */
    public <R> R maintenance(Function<JdbcSql, R> work) {
        return writer.maintenance(work);
    }

    /**
     * Writes a copy of the store as it is now, compacted, while it is being used. When this returns the copy is on the
     * disk under its name; before, the name is what it was.
     *
     * @param target replaced when it is a SQLite database, with the log that it may have left, or an empty file
     * @throws InvalidInputException {@code backup.own_file}: the target is this store; {@code backup.occupied}: it is
     *     another kind of file; {@code backup.no_folder}: its folder is missing
     * @throws ConflictException {@code backup.busy}: somebody has the target open
     * @throws EngineException the copy cannot be written; the target holds what it held
     */
    public void backup(Path target) {
        if (file != null) {
            SqliteBackup.refuseOwn(file, target);
        }
        SqliteBackup.requirePlace(target);
        apart(sql -> SqliteBackup.write(sql, target));
    }

    /**
     * Whether a name means this store's file, or what SQLite keeps beside it, by whatever link; nothing does for a
     * store in memory.
     *
     * @throws IOException the file system does not tell
     */
    public boolean owns(Path other) throws IOException {
        return file != null && SqliteFile.isOf(file, other);
    }

    @Override
    public void examine(Tables tables, Consumer<Finding> out) {
        apart(sql -> SqliteIntegrity.examine(sql, out));
    }

    /** Works on a connection of its own, so that nobody waits; in memory there is but one. */
    private void apart(Consumer<JdbcSql> work) {
        if (file == null) {
            writer.maintenance(sql -> {
                work.accept(sql);
                return sql;
            });
            return;
        }
        JdbcSql sql = connections.plain();
        try {
            work.accept(sql);
        } finally {
            close(sql);
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        scanners.close();
        bulkScanners.close();
        signals.close();
        writer.close();
        if (readers != null) {
            readers.close();
        }
        if (bulkReaders != null) {
            bulkReaders.close();
        }
        close(writeSql);
    }

    private static void close(JdbcSql sql) {
        try {
            sql.connection().close();
        } catch (SQLException e) {
            throw new EngineException("sqlite.close", "closing the store failed: " + e.getMessage(), e);
        }
    }

    /** The one connection in memory writes too, so it must be told when it may not. */
    private static <R> R readInMemory(JdbcSql sql, Work<R> work) {
        sql.exec("pragma query_only = on");
        try {
            return runRead(sql, work);
        } finally {
            sql.exec("pragma query_only = off");
        }
    }

    private static <R> R runRead(JdbcSql sql, Work<R> work) {
        LentConnection lent = new LentConnection(sql.connection(), () -> false);
        try {
            return work.run(new JdbcUnit(sql, new CommitTasks(), 0, lent));
        } finally {
            lent.end(sql::closeCursors);
        }
    }
}
