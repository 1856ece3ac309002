package dev.holdfast;

import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.search.SearchRoom;
import java.util.List;
import java.util.stream.Stream;

/** The rooms of a store, as far as they have tables. */
public final class Rooms {
    private Rooms() {}

    /** The migrations of all rooms, in the order in which they run. */
    public static List<Migration> migrations() {
        return Stream.of(
                        Database.migrations(),
                        SearchRoom.migrations(),
                        KvRoom.migrations(),
                        CollectionRoom.migrations())
                .flatMap(List::stream)
                .toList();
    }
}
