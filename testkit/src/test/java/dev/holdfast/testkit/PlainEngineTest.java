package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.sqlite.SQLiteDataSource;

/** The engine that the guide writes keeps what the guide says it keeps. */
class PlainEngineTest {
    private static final String START = "/** Units one after the other";

    @RegisterExtension
    static final Stores STORES = new PlainStores();

    @Nested
    class Namespaces extends NamespaceContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Transactions extends TransactionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Entries extends KvContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Atomic extends KvAtomicContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Test
    void theGuideShowsThisEngineToTheLetter() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/holdfast/testkit/PlainEngine.java"));
        String guide = Files.readString(Path.of("../docs/guide/engines.md"));

        assertThat(guide).contains(source.substring(source.indexOf(START)));
        assertThat(source.lines().filter(line -> line.startsWith("import ")))
                .allSatisfy(line -> assertThat(guide).contains(line));
    }

    /** SQLite files under the engine of the guide. */
    private static final class PlainStores extends Stores {
        PlainStores() {
            super(RoomCrashContract.rooms());
        }

        @Override
        protected TestDatabase create() {
            return new PlainFile(TestFolder.make());
        }
    }

    /** A folder with one file. */
    private record PlainFile(TestFolder folder) implements TestDatabase {
        @Override
        public Engine open(TimeSource time) {
            return new PlainEngine(source(), Dialect.SQLITE);
        }

        @Override
        public Connection connect() throws SQLException {
            return source().getConnection();
        }

        @Override
        public void cancelStatement(Engine engine) {
            throw new UnsupportedOperationException("the engine of the guide cancels nothing");
        }

        @Override
        public Release fillDisk(Engine engine) {
            throw new UnsupportedOperationException("the engine of the guide is not tested on a full disk");
        }

        @Override
        public void close() {
            folder.close();
        }

        private SQLiteDataSource source() {
            SQLiteDataSource source = new SQLiteDataSource();
            source.setSynchronous("OFF");
            source.setUrl("jdbc:sqlite:" + folder.path().resolve("store.db"));
            return source;
        }
    }
}
