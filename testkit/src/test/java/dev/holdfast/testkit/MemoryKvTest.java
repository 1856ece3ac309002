package dev.holdfast.testkit;

import dev.holdfast.engine.sqlite.SqliteOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemoryKvTest {
    @RegisterExtension
    static final Stores STORES = new MemoryStores(SqliteOptions.defaults(), KvSuite.rooms());

    @Nested
    class Entries extends KvContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Lists extends KvListContract {
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

    @Nested
    class Watches extends KvWatchContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class WatchLosses extends KvWatchLossContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Random extends KvRandomContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Strings extends KvStringsContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Filters extends KvWhereContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Wire extends KvWireContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class WireWrites extends KvWireWriteContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }
}
