package dev.holdfast.testkit.record;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.engine.DataSourceAdapter;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.JdbcAdapter;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStores;
import dev.holdfast.testkit.FaultyAdapter;
import dev.holdfast.testkit.FaultyEngine;
import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Where record stores can live: our engines, and connections of an application. */
final class RecordPlaces {
    private static final int POOL = 8;

    private RecordPlaces() {}

    /** The connections of a SQLite file in WAL mode. */
    static DataSource sqlite(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // Hundreds of commits, and no power fails meanwhile.
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    static DataSource postgres(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private static Path file(Path folder) {
        try {
            return Files.createTempDirectory(folder, "record").resolve("store.db");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A place in a store of ours, over an engine that fails on request: two databases over one would not agree. */
    static final class OnEngine implements RecordPlace {
        private final FaultyEngine engine;
        private final Session session;

        OnEngine(Store store) {
            this.engine = new FaultyEngine(store.engine());
            this.session = new Database(engine, store.database().tables(), store.time()).session(Namespaces.DEFAULT);
        }

        @Override
        public RecordStore open(String name) {
            return RecordStore.in(session, name);
        }

        @Override
        public Broken openBroken(String name) {
            return new Broken(open(name), engine);
        }

        @Override
        public <R> R sql(Function<Sql, R> work) {
            return session.write(UnitKind.OPERATION, work::apply);
        }

        @Override
        public Dialect dialect() {
            return engine.dialect();
        }

        /** The stores of the test are closed by who made them. */
        @Override
        public void close() {}
    }

    /** A place over connections that a source lends. */
    static final class OnSource implements RecordPlace {
        private final HikariDataSource source;
        private final Dialect dialect;
        private final Runnable end;

        OnSource(DataSource connections, Dialect dialect, Runnable end) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(connections);
            config.setMaximumPoolSize(POOL);
            config.setMinimumIdle(0);
            this.source = new HikariDataSource(config);
            this.dialect = dialect;
            this.end = end;
        }

        /** A file in a folder of its own. */
        static OnSource sqlite(Path folder) {
            return new OnSource(RecordPlaces.sqlite(file(folder)), Dialect.SQLITE, () -> {});
        }

        /** A database of its own. */
        static OnSource postgres() {
            String url = PostgresServer.shared().freshDatabase();
            return new OnSource(
                    RecordPlaces.postgres(url),
                    Dialect.POSTGRES,
                    () -> PostgresServer.shared().drop(url));
        }

        @Override
        public RecordStore open(String name) {
            return RecordStores.jdbc(source).storeName(name).open();
        }

        @Override
        public Broken openBroken(String name) {
            FaultyAdapter faulty = new FaultyAdapter(DataSourceAdapter.over(source));
            return new Broken(RecordStores.over(faulty, dialect).storeName(name).open(), faulty);
        }

        @Override
        public <R> R sql(Function<Sql, R> work) {
            return DataSourceAdapter.over(source).transaction(work);
        }

        @Override
        public Dialect dialect() {
            return dialect;
        }

        @Override
        public void close() {
            source.close();
            end.run();
        }
    }

    /** A place on one connection of an application. */
    static final class OnConnection implements RecordPlace {
        private final Connection connection;
        private final Dialect dialect;
        private final Runnable end;

        OnConnection(DataSource source, Dialect dialect, Runnable end) {
            this.dialect = dialect;
            this.end = end;
            try {
                this.connection = source.getConnection();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A database of its own. */
        static OnConnection postgres() {
            String url = PostgresServer.shared().freshDatabase();
            return new OnConnection(
                    RecordPlaces.postgres(url),
                    Dialect.POSTGRES,
                    () -> PostgresServer.shared().drop(url));
        }

        /** A database in memory. */
        static OnConnection inMemory() {
            SQLiteDataSource source = new SQLiteDataSource();
            source.setUrl("jdbc:sqlite::memory:");
            return new OnConnection(source, Dialect.SQLITE, () -> {});
        }

        static OnConnection sqlite(Path folder) {
            return new OnConnection(RecordPlaces.sqlite(file(folder)), Dialect.SQLITE, () -> {});
        }

        @Override
        public RecordStore open(String name) {
            return RecordStores.jdbc(connection).storeName(name).open();
        }

        @Override
        public Broken openBroken(String name) {
            FaultyAdapter faulty = new FaultyAdapter(JdbcAdapter.borrow(connection));
            return new Broken(RecordStores.over(faulty, dialect).storeName(name).open(), faulty);
        }

        @Override
        public <R> R sql(Function<Sql, R> work) {
            return JdbcAdapter.borrow(connection).transaction(work);
        }

        @Override
        public Dialect dialect() {
            return dialect;
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            end.run();
        }
    }
}
