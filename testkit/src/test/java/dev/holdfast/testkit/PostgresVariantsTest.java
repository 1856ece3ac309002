package dev.holdfast.testkit;

import dev.holdfast.engine.postgres.PostgresOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** The ways to open PostgreSQL other than by its URL with all defaults. */
class PostgresVariantsTest {
    @RegisterExtension
    static final Stores POLLING = new PostgresStores(PostgresOptions.defaults().withNotifications(false), List.of());

    @RegisterExtension
    static final Stores PLAIN = new PostgresStores(url -> source(url, true, Connection.TRANSACTION_READ_COMMITTED));

    @RegisterExtension
    static final Stores STRANGE = new PostgresStores(url -> source(url, false, Connection.TRANSACTION_SERIALIZABLE));

    @Nested
    class ChangesWithoutNotifications extends ChangeFeedContract {
        @Override
        protected Stores stores() {
            return POLLING;
        }
    }

    @Nested
    class SharingWithoutNotifications extends SharedStoreContract {
        @Override
        protected Stores stores() {
            return POLLING;
        }
    }

    @Nested
    class UnitsOverADataSource extends EngineContract {
        @Override
        protected Stores stores() {
            return PLAIN;
        }
    }

    @Nested
    class TransactionsOverADataSource extends TransactionContract {
        @Override
        protected Stores stores() {
            return PLAIN;
        }
    }

    @Nested
    class SharingOverADataSource extends SharedStoreContract {
        @Override
        protected Stores stores() {
            return PLAIN;
        }
    }

    @Nested
    class UnitsOverConnectionsInAStrangeState extends EngineContract {
        @Override
        protected Stores stores() {
            return STRANGE;
        }
    }

    @Nested
    class TransactionsOverConnectionsInAStrangeState extends TransactionContract {
        @Override
        protected Stores stores() {
            return STRANGE;
        }
    }

    /** A source that hands its connections out in a state that is allowed. */
    private static DataSource source(String url, boolean autoCommit, int isolation) {
        PGSimpleDataSource source = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setTransactionIsolation(isolation);
                connection.setAutoCommit(autoCommit);
                return connection;
            }
        };
        source.setUrl(url);
        return source;
    }
}
