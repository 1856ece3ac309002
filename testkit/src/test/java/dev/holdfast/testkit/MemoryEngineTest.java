package dev.holdfast.testkit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemoryEngineTest {
    @RegisterExtension
    static final Stores STORES = new MemoryStores();

    @Nested
    class Units extends EngineContract {
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
    class Connections extends ConnectionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class TimeLimits extends TimeLimitContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Neighbours extends NeighbourContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Namespaces extends NamespaceContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Changes extends ChangeFeedContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class ChangeLosses extends ChangeFeedLossContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class FeedOrder extends FeedOrderContract {
        @Override
        protected Stores stores() {
            return STORES;
        }

        @Override
        protected Store follower(Store writer) {
            return writer;
        }
    }

    @Nested
    class LargeOperations extends LargeOperationContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Pruned extends ChangePruneContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Tenants extends TenantContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }
}
