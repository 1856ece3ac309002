package dev.holdfast.testkit;

import dev.holdfast.engine.sqlite.SqliteOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemorySimpleKvTest {
    @RegisterExtension
    static final Stores STORES = new MemoryStores(SqliteOptions.defaults(), KvSuite.rooms());

    @Nested
    class Entries extends SimpleKvContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Values extends SimpleKvValueContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Paths extends SimpleKvPathContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Arithmetic extends SimpleKvMathContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Transactions extends SimpleKvTransactionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }
}
