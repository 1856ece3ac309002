package dev.holdfast.testkit.cost;

import static dev.holdfast.testkit.cost.Limits.hidden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.Holdfast;
import dev.holdfast.collection.CollectionLimits;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.collection.CollectionWatchOptions;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.Operand;
import dev.holdfast.filter.SqlConditions;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWatchOptions;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.cost.GuidePage.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The tables of limits in the guide: their values are those of the code, and what is beyond is refused as they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuideLimitsTest {
    private static final List<String> HEAD = List.of("what", "value", "beyond it");

    private final Holdfast store = Holdfast.open(Holdfast.MEMORY);

    @AfterAll
    void close() {
        store.close();
    }

    @TestFactory
    Stream<DynamicTest> ofKeysAndValues() {
        return rows("docs/guide/keys-and-values.md", values(keys(new Limits())));
    }

    @TestFactory
    Stream<DynamicTest> ofCollections() {
        return rows("docs/guide/collections.md", documents(queries(new Limits())));
    }

    @TestFactory
    Stream<DynamicTest> ofStreams() {
        return rows("docs/guide/streams.md", StreamGuideLimits.all());
    }

    @TestFactory
    Stream<DynamicTest> ofSearch() {
        return rows("docs/guide/search.md", search(new Limits()));
    }

    @TestFactory
    Stream<DynamicTest> ofFilters() {
        return rows("docs/guide/filters.md", filters(new Limits()));
    }

    private Stream<DynamicTest> rows(String path, Limits limits) {
        List<Row> rows = GuidePage.read(path).rows(HEAD);
        Stream<DynamicTest> all = Stream.of(dynamicTest(
                "every limit is in the table, and the other way round",
                () -> assertThat(rows.stream().map(row -> row.cells().getFirst()))
                        .containsExactlyInAnyOrderElementsOf(limits.names())));
        return Stream.concat(
                all,
                rows.stream()
                        .map(row -> dynamicTest(
                                row.cells().getFirst(),
                                () -> limits.of(row.cells().getFirst())
                                        .compare(
                                                store,
                                                row.cells().get(1),
                                                row.cells().get(2)))));
    }

    private static Limits keys(Limits limits) {
        return limits.refused(
                        "parts of a key", Key.PARTS_MAX, at -> Key.of(Collections.nCopies(Key.PARTS_MAX + 1, "a")))
                .refused(
                        "characters of a text part",
                        Key.PART_CHARS_MAX,
                        at -> Key.of("a".repeat(Key.PART_CHARS_MAX + 1)))
                .refused(
                        "bytes of a bytes part",
                        Key.PART_BYTES_MAX,
                        at -> Key.of((Object) new byte[Key.PART_BYTES_MAX + 1]))
                .refused(
                        "bytes of a big integer part",
                        Key.BIG_INTEGER_BYTES_MAX,
                        at -> Key.of(BigInteger.ONE.shiftLeft(Byte.SIZE * Key.BIG_INTEGER_BYTES_MAX)))
                .refused(
                        "bytes of a key as it is stored",
                        Key.ENCODED_BYTES_MAX,
                        at -> Key.of("a".repeat(1_000), "b".repeat(1_000), "c".repeat(100)))
                .refused(
                        "digits of a number in JSON",
                        Json.NUMBER_DIGITS_MAX,
                        at -> KvValue.jsonText("1" + "0".repeat(Json.NUMBER_DIGITS_MAX)))
                .refused(
                        "levels of nesting in JSON",
                        Json.DEPTH_MAX,
                        at -> KvValue.jsonText("[".repeat(Json.DEPTH_MAX + 1) + "]".repeat(Json.DEPTH_MAX + 1)));
    }

    private static Limits values(Limits limits) {
        KvLimits kv = KvLimits.defaults();
        long page = hidden("kv.KvScan", "PAGE_MAX");
        long watched = hidden("kv.KvWatchOptions", "WATCHED_MAX");
        return limits.refused(
                        "bytes of a value",
                        kv.valueBytesMax(),
                        at -> at.kv().set(Key.of("k"), new byte[kv.valueBytesMax() + 1]))
                .refused("checks and mutations of a commit", kv.operationsMax(), at -> {
                    KvAtomic atomic = at.kv().atomic();
                    IntStream.rangeClosed(0, kv.operationsMax()).forEach(i -> atomic.delete(Key.of(i)));
                    atomic.commit();
                })
                .refused(
                        "keys of a batch call",
                        kv.batchKeysMax(),
                        at -> at.kv().getAll(Collections.nCopies(kv.batchKeysMax() + 1, Key.of("k"))))
                .refused("bytes of the values that one call returns or extends", KvLimits.RESULT_BYTES_MAX, at -> {
                    List<Key> keys = IntStream.range(0, 5)
                            .mapToObj(i -> Key.of("large", i))
                            .toList();
                    keys.forEach(key -> at.kv().set(key, new byte[(int) KvLimits.RESULT_BYTES_MAX / 4]));
                    try {
                        at.kv().getAll(keys);
                    } finally {
                        at.kv().delete(Key.of("large"));
                    }
                })
                .refused(
                        "time to live",
                        KvLimits.TTL_MAX.toDays(),
                        at -> at.kv().set(Key.of("k"), 1, KvLimits.TTL_MAX.plusMillis(1)))
                .refused(
                        "entries of a page",
                        page,
                        at -> at.kv().paginate(KvSelection.all(), Optional.empty(), (int) page + 1))
                .soft("bytes of a page", hidden("kv.KvScan", "PAGE_BYTES_MAX"))
                .refused(
                        "digits of a number in arithmetic",
                        BigIntegerTag.DIGITS_MAX,
                        at -> at.kv()
                                .atomic()
                                .sum(Key.of("n"), BigInteger.TEN.pow(BigIntegerTag.DIGITS_MAX))
                                .commit())
                .refused(
                        "first entries that a watch is told of each prefix",
                        page,
                        at -> KvWatchOptions.prefixes(KeyPrefix.all()).withInitialLimit((int) page + 1))
                .refused(
                        "keys and prefixes of a watch",
                        watched,
                        at -> KvWatchOptions.keys(IntStream.rangeClosed(0, (int) watched)
                                .mapToObj(Key::of)
                                .toArray(Key[]::new)))
                .soft("changed keys that wait for a slow listener", hidden("engine.WatchLoop", "WAITING_MAX"))
                .soft("changes of a namespace that are kept", hidden("engine.ChangePruner", "KEEP"));
    }

    private static Limits documents(Limits limits) {
        CollectionLimits documents = CollectionLimits.defaults();
        return limits.refused(
                        "bytes of a document as JSON text",
                        documents.documentBytesMax(),
                        at -> at.collection("c").insert(Map.of("text", "a".repeat(documents.documentBytesMax()))))
                .refused(
                        "bytes of an id in UTF-8",
                        CollectionLimits.ID_BYTES_MAX,
                        at -> at.collection("c").insert(Map.of("id", "a".repeat(CollectionLimits.ID_BYTES_MAX + 1))))
                .refused(
                        "characters of a name of a collection or an index",
                        CollectionLimits.NAME_CHARS_MAX,
                        at -> at.collection("a".repeat(CollectionLimits.NAME_CHARS_MAX + 1)))
                .refused(
                        "documents of one `insertMany`",
                        documents.batchDocumentsMax(),
                        at -> at.collection("c")
                                .insertMany(Collections.nCopies(documents.batchDocumentsMax() + 1, Map.of())))
                .refused("indexes of a collection", CollectionLimits.INDEXES_MAX, at -> {
                    for (int i = 0; i <= CollectionLimits.INDEXES_MAX; i++) {
                        at.collection("indexed").createIndex(DocumentIndex.on("i" + i, "f" + i));
                    }
                })
                .refused("elements of an array in a multi index", CollectionLimits.ELEMENTS_MAX, at -> {
                    at.collection("tagged")
                            .createIndex(DocumentIndex.on("tags", "tags").asMulti());
                    at.collection("tagged").insert(Map.of("tags", many(CollectionLimits.ELEMENTS_MAX + 1)));
                })
                .soft(
                        "bytes of a value that are compared in an index",
                        hidden("collection.IndexValue", "FIELD_BYTES_MAX"))
                .soft("changed documents that wait for a slow listener", hidden("engine.WatchLoop", "WAITING_MAX"))
                .soft("shapes of filters that a store keeps as SQL", SqlConditions.SHAPES_MAX);
    }

    private static List<Integer> many(int elements) {
        return IntStream.range(0, elements).boxed().toList();
    }

    private static Limits queries(Limits limits) {
        CollectionLimits documents = CollectionLimits.defaults();
        long page = hidden("collection.StoredCollection", "PAGE_MAX");
        long first = hidden("collection.CollectionWatchOptions", "INITIAL_LIMIT_MAX");
        String[] paths = IntStream.rangeClosed(0, CollectionLimits.PATHS_MAX)
                .mapToObj(i -> "f" + i)
                .toArray(String[]::new);
        return limits.refused(
                        "fields of an index or a sort",
                        CollectionLimits.PATHS_MAX,
                        at -> DocumentIndex.on("wide", paths))
                .refused(
                        "documents that a sort without an index holds",
                        documents.sortDocumentsMax(),
                        at -> sorted(at, 2, "a"))
                .refused(
                        "bytes that a sort without an index holds",
                        documents.sortBytesMax(),
                        at -> sorted(at, 10, "a".repeat(1_000)))
                .refused(
                        "documents of a page",
                        page,
                        at -> at.collection("c").page(DocumentQuery.all(), Optional.empty(), (int) page + 1))
                .soft("bytes of a page", hidden("collection.StoredCollection", "PAGE_BYTES_MAX"))
                .refused(
                        "documents that a watch tells first",
                        first,
                        at -> CollectionWatchOptions.all().withInitialLimit((int) first + 1));
    }

    /** Sorts more than small limits allow: one document, or a kibibyte. */
    private static void sorted(Holdfast at, int documentsMax, String text) {
        CollectionRoom room = CollectionRoom.of(at.database());
        CollectionLimits defaults = CollectionLimits.defaults();
        at.collection("sorted").upsert(Map.of("id", "1", "text", text));
        at.collection("sorted").upsert(Map.of("id", "2", "text", text));
        at.collection("sorted").upsert(Map.of("id", "3", "text", text));
        room.limits(defaults.withSortDocumentsMax(documentsMax).withSortBytesMax(1 << 10));
        try {
            at.collection("sorted").find(DocumentQuery.all().sort("text"));
        } finally {
            room.limits(defaults);
        }
    }

    private static Limits search(Limits limits) {
        long chars = hidden("search.SearchQuery", "TEXT_CHARS_MAX");
        long words = hidden("search.SearchQuery", "WORDS_MAX");
        return limits.refused(
                        "fields of an index",
                        SearchRoom.FIELDS_MAX,
                        at -> at.kv()
                                .search()
                                .createIndex(
                                        KeyPrefix.of("s"),
                                        Collections.nCopies(SearchRoom.FIELDS_MAX + 1, "f"),
                                        Tokenizer.ASCII,
                                        false))
                .refused("characters of a query", chars, at -> find(at, "a".repeat((int) chars + 1)))
                .refused("words of a query", words, at -> find(at, manyWords((int) words + 1)))
                .soft("bytes of a word", Tokenizer.TOKEN_BYTES_MAX)
                .soft("bytes of all different words of a document", hidden("search.DocumentTokens", "BYTES_MAX"))
                .soft("places of a document in which phrases are found", hidden("search.DocumentTokens", "PLACES_MAX"))
                .soft(
                        "places of one word in which phrases are found",
                        hidden("search.DocumentTokens", "PLACES_PER_TOKEN_MAX"));
    }

    private static void find(Holdfast at, String query) {
        at.kv().search().createIndex(KeyPrefix.of("found"), List.of("f"), Tokenizer.ASCII, false);
        at.kv().search().find(KvSelection.below("found"), query);
    }

    private static String manyWords(int words) {
        return String.join(" ", IntStream.range(0, words).mapToObj(i -> "w" + i).toList());
    }

    private static Limits filters(Limits limits) {
        Filter one = Filter.where("a").eq(1);
        List<Integer> list = Collections.nCopies(Filter.LIST_MAX, 1);
        return limits.refused("levels of and, or, not", Filter.DEPTH_MAX, at -> {
                    Filter deep = one;
                    for (int i = 0; i <= Filter.DEPTH_MAX; i++) {
                        deep = i % 2 == 0 ? deep.and(one) : deep.or(one);
                    }
                })
                .refused(
                        "conditions of a filter",
                        Filter.CONDITIONS_MAX,
                        at -> Filter.anyOf(Collections.nCopies(Filter.CONDITIONS_MAX + 1, one)))
                .refused(
                        "values of one list",
                        Filter.LIST_MAX,
                        at -> Filter.where("a").in(Collections.nCopies(Filter.LIST_MAX + 1, 1)))
                .refused(
                        "values of a filter",
                        Filter.VALUES_MAX,
                        at -> Filter.anyOf(Collections.nCopies(
                                Filter.VALUES_MAX / Filter.LIST_MAX + 1,
                                Filter.where("a").in(list))))
                .refused(
                        "digits of a number",
                        Operand.DIGITS_MAX,
                        at -> Filter.where("a").eq(new BigDecimal("1".repeat(Operand.DIGITS_MAX + 1))))
                .refused(
                        "steps of a path",
                        FieldPath.STEPS_MAX,
                        at -> FieldPath.parse("a" + ".a".repeat(FieldPath.STEPS_MAX)))
                .refused(
                        "characters of the names in a path",
                        FieldPath.NAME_CHARS_MAX,
                        at -> FieldPath.of("a".repeat(FieldPath.NAME_CHARS_MAX + 1)))
                .soft("shapes of filters that a store keeps as SQL", SqlConditions.SHAPES_MAX);
    }
}
