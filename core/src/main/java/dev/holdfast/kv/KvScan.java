package dev.holdfast.kv;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.filter.SqlCondition;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyRange;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads ranges of entries: lazily, page by page, filtered. */
final class KvScan {
    /** Entries read with one statement. */
    static final int BATCH = 256;

    /** Entries of a page at most. */
    static final int PAGE_MAX = 1_000;

    private static final long PAGE_BYTES_MAX = 16 << 20;

    /** Entries that a statement with a filter is asked for at least: Java may refuse some of them. */
    private static final int BATCH_FILTERED_MIN = 32;

    /** Entries that a statement of SQLite passes over at most, matching or not: other scans wait for it. */
    private static final int EXAMINED_MAX = 20_000;

    private final Session session;
    private final KvRoom room;
    private final KvSql sql;

    KvScan(Session session, KvRoom room) {
        this.session = session;
        this.room = room;
        this.sql = room.sql();
    }

    Stream<KvEntry> entries(KvSelection selection) {
        return entries(selection, selection.range());
    }

    private Stream<KvEntry> entries(KvSelection selection, KeyRange whole) {
        SqlCondition condition = room.condition(selection.where());
        Stretch stretch = new Stretch(
                selection.reverse(), !condition.isAlwaysTrue() && sql.postgres().isEmpty());
        Stream<KvEntry> all = inBatches(whole, (tx, range) -> {
            List<KvEntry> read = sql.some(
                    tx, tx.ns(), stretch.first(tx, range), selection.reverse(), tx.now(), condition, batch(selection));
            boolean more = KvSql.isCut(read) || read.size() >= batch(selection);
            return new Batch<>(
                    read, more ? behind(range, read.getLast().key(), selection.reverse()) : stretch.others(range));
        });
        Stream<KvEntry> matching = selection.where().isPresent() ? all.filter(new KvMatch(selection.where())) : all;
        return selection.limit() > 0 ? matching.limit(selection.limit()) : matching;
    }

    Stream<Key> keys(KvSelection selection) {
        if (selection.where().isPresent()) {
            return entries(selection).map(KvEntry::key);
        }
        Stream<Key> all = inBatches(selection.range(), (tx, range) -> {
            List<Key> read = sql.keys(tx, tx.ns(), range, selection.reverse(), tx.now(), batch(selection))
                    .toList();
            boolean more = read.size() >= batch(selection);
            return new Batch<>(read, more ? behind(range, read.getLast(), selection.reverse()) : null);
        });
        return selection.limit() > 0 ? all.limit(selection.limit()) : all;
    }

    KvPage page(KvSelection selection, Optional<Key> after, int size) {
        KeyRange whole = selection.range();
        KeyRange rest =
                after.map(last -> behind(whole, last, selection.reverse())).orElse(whole);
        List<KvEntry> entries = new ArrayList<>();
        long bytes = 0;
        try (Stream<KvEntry> stream = entries(selection.limit(size + 1L), rest)) {
            Iterator<KvEntry> found = stream.iterator();
            while (found.hasNext()) {
                if (entries.size() == size) {
                    return new KvPage(entries, Optional.of(cursor(entries)), KvPage.End.COUNT);
                }
                if (bytes > PAGE_BYTES_MAX) {
                    return new KvPage(entries, Optional.of(cursor(entries)), KvPage.End.BYTES);
                }
                KvEntry entry = found.next();
                bytes += entry.value().encoded().length;
                entries.add(entry);
            }
        }
        return new KvPage(entries, Optional.empty(), KvPage.End.EXHAUSTED);
    }

    static Key decodeCursor(String cursor) {
        try {
            return Key.decode(Base64.getDecoder().decode(cursor));
        } catch (IllegalArgumentException | InvalidInputException e) {
            throw new InvalidInputException("kv.cursor", "Invalid cursor: it was not given out by this store", e);
        }
    }

    private static String cursor(List<KvEntry> entries) {
        return Base64.getEncoder().encodeToString(entries.getLast().key().encoded());
    }

    /** Entries read with one statement: not many more than are wanted. */
    private static long batch(KvSelection selection) {
        if (selection.limit() == 0) {
            return BATCH;
        }
        return Math.clamp(selection.limit(), selection.where().isEmpty() ? 1 : BATCH_FILTERED_MIN, BATCH);
    }

    /** What follows an entry in the direction of a list. */
    private static KeyRange behind(KeyRange range, Key last, boolean reverse) {
        return reverse ? range.until(last) : range.after(last);
    }

    private <T> Stream<T> inBatches(KeyRange whole, Reader<T> read) {
        Batches<T> batches = new Batches<>(session, whole, read);
        Iterable<T> once = () -> batches;
        return StreamSupport.stream(once.spliterator(), false);
    }

    /** Reads the next entries of a range. */
    @FunctionalInterface
    private interface Reader<T> {
        Batch<T> read(Tx tx, KeyRange range);
    }

    /**
     * What one statement read.
     *
     * @param rest what is to be read next; null when there is no more
     */
    private record Batch<T>(List<T> items, @Nullable KeyRange rest) {}

    /**
     * As many entries of a range, in the direction of a list, as one statement may pass over. They are counted once for
     * all the statements that read them.
     */
    private final class Stretch {
        private final boolean reverse;
        /** The first entry behind it, or in reverse its last one; null when it reaches to the end of the range. */
        private @Nullable Key edge;
        /** Whether what is left has to be counted when this stretch has been read. */
        private boolean counting;

        Stretch(boolean reverse, boolean counting) {
            this.reverse = reverse;
            this.counting = counting;
        }

        /** What of a range one statement may read; the next stretch when this one lies before the range. */
        KeyRange first(Tx tx, KeyRange range) {
            if (counting && (edge == null || within(range, edge).isEmpty())) {
                edge = sql.ahead(tx, tx.ns(), range, reverse, reverse ? EXAMINED_MAX - 1 : EXAMINED_MAX)
                        .orElse(null);
                counting = edge != null;
            }
            return edge == null ? range : within(range, edge);
        }

        /** What of a range lies behind this stretch; null when nothing does. */
        @Nullable
        KeyRange others(KeyRange range) {
            @Nullable Key at = edge;
            if (at == null) {
                return null;
            }
            return reverse ? range.until(at) : range.from(at);
        }

        private KeyRange within(KeyRange range, Key at) {
            return reverse ? range.from(at) : range.until(at);
        }
    }

    /** Goes through a range batch by batch, holding nothing open between two. */
    private static final class Batches<T> implements Iterator<T> {
        private final Session session;
        private final Reader<T> reader;
        private @Nullable KeyRange rest;
        private Iterator<T> batch = List.<T>of().iterator();

        Batches(Session session, KeyRange whole, Reader<T> reader) {
            this.session = session;
            this.rest = whole;
            this.reader = reader;
        }

        @Override
        public boolean hasNext() {
            while (!batch.hasNext() && rest != null && !rest.isEmpty()) {
                KeyRange from = rest;
                Batch<T> read = session.scanOne(tx -> reader.read(tx, from));
                rest = read.rest();
                batch = read.items().iterator();
            }
            return batch.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return batch.next();
        }
    }
}
