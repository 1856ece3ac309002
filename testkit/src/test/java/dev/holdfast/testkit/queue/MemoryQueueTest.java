package dev.holdfast.testkit.queue;

import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.testkit.MemoryStores;
import dev.holdfast.testkit.Stores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemoryQueueTest {
    @RegisterExtension
    static final Stores STORES = new MemoryStores(SqliteOptions.defaults(), QueueSuite.rooms());

    @Nested
    class Jobs extends QueueContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Care extends QueueCareContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Transactions extends QueueTransactionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Order extends QueueOrderContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Flow extends QueueFlowContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Workers extends QueueListenContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Random extends QueueRandomContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }
}
