package dev.holdfast.testkit.collection;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.testkit.Store;
import java.util.function.Function;

/** A store under test as the suites of collections use it. It is closed by whoever made it. */
record TestStore(Store store) {
    Database database() {
        return store.database();
    }

    Session session() {
        return store.session();
    }

    CollectionRoom room() {
        return CollectionRoom.of(database());
    }

    Collection collection(String name) {
        return Collection.in(session(), name);
    }

    /** Another process on the same database. */
    TestStore second() {
        return new TestStore(store.second());
    }

    <R> R transaction(Function<Tx, R> work) {
        return session().write(UnitKind.USER, work);
    }

    /** How many rows a table has, in all namespaces. */
    long rows(String table) {
        String text = database().tables().sql("select count(*) from {p}" + table);
        return session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }
}
