package dev.holdfast.testkit;

import dev.holdfast.engine.Migration;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.search.SearchRoom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** A suite over keys and values: an empty store for each test, and a clock that stands still. */
public abstract class KvSuite extends Contract {
    VirtualTime time = new VirtualTime();
    Store store;
    Kv kv;

    /** A suite over the stores of one engine, which must hold the tables of {@link #rooms()}. */
    protected KvSuite() {}

    /** What the stores of these suites are made of: keys and values, and search. */
    public static List<Migration> rooms() {
        return Stream.of(SearchRoom.migrations(), KvRoom.migrations())
                .flatMap(List::stream)
                .toList();
    }

    @BeforeEach
    void openStore() {
        time = new VirtualTime();
        store = stores().fresh(time);
        kv = Kv.in(store.session());
    }

    /** Writes each key with its place in the list as the value. */
    void write(Key... keys) {
        for (int i = 0; i < keys.length; i++) {
            kv.set(keys[i], i);
        }
    }

    List<Key> keys(KvSelection selection) {
        try (Stream<KvEntry> entries = kv.list(selection)) {
            return entries.map(KvEntry::key).toList();
        }
    }

    /** The JSON text of a value. */
    Optional<String> text(Key key) {
        return kv.get(key).map(KvEntry::value).map(KvValue::toString);
    }
}
