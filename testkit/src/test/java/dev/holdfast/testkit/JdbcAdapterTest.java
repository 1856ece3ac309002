package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcAdapter;
import dev.holdfast.engine.SqlAdapter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JdbcAdapterTest {
    @Nested
    class OnSqlite extends AdapterContract {
        @Override
        protected SqlAdapter open() {
            return JdbcAdapter.over(connect("jdbc:sqlite::memory:"));
        }
    }

    @Nested
    class OnPostgres extends AdapterContract {
        private final String url = PostgresServer.shared().freshDatabase();

        @Override
        protected SqlAdapter open() {
            return JdbcAdapter.over(connect(url));
        }

        @AfterEach
        void drop() {
            PostgresServer.shared().drop(url);
        }
    }

    @Test
    void refusesAConnectionThatIsInATransaction() throws SQLException {
        try (Connection connection = connect("jdbc:sqlite::memory:")) {
            connection.setAutoCommit(false);

            assertThatThrownBy(() -> JdbcAdapter.over(connection))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("engine.adapter_transaction");
        }
    }

    @Test
    void aFunctionCannotEndItsTransactionByAStatement() {
        try (JdbcAdapter adapter = JdbcAdapter.over(connect("jdbc:sqlite::memory:"))) {
            assertThatThrownBy(() -> adapter.transaction(tx -> tx.exec("commit")))
                    .hasMessageContaining("engine.transaction_control");
        }
    }

    private static Connection connect(String url) {
        try {
            return DriverManager.getConnection(url);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
