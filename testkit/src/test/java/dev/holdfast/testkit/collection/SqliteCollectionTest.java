package dev.holdfast.testkit.collection;

import dev.holdfast.testkit.CollectionWatchLossContract;
import dev.holdfast.testkit.SqliteStores;
import dev.holdfast.testkit.Stores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteCollectionTest {
    @RegisterExtension
    static final Stores STORES = new SqliteStores(CollectionStores.NO_FSYNC, CollectionStores.ROOMS);

    @Nested
    class Documents extends CollectionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Pages extends DocumentPageContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Views extends CollectionViewContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Indexes extends CollectionIndexContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Schemas extends CollectionSchemaContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Search extends CollectionSearchContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Transactions extends CollectionTransactionContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Wholes extends CollectionsContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Watches extends CollectionWatchContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class WatchLosses extends CollectionWatchLossContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Programs extends CollectionProgramContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }

    @Nested
    class Races extends CollectionRaceContract {
        @Override
        protected Stores stores() {
            return STORES;
        }
    }
}
