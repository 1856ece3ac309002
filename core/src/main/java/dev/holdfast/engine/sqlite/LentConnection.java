package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.GuardedJdbc;
import dev.holdfast.engine.UnitGuard;
import java.sql.Connection;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connection of one unit as its user gets it. Its guard is made when it is asked for, which few units do. */
final class LentConnection implements Supplier<Connection> {
    private final Connection connection;
    private final BooleanSupplier lost;
    private @Nullable UnitGuard guard;
    private boolean over;

    /**
     * A connection to lend.
     *
     * @param lost whether the database has rolled the unit's transaction back by itself
     */
    LentConnection(Connection connection, BooleanSupplier lost) {
        this.connection = connection;
        this.lost = lost;
    }

    @Override
    public Connection get() {
        if (guard == null) {
            guard = new UnitGuard(lost);
            if (over) {
                guard.end(false, () -> {});
            }
        }
        return GuardedJdbc.connection(connection, guard);
    }

    /** Takes it back: closes what its user left open, then does the last act of the unit. */
    void end(Runnable last) {
        over = true;
        if (guard == null) {
            last.run();
        } else {
            guard.end(false, last);
        }
    }
}
