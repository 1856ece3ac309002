package dev.holdfast.simple;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What all handles on one database share: which namespaces are known to exist, and the cleaning in the background. */
final class SimpleRoom {
    private static final int BATCH = 100;

    private final Set<List<String>> known = ConcurrentHashMap.newKeySet();
    private final SimpleCleaner cleaner;

    private SimpleRoom(Database database) {
        this.cleaner = new SimpleCleaner(database);
    }

    /** The room of a database; of the store's own when this one lives inside a caller's connection. */
    static SimpleRoom of(Database database) {
        return database.outer().orElse(database).shared(SimpleRoom.class, SimpleRoom::new);
    }

    /** Sees to it that a namespace exists; once known it costs nothing. */
    void open(Session session, String namespace) {
        cleaner.watch(session.namespace());
        List<String> id = List.of(session.namespace(), namespace);
        if (known.contains(id)) {
            return;
        }
        Key name = SimpleKeys.name(namespace);
        session.write(UnitKind.DECISION, tx -> {
            Kv kv = Kv.in(tx);
            if (kv.get(name).isEmpty()) {
                kv.set(name, true);
            }
            // Only then: whoever rolls back takes the name back too.
            tx.afterCommit(() -> known.add(id));
            return name;
        });
    }

    /** Removes properties whose time has passed from what is stored, batch by batch; answers how many were due. */
    static long sweep(Session session) {
        long total = 0;
        while (true) {
            List<Key> due = session.read(tx -> due(tx));
            if (due.isEmpty()) {
                return total;
            }
            session.write(UnitKind.DECISION, tx -> Kv.in(tx).commit(List.of(), cleaning(tx, due)));
            total += due.size();
        }
    }

    private static List<Key> due(Tx tx) {
        try (Stream<Key> notes = Kv.in(tx).keys(SimpleKeys.dueUntil(tx.now()).limit(BATCH))) {
            return notes.toList();
        }
    }

    private static List<KvMutation> cleaning(Tx tx, List<Key> due) {
        Set<Key> entries = new LinkedHashSet<>();
        List<KvMutation> mutations = new ArrayList<>();
        for (Key note : due) {
            entries.add(SimpleKeys.entryOfDue(note));
            mutations.add(new KvMutation.Delete(note));
        }
        for (Optional<KvEntry> found : Kv.in(tx).getAll(List.copyOf(entries))) {
            found.ifPresent(entry -> {
                SimpleRecord record = SimpleRecord.of(entry, tx.now());
                if (record.isPruned()) {
                    KvValue rest = record.stored();
                    mutations.add(new KvMutation.Restore(entry.key(), rest, entry.expiresAt()));
                }
            });
        }
        return mutations;
    }
}
