package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codec.Codecs;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.FilterField;
import dev.holdfast.filter.SqlConditions;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.v8.V8Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What filters promise over keys and values, whatever the database does of the work: the matches are those of the
 * filter itself, a limit counts matches alone, and values that are no JSON text disturb nothing.
 */
public abstract class KvWhereContract extends KvSuite {
    private static final int ENTRIES = 400;
    private static final int FILTERS = 250;
    private static final List<String> WORDS =
            List.of("", "a", "ab", "abc", "B", "ä", "\ud83d\ude00", "a\u0000", "\\u0000", "1e9999", "null");

    private final long seed = Long.getLong(RandomProgram.SEED_PROPERTY, System.nanoTime());
    private final Random random = new Random(seed);

    /** The suite over the stores of one engine. */
    protected KvWhereContract() {}

    @Test
    void theDatabaseLeavesOutNothingThatMatches() {
        fill();
        List<KvEntry> all = entries(KvSelection.all());
        assertThat(all).hasSize(ENTRIES);

        for (int i = 0; i < FILTERS; i++) {
            Filter filter = filter(2);
            List<Key> expected =
                    all.stream().filter(matching(filter)).map(KvEntry::key).toList();
            KvSelection where = KvSelection.all().where(filter);
            int limit = 1 + random.nextInt(50);
            List<Key> first = expected.subList(0, Math.min(limit, expected.size()));

            assertThat(keys(where)).as(text(filter)).isEqualTo(expected);
            assertThat(keys(where.limit(limit))).as(text(filter)).isEqualTo(first);
            assertThat(keys(where.reversed())).as(text(filter)).isEqualTo(expected.reversed());
            assertThat(kv.count(where)).as(text(filter)).isEqualTo(expected.size());
            assertThat(kv.paginate(where, Optional.empty(), limit).entries())
                    .as(text(filter))
                    .extracting(KvEntry::key)
                    .isEqualTo(first);
        }
    }

    @Test
    void deletesWhatMatchesAndNothingElse() {
        for (int i = 0; i < 10; i++) {
            fill();
            Filter filter = filter(2);
            List<Key> left = entries(KvSelection.all()).stream()
                    .filter(matching(filter).negate())
                    .map(KvEntry::key)
                    .toList();

            long deleted = kv.delete(List.of(KeyPrefix.all()), Optional.of(filter));

            assertThat(deleted).as(text(filter)).isEqualTo(ENTRIES - left.size());
            assertThat(keys(KvSelection.all())).as(text(filter)).isEqualTo(left);
        }
    }

    @Test
    void aCounterMatchesAsTheNumberItIsAndOtherBytesMatchNothing() {
        kv.set(Key.of("counter"), KvValue.u64(7), Optional.empty());
        kv.set(Key.of("bytes"), new byte[] {'{', '}', (byte) 0xff});
        kv.set(Key.of("v8"), KvValue.v8(new byte[] {(byte) 0xff, 15, '{', '}'}), Optional.empty());
        kv.set(Key.of("object"), Map.of("a", 1));

        assertThat(keys(KvSelection.all().where(Filter.where("a").isNull()))).containsExactly(Key.of("counter"));
        assertThat(keys(KvSelection.all().where(Filter.where("a").eq(1)))).containsExactly(Key.of("object"));
        assertThat(keys(KvSelection.all().where(Filter.all()))).containsExactly(Key.of("counter"), Key.of("object"));
    }

    @Test
    void aV8ValueIsReadAsJsonFilteredAndReturnedAsItCame() {
        byte[] v8 = HexFormat.of().parseHex("ff106f22016149022201624400000000000000007b02"); // {a: 1, b: new Date(0)}
        kv.set(Key.of("deno"), KvValue.v8(v8), Optional.empty());
        kv.set(Key.of("java"), Map.of("a", 1));
        kv.set(Key.of("other"), KvValue.v8(V8Json.encode(Json.parse("{\"a\":2}"))), Optional.empty());
        kv.set(Key.of("null"), KvValue.v8(V8Json.encode(Json.parse("null"))), Optional.empty());
        KvSelection one = KvSelection.all().where(Filter.where("a").eq(1));
        KvSelection dated = KvSelection.all()
                .where(Filter.where("b.value")
                        .startsWith("1970")
                        .and(Filter.where("a").lt(2)));

        assertThat(keys(one)).containsExactly(Key.of("deno"), Key.of("java"));
        assertThat(keys(one.limit(1))).containsExactly(Key.of("deno"));
        assertThat(kv.count(one)).isEqualTo(2);
        assertThat(keys(dated)).containsExactly(Key.of("deno"));
        assertThat(keys(KvSelection.all().where(Filter.where("a").isNull()))).containsExactly(Key.of("null"));

        KvValue value = kv.get(Key.of("deno")).orElseThrow().value();
        assertThat(value).isEqualTo(KvValue.v8(v8));
        assertThat(value.bytes()).isEqualTo(v8);
        assertThat(value.json())
                .isEqualTo(Json.parse("{\"a\":1,\"b\":{\"__type\":\"date\",\"value\":\"1970-01-01T00:00:00.000Z\"}}"));
        assertThat(kv.as(Codecs.json(Map.class)).get(Key.of("other"))).contains(Map.of("a", 2));

        assertThat(kv.deleteExact(List.of(Key.of("deno"), Key.of("other")), one.where()))
                .isEqualTo(1);
        assertThat(kv.delete(List.of(KeyPrefix.all()), dated.where())).isZero();
        assertThat(kv.delete(
                        List.of(KeyPrefix.all()), Optional.of(Filter.where("a").gte(1))))
                .isEqualTo(2);
        assertThat(keys(KvSelection.all())).containsExactly(Key.of("null"));
    }

