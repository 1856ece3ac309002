package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What is measured: operations on entries and documents of one namespace. */
final class BenchWork {
    /** Documents that a find answers. */
    static final int ITEMS = 10;

    private static final String PREFIX = "bench";
    private static final String GROUP = "group";
    private static final int LISTED = 100;
    private static final int BATCH = 500;
    private static final int BATCH_BYTES = 4 << 20;
    private static final int QUOTES = 2;

    private final Namespace rooms;
    private final int entries;
    private final String value;
    private final int batch;

    /**
     * One part.
     *
     * @param items entries or documents that an operation writes or answers
     */
    record Part(String name, int callers, int items, BenchCallers.Operation operation) {}

    BenchWork(Namespace rooms, int entries, int valueBytes) {
        this.rooms = rooms;
        this.entries = entries;
        this.value = "v".repeat(valueBytes - QUOTES);
        this.batch = Math.clamp(BATCH_BYTES / valueBytes, 1, BATCH);
    }

    /** The parts, in order. */
    List<Part> parts(int clients) {
        return List.of(
                new Part("kv.set", 1, 1, this::set),
                new Part("kv.set", clients, 1, this::set),
                new Part("kv.get", 1, 1, this::get),
                new Part("kv.get", clients, 1, this::get),
                new Part("kv.list", 1, Math.min(LISTED, entries), this::list),
                new Part("collection.find", 1, ITEMS, this::find));
    }

    /** Writes every entry and document once, in batches; ends early when told so. */
    void prepare(BooleanSupplier stopped) {
        Collection documents = documents();
        documents.createIndex(DocumentIndex.on("by_group", GROUP));
        for (int from = 0; from < entries && !stopped.getAsBoolean(); from += batch) {
            int until = Math.min(entries, from + batch);
            KvAtomic atomic = rooms.kv().atomic();
            List<Map<String, Object>> inserted = new ArrayList<>();
            for (int i = from; i < until; i++) {
                atomic.set(Key.of(PREFIX, i), value);
                inserted.add(Map.of(GROUP, i % groups(), "text", value));
            }
            atomic.commit();
            documents.insertMany(inserted);
        }
    }

    private void set(SplittableRandom random) {
        rooms.kv().set(Key.of(PREFIX, random.nextInt(entries)), value);
    }

    private void get(SplittableRandom random) {
        requireCount(
                rooms.kv().get(Key.of(PREFIX, random.nextInt(entries))).stream().count(), 1);
    }

    private void list(SplittableRandom random) {
        int listed = Math.min(LISTED, entries);
        Key first = Key.of(PREFIX, random.nextInt(entries - listed + 1));
        try (Stream<KvEntry> found =
                rooms.kv().list(KvSelection.below(PREFIX).from(first).limit(listed))) {
            requireCount(found.count(), listed);
        }
    }

    private void find(SplittableRandom random) {
        DocumentQuery query = DocumentQuery.where(Map.of(GROUP, random.nextInt(groups())));
        requireCount(documents().find(query.limit(ITEMS)).size(), ITEMS);
    }

    private static void requireCount(long found, long wanted) {
        if (found != wanted) {
            throw new IllegalStateException("a query answered " + found + " of " + wanted);
        }
    }

    private Collection documents() {
        return rooms.collection(PREFIX);
    }

    /** So many groups that each has at least as many documents as a find answers. */
    private int groups() {
        return entries / ITEMS;
    }
}
