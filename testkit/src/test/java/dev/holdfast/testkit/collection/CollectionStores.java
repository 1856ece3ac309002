package dev.holdfast.testkit.collection;

import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.search.SearchRoom;
import java.util.List;
import java.util.stream.Stream;

/** What the stores of all these tests have in common. */
final class CollectionStores {
    static final List<Migration> ROOMS = Stream.of(SearchRoom.migrations(), CollectionRoom.migrations())
            .flatMap(List::stream)
            .toList();

    /** The files of tests need no fsync. */
    static final SqliteOptions NO_FSYNC = SqliteOptions.defaults().withDurability(SqliteOptions.Durability.NORMAL);

    private CollectionStores() {}
}
