package dev.holdfast.testkit;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.LocalSignals;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.SqlErrors;
import dev.holdfast.engine.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/** Units one after the other, each on a connection of its own: short and correct, and in no hurry. */
final class PlainEngine implements Engine {
    private final DataSource source;
    private final Dialect dialect;
    private final Signals signals = new LocalSignals();
    private final ReentrantLock turn = new ReentrantLock(true);
    private boolean closed;

    PlainEngine(DataSource source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
    }

    @Override
    public <R> R read(Work<R> work) {
        return write(work);
    }

    @Override
    public <R> R write(Work<R> work) {
        turn.lock();
        try (Connection connection = connect()) {
            return JdbcUnit.run(connection, work);
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        } finally {
            turn.unlock();
        }
    }

    private Connection connect() throws SQLException {
        if (closed) {
            throw new ClosedException("engine.closed", "the store is closed");
        }
        Connection connection = source.getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        return connection;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            signals.close();
        } finally {
            turn.unlock();
        }
    }
}
