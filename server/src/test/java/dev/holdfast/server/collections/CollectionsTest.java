package dev.holdfast.server.collections;

import dev.holdfast.Holdfast;
import dev.holdfast.testkit.PostgresServer;
import org.junit.jupiter.api.Nested;

class CollectionsTest {
    @Nested
    class InMemory extends CollectionsContract {
        @Override
        String database() {
            return Holdfast.MEMORY;
        }

        @Override
        void delete() {}
    }

    @Nested
    class OnPostgres extends CollectionsContract {
        private String url = "";

        @Override
        String database() {
            url = PostgresServer.shared().freshDatabase();
            return url;
        }

        @Override
        void delete() {
            PostgresServer.shared().drop(url);
        }
    }
}
