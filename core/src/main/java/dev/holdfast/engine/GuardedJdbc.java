package dev.holdfast.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a transaction as the user sees it: everything of JDBC but the calls that would end or change the
 * transaction, each of them inside the transaction's guard.
 */
public final class GuardedJdbc implements InvocationHandler {
    /** From the most special to the least, so that a prepared statement is not wrapped as a plain one. */
    private static final List<Class<?>> WRAPPED = List.of(
            CallableStatement.class, PreparedStatement.class, Statement.class, ResultSet.class, DatabaseMetaData.class);

    private static final Set<String> REFUSED = Set.of(
            "commit",
            "setAutoCommit",
            "setTransactionIsolation",
            "setReadOnly",
            "setHoldability",
            "abort",
            "setNetworkTimeout");
    /** The methods whose first argument is SQL. */
    private static final Set<String> TAKING_SQL = Set.of(
            "prepareStatement",
            "prepareCall",
            "execute",
            "executeQuery",
            "executeUpdate",
            "executeLargeUpdate",
            "addBatch");

    private final Object target;
    private final UnitGuard guard;
    private final @Nullable Connection self;

    private GuardedJdbc(Object target, UnitGuard guard, @Nullable Connection self) {
        this.target = target;
        this.guard = guard;
        this.self = self;
    }

    /** The guarded form of a connection; it works until the guard is ended. */
    public static Connection connection(Connection connection, UnitGuard guard) {
        return (Connection) proxy(Connection.class, new GuardedJdbc(connection, guard, null));
    }

    /** Whether a connection is the guarded form of one, so that it belongs to an open transaction of a store. */
    static boolean isGuarded(Connection connection) {
        return Proxy.isProxyClass(connection.getClass())
                && Proxy.getInvocationHandler(connection) instanceof GuardedJdbc;
    }

    private static Object proxy(Class<?> type, GuardedJdbc handler) {
        return Proxy.newProxyInstance(GuardedJdbc.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) {
            return objectMethod(proxy, name, args);
        }
        if (target instanceof Connection && name.equals("close")) {
            return null; // closing twice is legal in JDBC; the transaction closes its connection
        }
        if (name.equals("getConnection")) {
            return self;
        }
        refuseControl(name, args);
        guard.enter();
        try {
            if (target instanceof Statement statement) {
                guard.running(statement);
            } else if (target instanceof ResultSet rows && name.equals("next")) {
                guard.running(rows.getStatement());
            }
            @Nullable Object result = method.invoke(target, args);
            return result == null ? null : handOut(result, target instanceof Connection ? (Connection) proxy : self);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException failure) {
                guard.failed(failure);
            }
            throw e.getCause();
        } finally {
            if (name.equals("close") && target instanceof AutoCloseable closed) {
                guard.closed(closed);
            }
            guard.leave();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
    private @Nullable Object objectMethod(Object proxy, String name, @Nullable Object @Nullable [] args) {
        return switch (name) {
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "guarded " + target;
        };
    }

    private Object handOut(Object result, @Nullable Connection connection) {
        for (Class<?> type : WRAPPED) {
            if (type.isInstance(result)) {
                // Rows close with their statement; those of the meta data have none that the user could close.
                if (result instanceof Statement || target instanceof DatabaseMetaData) {
                    guard.opened((AutoCloseable) result);
                }
                return proxy(type, new GuardedJdbc(result, guard, connection));
            }
        }
        return result;
    }

    private void refuseControl(String name, @Nullable Object @Nullable [] args) {
        @Nullable Object first = args != null && args.length > 0 ? args[0] : null;
        boolean whole =
                target instanceof Connection && (REFUSED.contains(name) || (name.equals("rollback") && first == null));
        if (whole || name.equals("unwrap")) {
            throw TransactionControl.refused(name);
        }
        if (first instanceof String text && TAKING_SQL.contains(name)) {
            TransactionControl.refuse(name, text);
        }
    }
}
