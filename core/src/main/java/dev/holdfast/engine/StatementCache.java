package dev.holdfast.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * The prepared statements of one connection. Those used lately stay prepared; one whose run failed is thrown away,
 * since a driver may leave it unusable (SQLite's does after a full disk or a cancellation). One thread at a time.
 */
final class StatementCache {
    /** Texts kept at most: some hundred are the library's own, the rest depends on what users ask for. */
    static final int KEPT_MAX = 512;

    private final Connection connection;
    private final boolean keep;
    /** The one used longest ago first. */
    private final LinkedHashMap<String, Prepared> kept = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A cache over a connection.
     *
     * @param keep whether to keep anything at all
     */
    StatementCache(Connection connection, boolean keep) {
        this.connection = connection;
        this.keep = keep;
    }

    /** A statement for one run; it goes back with {@link #release}. */
    Prepared acquire(String sql) throws SQLException {
        Prepared statement = keep ? kept.get(sql) : null;
        if (statement != null && !statement.busy) {
            statement.busy = true;
            statement.sound = false;
            return statement;
        }
        // When it is busy, a cursor over the same text is open: this one serves a single run.
        Prepared fresh = new Prepared(sql, connection.prepareStatement(sql), keep && statement == null);
        if (fresh.kept) {
            kept.put(sql, fresh);
            makeRoom();
        }
        return fresh;
    }

    void release(Prepared statement) throws SQLException {
        statement.busy = false;
        if (statement.kept && statement.sound) {
            return;
        }
        if (statement.kept) {
            kept.remove(statement.sql);
        }
        statement.jdbc.close();
    }

    /** How many are kept. */
    int size() {
        return kept.size();
    }

    private void makeRoom() throws SQLException {
        Iterator<Prepared> oldest = kept.values().iterator();
        while (kept.size() > KEPT_MAX && oldest.hasNext()) {
            Prepared statement = oldest.next();
            if (!statement.busy) {
                oldest.remove();
                statement.jdbc.close();
            }
        }
    }

    /** A statement in use. */
    static final class Prepared {
        final PreparedStatement jdbc;
        private final String sql;
        private final boolean kept;
        private boolean busy = true;
        private boolean sound;

        private Prepared(String sql, PreparedStatement jdbc, boolean kept) {
            this.sql = sql;
            this.jdbc = jdbc;
            this.kept = kept;
        }

        /** Notes whether its last step worked; until then it counts as failed. */
        void sound(boolean worked) {
            sound = worked;
        }
    }
}
