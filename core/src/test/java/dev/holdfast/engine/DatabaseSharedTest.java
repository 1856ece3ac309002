package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.schema.Schema;
import java.lang.reflect.Array;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rooms make once per store. */
class DatabaseSharedTest {
    private static final int NAME_CHARS_MAX = 100;

    private Database database;

    @BeforeEach
    void openDatabase() {
        Engine engine = SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system());
        new Schema(Tables.defaults(), Database.migrations()).migrate(engine);
        database = new Database(engine, Tables.defaults(), TimeSource.system());
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void whatRoomsShareMayBeMadeOfWhatOtherRoomsShare() {
        Object[] made = sharedOf(Object[].class);

        assertThat(made).isEmpty();
        assertThat(sharedOf(Object[].class)).isSameAs(made);
    }

    /** Arrays of one dimension more each time: enough of them to meet in any table of hashes. */
    private <T> T sharedOf(Class<T> type) {
        return database.shared(type, any -> type.cast(made(type)));
    }

    private Object made(Class<?> type) {
        if (type.getName().length() < NAME_CHARS_MAX) {
            sharedOf(type.arrayType());
        }
        return Array.newInstance(type.componentType(), 0);
    }
}
