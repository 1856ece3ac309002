package dev.holdfast.record;

import dev.holdfast.engine.DataSourceAdapter;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.JdbcAdapter;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.SqlAdapter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The record stores of a namespace; and, by its static methods, stores over connections of the application, which have
 * no namespaces and no change log.
 *
 * <p>A store {@code N} of the namespace {@code default} has the tables {@code N_doc_meta}, {@code N_records} and
 * {@code N_store_meta}, so {@code kyneta} is the store that Kyneta's own stores make. The tables of other namespaces
 * begin with their number: {@code n7_N_doc_meta}.
 */
public interface RecordStores {
    /** The stores of a session's namespace. */
    static RecordStores in(Session session) {
        return new SessionStores(Objects.requireNonNull(session, "session"));
    }

    /**
     * A store in a database of the application. Each call and each transaction borrows a connection and gives it back
     * as it was; its settings are not touched.
     *
     * @param source to SQLite or PostgreSQL; stays the caller's
     */
    static RecordStoreBuilder jdbc(DataSource source) {
        return new RecordStoreBuilder(DataSourceAdapter.over(source));
    }

    /**
     * A store on one connection of the application, one call at a time. With auto-commit on each operation is a
     * transaction of its own. With auto-commit off each is a savepoint in the transaction of the application and
     * committed with it: one that is refused or fails leaves that transaction usable, and one in conflict with others
     * is a {@link dev.holdfast.engine.ConflictException}, after which the application runs its transaction again.
     *
     * @param connection to SQLite or PostgreSQL; stays the caller's, and must not be used by others during a call
     */
    static RecordStoreBuilder jdbc(Connection connection) {
        return new RecordStoreBuilder(JdbcAdapter.borrow(connection));
    }

    /**
     * A store over four methods that somebody brings, one call at a time.
     *
     * @param adapter stays the caller's
     * @param dialect what it speaks
     */
    static RecordStoreBuilder over(SqlAdapter adapter, Dialect dialect) {
        return new RecordStoreBuilder(
                Objects.requireNonNull(adapter, "adapter"), Objects.requireNonNull(dialect, "dialect"), false);
    }

    /** An empty store in memory, gone when it is closed. */
    static RecordStore memory() {
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
            return new RecordStoreBuilder(JdbcAdapter.over(connection), Dialect.SQLITE, true).open();
        } catch (SQLException e) {
            throw new EngineException("record.memory", "a database in memory cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The names of the stores, in order. */
    List<String> list();

    /**
     * A store, made when it is missing; see {@link RecordStore#in}.
     *
     * @throws RecordStoreException as there
     */
    RecordStore open(String name);

    /**
     * Makes a store unless it is there.
     *
     * @return whether it was missing
     * @throws RecordStoreException as {@link RecordStore#in}
     */
    boolean create(String name);

    /** A store, if there is one. */
    Optional<RecordStore> find(String name);

    /**
     * Removes a store with its tables. Who has it open is refused when they read; what they write makes it anew.
     *
     * @return whether there was one
     */
    boolean drop(String name);
}
