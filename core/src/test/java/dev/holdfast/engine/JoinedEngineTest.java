package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedEngineTest {
    @Nested
    class OnSqlite extends JoinedContract {
        @TempDir
        Path folder;

        @Override
        protected Engine open() {
            return SqliteEngine.open(folder.resolve("a.db"), SqliteOptions.defaults(), TimeSource.system());
        }

        @Override
        protected Connection connect() throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
        }
    }

    @Test
    void refusesADatabaseThatItDoesNotKnow() {
        DatabaseMetaData server = stub(DatabaseMetaData.class, "getDatabaseProductName", "Sybase");
        Connection connection = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> method.getName().equals("getAutoCommit") ? (Object) false : server);

        assertThatThrownBy(() -> JoinedEngine.over(connection))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.code())
                                .isEqualTo("engine.joined_product"))
                .hasMessageContaining("Sybase");
    }

    private static <T> T stub(Class<T> type, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, args) -> called.getName().equals(method) ? answer : null));
    }
}
