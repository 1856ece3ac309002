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
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
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
            "unwrap",
            "setNetworkTimeout");

    private static final Set<String> CONTROL = Set.of("begin", "commit", "end", "start", "abort", "rollback");

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
            @Nullable Object result = method.invoke(target, args);
            return result == null ? null : wrap(result, target instanceof Connection ? (Connection) proxy : self);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
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

    private Object wrap(Object result, @Nullable Connection connection) {
        for (Class<?> type : WRAPPED) {
            if (type.isInstance(result)) {
                return proxy(type, new GuardedJdbc(result, guard, connection));
            }
        }
        return result;
    }

    private void refuseControl(String name, @Nullable Object @Nullable [] args) {
        @Nullable Object first = args != null && args.length > 0 ? args[0] : null;
        boolean whole =
                target instanceof Connection && (REFUSED.contains(name) || (name.equals("rollback") && first == null));
        if (whole || (first instanceof String text && isControl(text))) {
            throw new InvalidInputException(
                    "engine.transaction_control",
                    "the transaction is ended by Holdfast; throw an exception to roll it back (call=" + name + ")");
        }
    }

    /** Whether a statement would begin or end the transaction; {@code rollback to} a savepoint would not. */
    private static boolean isControl(String text) {
        String[] words = text.stripLeading().toLowerCase(Locale.ROOT).split("[\\s;]+", 4);
        if (words.length == 0 || !CONTROL.contains(words[0])) {
            return false;
        }
        boolean toSavepoint = words[0].equals("rollback")
                && words.length > 1
                && (words[1].equals("to") || (words.length > 2 && words[2].equals("to")));
        return !toSavepoint;
    }
}
