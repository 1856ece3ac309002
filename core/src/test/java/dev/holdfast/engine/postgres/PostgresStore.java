package dev.holdfast.engine.postgres;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.schema.Schema;

/** What one process has open: an engine and the tables on it. */
final class PostgresStore implements AutoCloseable {
    final PostgresEngine engine;
    final Database database;
    final Session session;

    /** Opens a database with the default options. */
    PostgresStore(String url) {
        this(url, PostgresOptions.defaults());
    }

    PostgresStore(String url, PostgresOptions options) {
        this(PostgresEngine.open(url, options, TimeSource.system()), Tables.defaults());
    }

    PostgresStore(PostgresEngine engine, Tables tables) {
        this.engine = engine;
        new Schema(tables, Database.migrations()).migrate(engine);
        this.database = new Database(engine, tables, TimeSource.system());
        this.session = database.session("default");
    }

    /** Runs a statement in a unit of its own. */
    int exec(String sql, Object... args) {
        return session.write(UnitKind.OPERATION, tx -> tx.exec(sql, args));
    }

    /** The number that a query finds. */
    long number(String sql, Object... args) {
        return session.readOne(tx -> tx.first(sql, row -> row.getLong(1), args).orElseThrow());
    }

    @Override
    public void close() {
        database.close();
    }
}
