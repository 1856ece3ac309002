package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import org.junit.jupiter.api.Test;

class JoinedEngineTest {
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
