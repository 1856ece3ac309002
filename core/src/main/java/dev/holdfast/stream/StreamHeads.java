package dev.holdfast.stream;

import dev.holdfast.engine.CommitTask;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Unit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a SQLite store remembers about streams from one commit to the next, so that an append is one
 * insertion: their rows and their producers. What appends change of them is written once per stream and commit, however
 * many appends share it; a tail is not written at all, since the last row of the stream tells it.
 *
 * <p>Used by whoever has the writer's turn, one at a time. It is right as long as nobody else has written to the file,
 * which the epoch of a transaction tells, and it is changed only by commits that are known to have happened.
 */
final class StreamHeads {
    /** Streams, and producers, that are remembered at most; the ones that were not used for longest go first. */
    private static final int REMEMBERED_MAX = 100_000;

    private final StreamSql sql;
    private final Map<Place, StreamRow> rows = recent();
    private final Map<Producer, ProducerStamp> producers = recent();
    private long epoch = Unit.EPOCH_UNKNOWN;
    /** How often the database had been renewed. */
    private long renewed;

    StreamHeads(StreamSql sql) {
        this.sql = sql;
    }

    /** What this transaction may remember; null when it cannot be told whether that is right. */
    @Nullable
    Batch batch(Tx tx) {
        if (tx.epoch() == Unit.EPOCH_UNKNOWN) {
            return null;
        }
        Batch batch = tx.atCommit(Batch.class, () -> new Batch(this));
        batch.enter(tx);
        return batch;
    }

    private void at(long now, long renewals) {
        if (now != epoch || renewals != renewed) {
            forget();
            epoch = now;
            renewed = renewals;
        }
    }

    private void forget() {
        rows.clear();
        producers.clear();
    }

    private static <K, V> Map<K, V> recent() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED_MAX;
            }
        };
    }

    /** A stream: the number of its namespace, and its name. */
    private record Place(int ns, String name) {}

    /** A producer: the number of its namespace, that of the stream, and its id. */
    private record Producer(int ns, long stream, String id) {}

    /**
     * What the units of one commit have changed. A unit that fails alone takes back what it did, so its part is kept
     * apart until it has ended well.
     */
    static final class Batch implements CommitTask {
        private final StreamHeads heads;
        /** What has ended well; empty: the table has the truth. */
        private final Part all = new Part();
        /** What the present unit has done so far. */
        private final Part mine = new Part();

        private @Nullable Tx owner;
        private boolean endedWell;
        private boolean attempted;

        Batch(StreamHeads heads) {
            this.heads = heads;
        }

        @SuppressWarnings("ReferenceEquality") // a transaction is itself
        private void enter(Tx tx) {
            if (owner != tx) {
                settle();
                owner = tx;
                heads.at(tx.epoch(), tx.database().renewed());
                tx.atEnd(() -> endedWell = true);
            }
        }

        private void settle() {
            if (endedWell) {
                all.rows.putAll(mine.rows);
                all.producers.putAll(mine.producers);
            }
            mine.rows.clear();
            mine.producers.clear();
            endedWell = false;
        }

        /** A stream as this transaction sees it. */
        Optional<StreamRow> row(Tx tx, String name) {
            Place place = new Place(tx.ns(), name);
            Change changed = changed(place);
            if (changed != null) {
                return changed.row != null ? Optional.of(changed.row) : heads.sql.find(tx, tx.ns(), name);
            }
            StreamRow known = heads.rows.get(place);
            return known != null ? Optional.of(known) : heads.sql.find(tx, tx.ns(), name);
        }

        private @Nullable Change changed(Place place) {
            Change here = mine.rows.get(place);
            return here != null ? here : all.rows.get(place);
        }

        /** Notes what an append made of a stream. */
        void put(Tx tx, StreamRow row, boolean onlyTail) {
            Place place = new Place(tx.ns(), row.name());
            Change before = changed(place);
            mine.rows.put(place, new Change(row, !onlyTail || (before != null && before.unwritten)));
        }

        /** Makes the table right about a stream that is about to be changed there. */
        void writeOut(Tx tx, String name) {
            Place place = new Place(tx.ns(), name);
            Change changed = changed(place);
            if (changed != null) {
                write(tx, place, changed);
            }
            mine.rows.put(place, Change.IN_TABLE);
        }

        /** The last append of a producer as this transaction sees it. */
        Optional<ProducerStamp> producer(Tx tx, long stream, String id) {
            Producer producer = new Producer(tx.ns(), stream, id);
            Optional<ProducerStamp> changed = mine.producers.get(producer);
            if (changed == null) {
                changed = all.producers.get(producer);
            }
            ProducerStamp known = changed == null ? heads.producers.get(producer) : changed.orElse(null);
            return known != null ? Optional.of(known) : heads.sql.producer(tx, tx.ns(), stream, id);
        }

        /** Notes the last append of a producer. */
        void put(Tx tx, long stream, ProducerStamp stamp) {
            mine.producers.put(new Producer(tx.ns(), stream, stamp.id()), Optional.of(stamp));
        }

        /** A producer is changed in the table itself. */
        void drop(Tx tx, long stream, String id) {
            mine.producers.put(new Producer(tx.ns(), stream, id), Optional.empty());
        }

        /** Writes nothing about the producers of a stream that is removed. */
        void forget(Tx tx, long stream) {
            for (Part part : List.of(all, mine)) {
                for (Producer producer : List.copyOf(part.producers.keySet())) {
                    if (producer.ns == tx.ns() && producer.stream == stream) {
                        mine.producers.put(producer, Optional.empty());
                    }
                }
            }
        }

        @Override
        public void beforeCommit(Sql target) {
            settle();
            owner = null;
            attempted = true;
            all.rows.forEach((place, changed) -> write(target, place, changed));
            all.producers.forEach((producer, stamp) ->
                    stamp.ifPresent(changed -> heads.sql.setProducer(target, producer.ns, producer.stream, changed)));
        }

        private void write(Sql target, Place place, Change changed) {
            if (changed.row != null && changed.unwritten) {
                heads.sql.update(target, place.ns, changed.row);
            }
        }

        @Override
        public void ended(boolean committed) {
            if (committed) {
                all.rows.forEach((place, changed) -> remember(heads.rows, place, changed.row));
                all.producers.forEach((producer, stamp) -> remember(heads.producers, producer, stamp.orElse(null)));
            } else if (attempted) {
                heads.forget();
            }
        }

        private static <K, V> void remember(Map<K, V> memory, K key, @Nullable V value) {
            if (value == null) {
                memory.remove(key);
            } else {
                memory.put(key, value);
            }
        }
    }

    /**
     * What became of a stream.
     *
     * @param row null: it was changed in the table itself
     * @param unwritten whether the table is to be told more than its rows of content tell
     */
    private record Change(@Nullable StreamRow row, boolean unwritten) {
        static final Change IN_TABLE = new Change(null, false);
    }

    /** Changes that belong together. */
    private static final class Part {
        private final Map<Place, Change> rows = new HashMap<>();
        private final Map<Producer, Optional<ProducerStamp>> producers = new HashMap<>();
    }
}
