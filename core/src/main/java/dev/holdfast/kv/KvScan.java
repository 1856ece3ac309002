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
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads ranges of entries: lazily, page by page, filtered. */
final class KvScan {
    /** Entries read with one statement. */
    static final int BATCH = 256;

    /** Entries of a page at most. */
    static final int PAGE_MAX = 1_000;

    private static final long PAGE_BYTES_MAX = 16 << 20;

    /** Entries that a statement with a filter is asked for at least: Java may refuse some of them. */
    private static final int BATCH_FILTERED_MIN = 32;

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
        Stream<KvEntry> all = inBatches(
                selection,
                whole,
                (tx, range) -> {
                    List<KvEntry> read =
                            sql.some(tx, tx.ns(), range, selection.reverse(), tx.now(), condition, batch(selection));
                    return new Batch<>(read, KvSql.isCut(read) || read.size() >= batch(selection));
                },
                KvEntry::key);
        Stream<KvEntry> matching = selection.where().isPresent() ? all.filter(new KvMatch(selection.where())) : all;
        return selection.limit() > 0 ? matching.limit(selection.limit()) : matching;
    }

    Stream<Key> keys(KvSelection selection) {
        if (selection.where().isPresent()) {
            return entries(selection).map(KvEntry::key);
        }
        Stream<Key> all = inBatches(
                selection,
                selection.range(),
                (tx, range) -> {
                    List<Key> read = sql.keys(tx, tx.ns(), range, selection.reverse(), tx.now(), batch(selection))
                            .toList();
                    return new Batch<>(read, read.size() >= batch(selection));
                },
                key -> key);
        return selection.limit() > 0 ? all.limit(selection.limit()) : all;
    }

    KvPage page(KvSelection selection, Optional<Key> after, int size) {
        KeyRange whole = selection.range();
        KeyRange rest =
                after.isEmpty() ? whole : selection.reverse() ? whole.until(after.get()) : whole.after(after.get());
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

    private <T> Stream<T> inBatches(KvSelection selection, KeyRange whole, Reader<T> read, Function<T, Key> keyOf) {
        Batches<T> batches = new Batches<>(session, selection, whole, read, keyOf);
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
     * @param more whether there may be more behind it
     */
    private record Batch<T>(List<T> items, boolean more) {}

    /** Goes through a range batch by batch, holding nothing open between two. */
    private static final class Batches<T> implements Iterator<T> {
        private final Session session;
        private final boolean reverse;
        private final Reader<T> reader;
        private final Function<T, Key> keyOf;
        private KeyRange rest;
        private Iterator<T> batch = List.<T>of().iterator();
        private boolean exhausted;

        Batches(Session session, KvSelection selection, KeyRange whole, Reader<T> reader, Function<T, Key> keyOf) {
            this.session = session;
            this.reverse = selection.reverse();
            this.rest = whole;
            this.reader = reader;
            this.keyOf = keyOf;
        }

        @Override
        public boolean hasNext() {
            if (!batch.hasNext() && !exhausted) {
                fill();
            }
            return batch.hasNext();
        }

        private void fill() {
            Batch<T> read =
                    rest.isEmpty() ? new Batch<>(List.of(), false) : session.scanOne(tx -> reader.read(tx, rest));
            List<T> next = read.items();
            exhausted = !read.more();
            if (!next.isEmpty()) {
                Key last = keyOf.apply(next.getLast());
                rest = reverse ? rest.until(last) : rest.after(last);
            }
            batch = next.iterator();
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
