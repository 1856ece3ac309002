package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcUnit;
import dev.holdfast.engine.LocalSignals;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Work;
import java.sql.Connection;
import java.sql.SQLException;

/** The simplest engine somebody could write: a connection for each unit, no retry, whatever isolation that has. */
final class StrangersEngine implements Engine {
    private final Dialect dialect;
    private final Connections connections;
    private final Signals signals = new LocalSignals();

    StrangersEngine(Dialect dialect, Connections connections) {
        this.dialect = dialect;
        this.connections = connections;
    }

    @Override
    public <R> R read(Work<R> work) {
        return write(work);
    }

    @Override
    public <R> R write(Work<R> work) {
        try (Connection connection = connections.open()) {
            return JdbcUnit.run(connection, work);
        } catch (SQLException e) {
            throw new EngineException("test.connection", String.valueOf(e.getMessage()), e);
        }
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
        signals.close();
    }

    /** Where connections come from. */
    @FunctionalInterface
    interface Connections {
        Connection open() throws SQLException;
    }
}
