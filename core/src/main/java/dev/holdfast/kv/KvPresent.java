package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyRange;
import dev.holdfast.kv.KvWatch.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The present state of what a watch covers, in parts that are not large: of every key, then of every prefix the first
 * entries, or all after changes were lost. Each part is one snapshot.
 */
final class KvPresent {
    /** A part ends after so many bytes, but for its last entry. */
    private static final long PART_BYTES = 8 << 20;
    /** What a state takes besides its value. */
    private static final int STATE_BYTES = 256;

    private static final int BATCH = 1_000;

    private final Session session;
    private final KvSql sql;
    private final KvWatchOptions options;

    KvPresent(Session session, KvSql sql, KvWatchOptions options) {
        this.session = session;
        this.sql = sql;
        this.options = options;
    }

    /** Reads the part that begins at a place. */
    Part read(Place from) {
        return session.scan(tx -> {
            Reading reading = new Reading(from);
            while (reading.bytes < PART_BYTES && reading.at.key < options.keys().size()) {
                Key key = options.keys().get(reading.at.key);
                reading.add(key, sql.get(tx, tx.ns(), key, tx.now()));
                reading.at = reading.at.nextKey();
            }
            while (reading.bytes < PART_BYTES
                    && reading.at.prefix < options.prefixes().size()) {
                below(tx, options.prefixes().get(reading.at.prefix), reading);
            }
            return new Part(reading.updates, isEnd(reading.at) ? null : reading.at);
        });
    }

    private boolean isEnd(Place at) {
        return at.key == options.keys().size()
                && at.prefix == options.prefixes().size();
    }

    /** The next entries of a prefix; a statement reads no more than some bytes of values. */
    private void below(Tx tx, KeyPrefix prefix, Reading reading) {
        KeyRange whole = prefix.withSelf();
        Place at = reading.at;
        KeyRange rest = at.after == null ? whole : whole.after(at.after);
        int wanted = at.all ? BATCH : options.initialLimit() - at.told;
        List<KvEntry> some = sql.some(tx, tx.ns(), rest, false, tx.now(), KvRoom.NO_CONDITION, wanted);
        some.forEach(entry -> reading.add(entry.key(), Optional.of(entry)));
        boolean more = at.all ? some.size() == wanted || KvSql.isCut(some) : some.size() < wanted && KvSql.isCut(some);
        reading.at = more ? at.behind(some.getLast().key(), some.size()) : at.nextPrefix();
    }

    /**
     * Where a part begins.
     *
     * @param key the number of the next key
     * @param prefix the number of the next prefix, for when there are no more keys
     * @param after the last entry of that prefix that was read
     * @param told how many of its entries were read
     * @param all whether all entries of every prefix are read, not the first ones
     */
    record Place(int key, int prefix, @Nullable Key after, int told, boolean all) {
        static Place start(boolean all) {
            return new Place(0, 0, null, 0, all);
        }

        private Place nextKey() {
            return new Place(key + 1, prefix, null, 0, all);
        }

        private Place nextPrefix() {
            return new Place(key, prefix + 1, null, 0, all);
        }

        private Place behind(Key last, int more) {
            return new Place(key, prefix, last, told + more, all);
        }
    }

    /**
     * A part.
     *
     * @param next where the next part begins; null after the last one
     */
    record Part(List<Update> updates, @Nullable Place next) {}

    private static final class Reading {
        private final List<Update> updates = new ArrayList<>();
        private long bytes;
        private Place at;

        Reading(Place at) {
            this.at = at;
        }

        void add(Key key, Optional<KvEntry> entry) {
            updates.add(new Update(key, entry, entry.isPresent() ? Change.Kind.SET : Change.Kind.DELETE));
            bytes += STATE_BYTES
                    + entry.map(found -> found.value().encoded().length).orElse(0);
        }
    }
}
