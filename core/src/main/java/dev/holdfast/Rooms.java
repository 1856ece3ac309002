package dev.holdfast;

import dev.holdfast.access.AccessRoom;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.Tables;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.record.RecordRoom;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.stream.StreamRoom;
import java.util.List;
import java.util.stream.Stream;

/** The rooms of a store, as far as they have tables. */
public final class Rooms {
    private Rooms() {}

    /** Quotas and deletion of namespaces over all rooms of a store. */
    static NamespaceKeeper namespaces(Database database) {
        return database.shared(
                NamespaceKeeper.class,
                store -> new NamespaceKeeper(
                        store,
                        List.of(
                                AccessRoom.of(store),
                                KvRoom.of(store),
                                CollectionRoom.of(store),
                                StreamRoom.of(store),
                                RecordRoom.of(store),
                                QueueRoom.of(store),
                                SearchRoom.of(store))));
    }

    /** What rooms do when a database was put back to an earlier state; see {@link Database#renew}. */
    static List<String> renewals(Tables tables) {
        return StreamRoom.renewals(tables);
    }

    /** The migrations of all rooms, in the order in which they run. */
    public static List<Migration> migrations() {
        return Stream.of(
                        Database.migrations(),
                        SearchRoom.migrations(),
                        KvRoom.migrations(),
                        CollectionRoom.migrations(),
                        AccessRoom.migrations(),
                        StreamRoom.migrations(),
                        RecordRoom.migrations(),
                        QueueRoom.migrations())
                .flatMap(List::stream)
                .toList();
    }
}
