package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.sqlite.SqliteEngine;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.sqlite.SQLiteConnection;

/** What a test does to SQLite from outside; it knows the write connection of each engine. */
abstract class SqliteTestDatabase implements TestDatabase {
    /** SQLite's own limit, which is what a connection starts with. */
    private static final long PAGES_MAX = 4_294_967_294L;

    /** Room for some rows of the test and for what the store writes itself, at 4 KiB a page. */
    private static final int SPARE_PAGES = 32;

    private final Map<Engine, SQLiteConnection> writers = new ConcurrentHashMap<>();

    /** Keeps the write connection at hand, since it cannot be asked for while somebody writes. */
    final Engine remember(SqliteEngine engine) {
        writers.put(engine, engine.maintenance(sql -> (SQLiteConnection) sql.connection()));
        return engine;
    }

    @Override
    public void cancelStatement(Engine engine) {
        try {
            Objects.requireNonNull(writers.get(engine), "engine").getDatabase().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Release fillDisk(Engine engine) {
        SqliteEngine sqlite = (SqliteEngine) engine;
        sqlite.maintenance(sql -> limit(sql, ask(sql, "pragma page_count") + SPARE_PAGES));
        return () -> sqlite.maintenance(sql -> limit(sql, PAGES_MAX));
    }

    private static long limit(JdbcSql sql, long pages) {
        return ask(sql, "pragma max_page_count = " + pages);
    }

    private static long ask(JdbcSql sql, String pragma) {
        return sql.first(pragma, row -> row.getLong(1)).orElseThrow();
    }
}
