package dev.holdfast.collection;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.schema.Schema;
import dev.holdfast.search.SearchRoom;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** An open store with the tables that collections need. */
final class TestStore implements AutoCloseable {
    private final Database database;

    TestStore(Engine engine) {
        List<Migration> migrations = Stream.of(
                        Database.migrations(), SearchRoom.migrations(), CollectionRoom.migrations())
                .flatMap(List::stream)
                .toList();
        Tables tables = Tables.defaults();
        new Schema(tables, migrations).migrate(engine);
        this.database = new Database(engine, tables, TimeSource.system());
    }

    static TestStore inMemory() {
        return new TestStore(SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system()));
    }

    /** The files of tests need no fsync. */
    static TestStore onFile(Path file) {
        SqliteOptions options = SqliteOptions.defaults().withDurability(SqliteOptions.Durability.NORMAL);
        return new TestStore(SqliteEngine.open(file, options, TimeSource.system()));
    }

    Database database() {
        return database;
    }

    Session session() {
        return database.session("default");
    }

    CollectionRoom room() {
        return CollectionRoom.of(database);
    }

    Collection collection(String name) {
        return Collection.in(session(), name);
    }

    <R> R transaction(Function<Tx, R> work) {
        return session().write(UnitKind.USER, work);
    }

    /** How many rows a table has, in all namespaces. */
    long rows(String table) {
        String text = database.tables().sql("select count(*) from {p}" + table);
        return session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }

    @Override
    public void close() {
        database.close();
    }
}
