package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
    @Test
    void everyDatabaseIsFreshAndGoesWhenItIsDropped() throws SQLException {
        PostgresServer server = PostgresServer.shared();
        String one = server.freshDatabase();
        String two = server.freshDatabase();
        run(one, "create table t (a integer)");

        run(two, "create table t (a integer)");
        server.drop(two);

        assertThat(one).isNotEqualTo(two);
        assertThatThrownBy(() -> run(two, "select 1")).isInstanceOf(SQLException.class);
        server.drop(one);
    }

    @Test
    void aKilledServerComesBackWithWhatItAcknowledged() throws SQLException {
        try (PostgresServer server = PostgresServer.durable()) {
            String url = server.freshDatabase();
            run(url, "create table t (a integer)");
            run(url, "insert into t values (42)");
            long before = server.pid();

            server.kill();
            assertThatThrownBy(() -> run(url, "select 1")).isInstanceOf(SQLException.class);
            server.restart();

            assertThat(ask(url, "select a from t")).isEqualTo("42");
            assertThat(server.pid()).isNotEqualTo(before);
            assertThat(ask(url, "show fsync")).isEqualTo("on");
            assertThat(ask(url, "show synchronous_commit")).isEqualTo("on");
        }
    }

    @Test
    void theSharedServerDoesNotWaitForTheDisk() throws SQLException {
        String url = PostgresServer.shared().freshDatabase();

        assertThat(ask(url, "show fsync")).isEqualTo("off");

        PostgresServer.shared().drop(url);
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
