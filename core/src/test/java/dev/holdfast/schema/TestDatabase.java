package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/** An empty database for one test, any number of engines onto it, and a connection past all of them. */
abstract class TestDatabase implements AutoCloseable {
    private final ConcurrentLinkedDeque<Engine> engines = new ConcurrentLinkedDeque<>();

    /** The SQL it speaks. */
    abstract Dialect dialect();

    /** A plain connection with auto-commit on. */
    abstract Connection connect() throws SQLException;

    abstract Engine newEngine();

    /** Another engine, as another program would have it; closed with the database. */
    Engine open() {
        Engine engine = newEngine();
        engines.add(engine);
        return engine;
    }

    /** Runs statements one by one, each committed. */
    void run(String... statements) {
        try (Connection connection = connect();
                var jdbc = connection.createStatement()) {
            for (String statement : statements) {
                jdbc.execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, their columns joined by spaces. */
    List<String> rows(String query) {
        try (Connection connection = connect();
                var jdbc = connection.createStatement();
                var rows = jdbc.executeQuery(query)) {
            List<String> result = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(rows.getString(i));
                }
                result.add(String.join(" ", row));
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of all tables with the prefix of the samples, sorted. */
    List<String> tables() {
        return open().read(unit -> List.copyOf(
                Catalog.read(unit, dialect(), Tables.defaults()).tables().keySet()));
    }

    @Override
    public void close() {
        engines.forEach(Engine::close);
    }
}
