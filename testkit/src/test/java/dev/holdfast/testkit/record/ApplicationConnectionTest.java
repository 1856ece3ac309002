package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Dialect;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException;
import dev.holdfast.record.RecordStores;
import dev.holdfast.record.SchemaMode;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.TableNames;
import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a connection of the application: its records are committed with the rows of the application. */
class ApplicationConnectionTest {
    private static final String DOC = "doc-1";
    private static final AtomicInteger FILES = new AtomicInteger();

    @TempDir
    static Path folder;

    @Nested
    class OnSqlite extends Cases {
        @Override
        DataSource source() {
            return RecordPlaces.sqlite(folder.resolve("application" + FILES.incrementAndGet() + ".db"));
        }
    }

    @Nested
    class OnPostgres extends Cases {
        private final String url = PostgresServer.shared().freshDatabase();

        @Override
        DataSource source() {
            return RecordPlaces.postgres(url);
        }

        @AfterEach
        void drop() {
            PostgresServer.shared().drop(url);
        }
    }

    abstract static class Cases {
        private DataSource source;
        private Connection connection;
        private RecordStore store;

        abstract DataSource source();

        @BeforeEach
        void open() throws SQLException {
            source = source();
            connection = source.getConnection();
            execute("create table own (a integer)");
            store = RecordStores.jdbc(connection).open();
        }

        @AfterEach
        void close() throws SQLException {
            store.close();
            assertThat(connection.isClosed()).isFalse();
            connection.close();
        }

        @Test
        void recordsAreCommittedWithTheRowsOfTheApplication() throws SQLException {
            connection.setAutoCommit(false);
            execute("insert into own values (1)");
            store.appendAll(DOC, List.of(RecordSuite.record(RecordSuite.META), RecordSuite.since("1")));
            assertThat(RecordSuite.load(store, DOC)).hasSize(2);
            List<StoreRecord> before = elsewhere();

            connection.commit();

            assertThat(before).isEmpty();
            assertThat(elsewhere()).hasSize(2);
            assertThat(connection.getAutoCommit()).isFalse();
        }

        @Test
        void recordsAreRolledBackWithTheRowsOfTheApplication() throws SQLException {
            store.append(DOC, RecordSuite.record(RecordSuite.META));
            connection.setAutoCommit(false);
            execute("insert into own values (1)");
            store.replace(DOC, List.of(RecordSuite.record(RecordSuite.meta("other"))));
            store.append("doc-2", RecordSuite.record(RecordSuite.META));

            connection.rollback();

            assertThat(RecordSuite.load(store, DOC)).containsExactly(RecordSuite.record(RecordSuite.META));
            assertThat(store.currentMeta("doc-2")).isEmpty();
            assertThat(count("own")).isZero();
        }

        @Test
        void whatIsRefusedLeavesTheTransactionUsable() throws SQLException {
            connection.setAutoCommit(false);
            execute("insert into own values (1)");

            assertThatThrownBy(() -> store.append(DOC, RecordSuite.since("1")))
                    .isInstanceOf(RecordStoreException.class);
            execute("insert into kyneta_records (doc_id, seq, kind, payload) values ('bad', 0, 'meta', '{}')");
            try (RecordCursor<StoreRecord> bad = store.loadAll("bad")) {
                assertThatThrownBy(bad::next).hasMessageContaining("corrupt-record");
            }
            store.append(DOC, RecordSuite.record(RecordSuite.META));
            execute("insert into own values (2)");
            connection.commit();

            assertThat(elsewhere()).hasSize(1);
            assertThat(count("own")).isEqualTo(2);
        }

        @Test
        void aCursorGoesOnOverACommitOfTheApplication() throws SQLException {
            store.appendAll(DOC, List.of(RecordSuite.record(RecordSuite.META), RecordSuite.since("1")));
            connection.setAutoCommit(false);
            try (RecordCursor<StoreRecord> records = store.loadAll(DOC)) {
                assertThat(records.next()).isEqualTo(RecordSuite.record(RecordSuite.META));

                store.delete(DOC);
                connection.commit();

                assertThat(records.next()).isEqualTo(RecordSuite.since("1"));
                assertThat(records.hasNext()).isFalse();
            }
        }

        @Test
        void theConnectionKeepsItsState() throws SQLException {
            int isolation = connection.getTransactionIsolation();

            store.append(DOC, RecordSuite.record(RecordSuite.META));
            RecordSuite.load(store, DOC);

            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
            assertThat(connection.isReadOnly()).isFalse();
        }

        @Test
        void validatingMakesNoTables() throws SQLException {
            TableNames tables = TableNames.of("app_docs", "app_log", "app_facts");

            assertThatThrownBy(() -> RecordStores.jdbc(connection)
                            .tables(tables)
                            .schema(SchemaMode.VALIDATE)
                            .open())
                    .hasMessageContaining("schema-mismatch")
                    .hasMessageContaining("app_docs");
            for (String statement : tables.ddl(Dialect.of(connection))) {
                execute(statement);
            }
            try (RecordStore opened = RecordStores.jdbc(connection)
                    .tables(tables)
                    .schema(SchemaMode.VALIDATE)
                    .open()) {
                opened.append(DOC, RecordSuite.record(RecordSuite.META));
            }

            assertThat(count("app_log")).isEqualTo(1);
        }

        private List<StoreRecord> elsewhere() {
            try (RecordStore other = RecordStores.jdbc(source).open()) {
                return RecordSuite.load(other, DOC);
            }
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        private int count(String table) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
