package dev.holdfast.server.records;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.record.RecordStore;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.testkit.FaultyEngine;
import dev.holdfast.testkit.record.RecordPlace;
import dev.holdfast.testkit.record.RecordStoreContract;
import java.net.http.HttpClient;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;

/** The contract of all stores over HTTP, in both formats. */
class HttpRecordTest {
    @Nested
    class ByLines extends RecordStoreContract {
        @Override
        protected RecordPlace make() {
            return new Served(new LineBatch());
        }
    }

    @Nested
    class ByFrames extends RecordStoreContract {
        @Override
        protected RecordPlace make() {
            return new Served(new FrameBatch());
        }
    }

    /** A server over a store in memory. */
    private static final class Served implements RecordPlace {
        private final FaultyEngine engine =
                new FaultyEngine(SqliteEngine.inMemory(SqliteOptions.defaults(), TimeSource.system()));
        private final Holdfast holdfast = Holdfast.over(engine, HoldfastOptions.defaults());
        private final HoldfastServer server =
                HoldfastServer.start(holdfast, HttpServerOptions.defaults().withPort(0), Authenticator.none());
        private final HttpClient client = HttpClient.newHttpClient();
        private final BatchFormat format;

        Served(BatchFormat format) {
            this.format = format;
        }

        @Override
        public RecordStore open(String name) {
            return new HttpRecordStore(client, server.baseUrl() + RecordsMount.BASE + "/" + name, format);
        }

        @Override
        public Broken openBroken(String name) {
            return new Broken(open(name), engine);
        }

        @Override
        public <R> R sql(Function<Sql, R> work) {
            return holdfast.database().session("default").write(UnitKind.OPERATION, work::apply);
        }

        @Override
        public Dialect dialect() {
            return Dialect.SQLITE;
        }

        @Override
        public void close() {
            server.close();
            holdfast.close();
            client.close();
        }
    }
}
