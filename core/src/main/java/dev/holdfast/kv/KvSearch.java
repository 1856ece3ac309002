package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyRange;
import dev.holdfast.search.SearchIndex;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.search.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Full-text indexes over the values below a prefix: one per prefix, kept in step by every kind of write. Reached by
 * {@link Kv#search()}.
 */
public final class KvSearch {
    /** The scope of the room's indexes. */
    static final String SCOPE = KvRoom.NAME;

    private static final int BATCH = 128;

    private final Session session;
    private final KvRoom room;
    private final SearchRoom search;

    KvSearch(Session session, KvRoom room) {
        this.session = session;
        this.room = room;
        this.search = SearchRoom.of(session.database());
    }

    /**
     * Makes an index over everything below a prefix, replacing the one that is there. It is there, with everything that
     * belongs into it, when this returns, and entries that others write meanwhile are not missed.
     *
     * <p>On PostgreSQL it waits for all transactions that have written entries, of whatever namespace, and others wait
     * to write entries until it is done; so does {@link #removeIndex}. Reads wait for nobody. Inside a transaction on
     * PostgreSQL the index is filled once more right after the commit, because entries that others committed while the
     * transaction ran are not seen in it; in a transaction joined by {@code in(connection)} they may be missing until
     * they are written again.
     *
     * <p>On SQLite other writers wait meanwhile; beyond 4,096 entries or 8 MiB it shares its commit with nobody.
     *
     * @param fields dotted paths; texts, numbers, booleans, and all that arrays and objects hold are indexed
     * @param backfill whether entries that exist are indexed too; else each is when it is written again
     */
    public void createIndex(KeyPrefix prefix, List<String> fields, Tokenizer tokenizer, boolean backfill) {
        var unused = Allowance.orAlone(
                UnitKind.DECISION,
                UnitKind.ALONE,
                kind -> session.write(kind, tx -> {
                    boolean mayBeLate = holdWriters(tx) && !tx.single();
                    spend(tx, prefix, backfill);
                    SearchIndex index = search.define(tx, SCOPE, prefix.encoded(), fields, tokenizer);
                    noteIndexes(tx);
                    if (backfill) {
                        backfill(tx, index, prefix);
                        search.completed(tx, index);
                        if (mayBeLate) {
                            Session own = tx.database().session(tx.namespace());
                            tx.afterCommit(() -> new KvSearch(own, room).createIndex(prefix, fields, tokenizer, true));
                        }
                    }
                    return index;
                }));
    }

    /** Counts what an index holds, and what it will, before anything is done about it. */
    private void spend(Tx tx, KeyPrefix prefix, boolean entries) {
        Allowance allowance = Allowance.in(tx);
        if (allowance.isLimited()) {
            search.spend(tx, SCOPE, prefix.encoded(), allowance);
            if (entries) {
                room.sql().spend(tx, tx.ns(), prefix.below(), tx.now(), allowance);
            }
        }
    }

    /** On PostgreSQL lets nobody write entries meanwhile; answers whether it had to. */
    private boolean holdWriters(Tx tx) {
        Optional<PostgresKvSql> postgres = room.sql().postgres();
        postgres.ifPresent(sql -> sql.holdWriters(tx));
        return postgres.isPresent();
    }

    private void noteIndexes(Tx tx) {
        room.sql().postgres().ifPresent(sql -> sql.noteIndexes(tx));
    }

    /** The indexes of the namespace, in the order of their prefixes. */
    public List<Index> indexes() {
        return session.read(tx -> search.indexes(tx, SCOPE).stream()
                .sorted(Comparator.comparing(SearchIndex::prefix, Arrays::compareUnsigned))
                .map(index -> new Index(prefix(index), index.fields(), index.tokenizer(), index.complete()))
                .toList());
    }

    /** Removes the index of a prefix; answers whether there was one. */
    public boolean removeIndex(KeyPrefix prefix) {
        return Allowance.orAlone(
                UnitKind.DECISION,
                UnitKind.ALONE,
                kind -> session.write(kind, tx -> {
                    holdWriters(tx);
                    spend(tx, prefix, false);
                    boolean removed = search.drop(tx, SCOPE, prefix.encoded());
                    noteIndexes(tx);
                    return removed;
                }));
    }

    /**
     * The entries below a prefix whose indexed fields match a query, the most relevant first.
     *
     * @param selection its prefix must have an index; bounds, {@code where} and limit hold, the limit last; reversed it
     *     is the least relevant first
     * @param query any text: all its words must occur
     * @throws InvalidInputException {@code search.no_index}: the prefix has no index; {@code kv.result_too_large}: the
     *     values of the entries that are held at a time have more than {@link KvLimits#RESULT_BYTES_MAX} bytes
     */
    public List<KvEntry> find(KvSelection selection, String query) {
        KeyRange range = selection.range();
        KvMatch match = new KvMatch(selection.where());
        return session.scan(tx -> {
            SearchIndex index = search.index(tx, SCOPE, selection.prefix().encoded())
                    .orElseThrow(() -> new InvalidInputException(
                            "search.no_index", "No search index for this prefix; make one first"));
            Found found = new Found(selection, room.limits());
            try (Stream<byte[]> ids = search.match(tx, index, query)) {
                Iterator<Key> keys =
                        ids.map(Key::decode).filter(range::contains).iterator();
                while (!found.isFull() && keys.hasNext()) {
                    room.sql().getMany(tx, tx.ns(), some(keys), tx.now(), entry -> {
                        if (match.test(entry)) {
                            found.add(entry);
                        }
                    });
                }
            }
            return found.ordered();
        });
    }

    /** The next keys, as many as are read together. */
    private static List<Key> some(Iterator<Key> keys) {
        List<Key> some = new ArrayList<>();
        while (some.size() < BATCH && keys.hasNext()) {
            some.add(keys.next());
        }
        return some;
    }

    /** The first entries that match, or the last ones when the least relevant come first; no more than are wanted. */
    private static final class Found {
        private final boolean reverse;
        private final long limit;
        private final KvLimits.Held held;
        private final ArrayDeque<KvEntry> entries = new ArrayDeque<>();

        Found(KvSelection selection, KvLimits limits) {
            this.reverse = selection.reverse();
            this.limit = selection.limit() > 0 ? selection.limit() : Long.MAX_VALUE;
            this.held = limits.new Held();
        }

        boolean isFull() {
            return !reverse && entries.size() >= limit;
        }

        void add(KvEntry entry) {
            if (isFull()) {
                return;
            }
            if (entries.size() >= limit) {
                held.remove(entries.removeFirst().value());
            }
            held.add(entry.value());
            entries.addLast(entry);
        }

        List<KvEntry> ordered() {
            List<KvEntry> ordered = new ArrayList<>(entries);
            return reverse ? ordered.reversed() : ordered;
        }
    }

    /** Keeps the indexes in step with an entry that was written. */
    static void written(SearchRoom search, Tx tx, Key key, KvValue value) {
        for (SearchIndex index : search.inForce(tx, SCOPE)) {
            if (covers(index, key)) {
                searched(value)
                        .ifPresentOrElse(
                                document -> search.put(tx, index, key.encoded(), document),
                                () -> search.remove(tx, index, key.encoded()));
            }
        }
    }

    /** What an index sees of a value: its JSON form, except that of a counter. */
    private static Optional<JsonNode> searched(KvValue value) {
        return value.encoding() == Encoding.U64 ? Optional.empty() : value.findJson();
    }

    /** Keeps the indexes in step with entries that are removed. */
    static void removed(SearchRoom search, Tx tx, List<Key> keys) {
        for (SearchIndex index : keys.isEmpty() ? List.<SearchIndex>of() : search.inForce(tx, SCOPE)) {
            keys.stream().filter(key -> covers(index, key)).forEach(key -> search.remove(tx, index, key.encoded()));
        }
    }

    /** Whether an entry with this key belongs into an index, if its value has words. */
    static boolean covers(SearchIndex index, Key key) {
        return prefix(index).below().contains(key);
    }

    private void backfill(Tx tx, SearchIndex index, KeyPrefix prefix) {
        try (Stream<KvEntry> entries = new KvScan(tx, room).entries(KvSelection.below(prefix))) {
            entries.forEach(entry -> searched(entry.value())
                    .ifPresent(document -> search.put(tx, index, entry.key().encoded(), document)));
        }
    }

    private static KeyPrefix prefix(SearchIndex index) {
        return index.prefix().length == 0 ? KeyPrefix.all() : KeyPrefix.of(Key.decode(index.prefix()));
    }

    /**
     * A full-text index.
     *
     * @param prefix what it covers: everything below
     * @param fields the indexed paths
     * @param tokenizer how texts become words
     * @param complete whether it holds everything that belongs into it; else what was written since it was made
     */
    public record Index(KeyPrefix prefix, List<String> fields, Tokenizer tokenizer, boolean complete) {}
}