    @Test
    void filtersOfMoreShapesThanAreKeptMatchTheSame() {
        IntStream.range(0, 20).forEach(i -> kv.set(Key.of(i), Map.of("n", 10 * i)));

        for (int i = 1; i < SqlConditions.SHAPES_MAX + 20; i++) {
            Filter below = Filter.where("n").in(IntStream.range(0, i).boxed().toList());
            assertThat(keys(KvSelection.all().where(below))).as("%d", i).hasSize(Math.min(20, (i + 9) / 10));
        }
    }

    private void fill() {
        kv.delete(List.of(KeyPrefix.all()), Optional.empty());
        for (int i = 0; i < ENTRIES; i++) {
            if (random.nextInt(8) == 0) {
                kv.set(Key.of("k", i), KvValue.v8(v8()), Optional.empty());
            } else {
                kv.set(Key.of("k", i), value(), Optional.empty());
            }
        }
    }

    /** Mostly what a JavaScript program writes. */
    private byte[] v8() {
        return random.nextInt(4) == 0
                ? bytes()
                : value().findJson().map(V8Json::encode).orElseGet(this::bytes);
    }

    private KvValue value() {
        return switch (random.nextInt(12)) {
            case 0 -> KvValue.u64(random.nextInt(6));
            case 1 -> KvValue.bytes(bytes());
            case 2, 3 -> KvValue.of(word());
            case 4 -> KvValue.of(List.of(random.nextInt(3), word(), Map.of("a", word())));
            case 5 -> KvValue.jsonText("{\"a\":1e" + random.nextInt(400) + ",\"b\":\"\\ud83d\\ude00\"}");
            default -> {
                Map<String, Object> object = new HashMap<>();
                for (String field : List.of("a", "b", "c")) {
                    if (random.nextInt(4) > 0) {
                        object.put(field, part());
                    }
                }
                yield KvValue.of(object);
            }
        };
    }

    private Object part() {
        return switch (random.nextInt(7)) {
            case 0 -> random.nextBoolean();
            case 1, 2 -> word();
            case 3 -> List.of(random.nextInt(3), word());
            case 4 -> Map.of("x", random.nextInt(6));
            case 5 -> random.nextInt(-3, 4) / 2.0;
            default -> random.nextInt(6);
        };
    }

    private byte[] bytes() {
        byte[] bytes =
                random.nextBoolean() ? new byte[random.nextInt(9)] : "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private Filter filter(int depth) {
        if (depth > 0 && random.nextBoolean()) {
            Filter one = filter(depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> one.not();
                case 1 -> one.or(filter(depth - 1));
                default -> one.and(filter(depth - 1));
            };
        }
        FilterField field =
                Filter.where(List.of("a", "b", "c", "a.x", "[0]", "[#-1]").get(random.nextInt(6)));
        int number = random.nextInt(6);
        return switch (random.nextInt(12)) {
            case 0, 1 -> field.eq(number);
            case 2 -> field.eq(word());
            case 3 -> field.eq(random.nextBoolean());
            case 4 -> field.gte(number);
            case 5 -> field.lt(number / 2.0);
            case 6 -> field.startsWithIgnoreCase(word());
            case 7 -> field.in(List.of(number, word(), true));
            case 8 -> field.gt(word());
            case 9 -> field.isNull();
            case 10 -> field.contains(word());
            default -> field.isNotEmpty();
        };
    }

    /** Without the database: only what has a JSON form can match. */
    private static Predicate<KvEntry> matching(Filter filter) {
        Predicate<JsonNode> predicate = filter.predicate();
        return entry -> entry.value().findJson().filter(predicate).isPresent();
    }

    private List<KvEntry> entries(KvSelection selection) {
        try (Stream<KvEntry> entries = kv.list(selection)) {
            return entries.toList();
        }
    }

    private String text(Filter filter) {
        return "-D" + RandomProgram.SEED_PROPERTY + "=" + seed + ": " + filter;
    }
}
