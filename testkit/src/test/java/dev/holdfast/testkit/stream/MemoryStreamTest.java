package dev.holdfast.testkit.stream;

import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.testkit.MemoryStores;
import dev.holdfast.testkit.Stores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemoryStreamTest {
    @RegisterExtension
    static final Stores STORES = new MemoryStores(SqliteOptions.defaults(), StreamSuite.rooms());

    @Nested
    class Streams extends StreamContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Renewals extends StreamRenewalContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Content extends StreamContentContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Transactions extends StreamTransactionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Producers extends StreamProducerContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Forks extends StreamForkContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class ForkLives extends StreamForkLifeContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Lifetimes extends StreamLifetimeContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Followers extends StreamFollowContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Programs extends StreamRandomContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Races extends StreamRaceContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Crashes extends StreamCrashContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Faults extends StreamFaultContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Combined extends StreamCombinedContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Json extends StreamJsonContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Waits extends StreamAwaitContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Subscriptions extends StreamSubscriptionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class SubscriptionLinks extends SubscriptionLinksContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class PullWakes extends StreamPullWakeContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class SubscriptionCrashes extends SubscriptionCrashContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Sealing extends StreamSealContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Retention extends StreamRetentionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Snapshots extends StreamSnapshotContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }
}
