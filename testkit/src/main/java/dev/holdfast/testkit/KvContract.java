package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codec.Codecs;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvNow;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvStats;
import dev.holdfast.kv.KvValue;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What keys and values promise of single entries: writing, reading, typed values, expiry, deletion, counting. */
public abstract class KvContract extends KvSuite {
    private static final Key USER = Key.of("users", 42);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The suite over the stores of one engine. */
    protected KvContract() {}

    @Test
    void aWrittenEntryIsReadWithItsVersionstamp() {
        Versionstamp stamp = kv.set(USER, new User("Ann", 41));

        KvEntry entry = kv.get(USER).orElseThrow();

        assertThat(entry.key()).isEqualTo(USER);
        assertThat(entry.value()).hasToString("{\"name\":\"Ann\",\"age\":41}");
        assertThat(entry.versionstamp()).isEqualTo(stamp);
        assertThat(entry.expiresAt()).isEmpty();
        assertThat(kv.get(Key.of("users", 43))).isEmpty();
    }

    @Test
    void everyWriteHasAGreaterVersionstampAndReplacesAll() {
        Versionstamp first = kv.set(USER, new User("Ann", 41));
        Versionstamp second = kv.set(USER, List.of(1));

        assertThat(second).isGreaterThan(first);
        assertThat(second.uuid()).isGreaterThan(first.uuid());
        assertThat(text(USER)).contains("[1]");
        assertThat(kv.get(USER).orElseThrow().versionstamp()).isEqualTo(second);
    }

    @Test
    void partsOfOtherTypesMakeOtherKeys() {
        write(
                Key.of("k", 1),
                Key.of("k", "1"),
                Key.of("k", BigInteger.ONE),
                Key.of("k", true),
                Key.of("k", new byte[] {1}),
                Key.of("k"));

        assertThat(kv.count(KvSelection.all())).isEqualTo(6);
        assertThat(text(Key.of("k", 1))).contains("0");
        assertThat(text(Key.of("k", "1"))).contains("1");
        assertThat(text(Key.of("k", BigInteger.ONE))).contains("2");
        assertThat(text(Key.of("k", true))).contains("3");
        assertThat(text(Key.of("k", new byte[] {1}))).contains("4");
        assertThat(text(Key.of("k"))).contains("5");
    }

    @Test
    void keysUpToTheirLimitsAreHeld() {
        Key long1 = Key.of("x".repeat(Key.PART_CHARS_MAX));
        Key bytes = Key.of((Object) new byte[Key.PART_BYTES_MAX - 64]);
        Key deep = Key.of(Collections.nCopies(Key.PARTS_MAX, 1));
        Key large = Key.of("a".repeat(1_000), "b".repeat(1_000), "c".repeat(42));
        Key odd = Key.of(
                "\u0000",
                "ü\ud83d\ude00",
                -0.0,
                Double.NaN,
                BigInteger.TEN.pow(600).negate());

        write(long1, bytes, deep, large, odd);

        assertThat(large.bytes()).hasSize(Key.ENCODED_BYTES_MAX);
        for (Key key : List.of(long1, bytes, deep, large, odd)) {
            assertThat(kv.get(key)).as(key.toString()).isPresent();
        }
        assertThat(keys(KvSelection.all())).containsExactlyInAnyOrder(long1, bytes, deep, large, odd);
    }

    @Test
    void valuesOfEveryKindComeBackAsTheyWere() {
        Kv any = kv;
        any.set(Key.of("text"), "a \u0000 \ud83d\ude00");
        any.set(Key.of("bytes"), new byte[] {0, 1, -1});
        any.set(Key.of("counter"), KvValue.u64(-1));
        any.set(Key.of("null"), Json.parse("null"));
        any.set(Key.of("big"), BigInteger.TWO.pow(64));
        any.set(Key.of("shape"), new Square(2));
        any.set(Key.of("number"), Json.parse("1.10"));

        assertThat(value("text").as(String.class)).isEqualTo("a \u0000 \ud83d\ude00");
        assertThat(value("bytes").as(byte[].class)).containsExactly(0, 1, -1);
        assertThat(value("bytes").encoding()).isEqualTo(Encoding.BYTES);
        assertThat(value("counter").as(BigInteger.class)).isEqualTo("18446744073709551615");
        assertThat(value("counter").as(Codecs.u64Big())).isEqualTo("18446744073709551615");
        assertThat(value("null").json().isNull()).isTrue();
        assertThat(value("big").as(BigInteger.class)).isEqualTo(BigInteger.TWO.pow(64));
        assertThat(value("big")).hasToString("{\"__type\":\"bigint\",\"value\":\"18446744073709551616\"}");
        assertThat(value("shape").as(Shape.class)).isEqualTo(new Square(2));
        assertThat(value("number")).hasToString("1.10");
    }

    @Test
    void aViewReadsAndWritesOneType() {
        var users = kv.as(User.class);
        users.set(Key.of("users", 1), new User("Ann", 41));
        users.set(Key.of("users", 2), new User("Bob", 30), SECOND);

        assertThat(users.get(Key.of("users", 1))).contains(new User("Ann", 41));
        assertThat(users.list(KvSelection.below("users"))
                        .map(entry -> entry.value().name()))
                .containsExactly("Ann", "Bob");
        kv.set(Key.of("users", 3), "no user");
        assertThatThrownBy(() -> users.get(Key.of("users", 3)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("codec.mismatch");
    }

    @Test
    void aValueMayBeLargeAndNotLargerThanTheLimit() {
        kv.set(USER, "x".repeat(5_000_000));
        assertThat(value(USER).as(String.class)).hasSize(5_000_000);

        KvRoom.of(store.database()).limits(new KvLimits(10, 10, 10));

        assertThatThrownBy(() -> kv.set(USER, "123456789"))
                .hasMessageContaining("kv.value_too_large")
                .hasMessageContaining("valueBytes=11, valueBytesMax=10");
        assertThat(value(USER).as(String.class)).hasSize(5_000_000);
    }

    @Test
    void theClockStandsInForPlaceholdersWhenTheyAreWritten() {
        kv.set(USER, Json.parse("{\"at\":{\"$now\":true},\"list\":[{\"$now\":true,\"offset\":-5}],\"$now\":false}"));
        kv.set(Key.of("later"), KvNow.now().add(SECOND));

        long now = time.millis();
        assertThat(text(USER)).contains("{\"at\":" + now + ",\"list\":[" + (now - 5) + "],\"$now\":false}");
        assertThat(text(Key.of("later"))).contains("" + (now + 1_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$now':true,'name':'x'}",
                "[{'$now':true,'$offset':'1h'}]",
                "{'a':{'$now':true,'$offset':1,'offset':1}}",
                "{'$now':true,'$offset':1e19}",
                "{'$now':true,'$offset':1e600000000}",
                "{'$now':true,'offset':null}"
            })
    void aPlaceholderIsUnderstoodWhollyOrRefused(String value) {
        JsonNode json = Json.parse(value.replace('\'', '"'));

        assertThatThrownBy(() -> kv.set(USER, json)).hasMessageContaining("kv.now");
        assertThatThrownBy(() -> kv.atomic().set(USER, json).commit()).hasMessageContaining("kv.now");
        assertThat(kv.get(USER)).isEmpty();
    }

    @Test
    void severalKeysAreReadInTheirOrderWithGapsAndRepeats() {
        write(Key.of("a"), Key.of("b"));

        List<Optional<KvEntry>> entries = kv.getAll(List.of(Key.of("b"), Key.of("none"), Key.of("a"), Key.of("b")));

        assertThat(entries.stream()
                        .map(entry -> entry.map(found -> found.value().toString())))
                .containsExactly(Optional.of("1"), Optional.empty(), Optional.of("0"), Optional.of("1"));
        assertThat(kv.getAll(List.of())).isEmpty();
        assertThatThrownBy(() -> kv.getAll(Collections.nCopies(1_001, USER))).hasMessageContaining("kv.too_many_keys");
    }

    @Test
    void anEntryIsThereUntilTheMillisecondOfItsExpiry() {
        kv.set(USER, 1, SECOND);
        assertThat(kv.get(USER).orElseThrow().expiresAt())
                .contains(time.instant().plus(SECOND));

        time.advance(Duration.ofMillis(999));
        assertThat(kv.get(USER)).isPresent();

        time.advance(Duration.ofMillis(1));
        assertInvisible(USER);
        assertThat(kv.set(USER, 2)).isNotNull();
        assertThat(text(USER)).contains("2");
    }

    @Test
    void aNewWriteRemovesAnExpiryAndExpireSetsOne() {
        kv.set(USER, 1, SECOND);
        kv.set(USER, 2);
        time.advance(SECOND);
        assertThat(text(USER)).contains("2");

        assertThat(kv.expire(USER, Optional.of(SECOND))).isTrue();
        assertThat(text(USER)).contains("2");
        assertThat(kv.expire(USER, Optional.empty())).isTrue();
        assertThat(kv.expire(USER, Optional.of(SECOND))).isTrue();
        time.advance(SECOND);
        assertInvisible(USER);
        assertThat(kv.expire(USER, Optional.of(SECOND))).isFalse();
    }

    @Test
    void aTimeToLiveHasItsRange() {
        kv.set(USER, 1, Duration.ofMillis(1));
        kv.set(USER, 1, KvLimits.TTL_MAX);

        assertThatThrownBy(() -> kv.set(USER, 2, Duration.ZERO)).hasMessageContaining("kv.ttl");
        assertThatThrownBy(() -> kv.set(USER, 2, KvLimits.TTL_MAX.plusMillis(1)))
                .hasMessageContaining("kv.ttl");
        assertThat(text(USER)).contains("1");
    }

    @Test
    void expiredEntriesAreRemovedInBatchesAndOthersStay() {
        List<Key> due =
                IntStream.range(0, 1_203).mapToObj(i -> Key.of("due", i)).toList();
        store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            due.forEach(key -> inside.set(key, 1, SECOND));
            return inside.set(USER, 1, SECOND.plusMillis(1));
        });
        kv.set(Key.of("stays"), 1);
        KvRoom room = KvRoom.of(store.database());
        assertThat(room.sweep("default")).isZero();

        time.advance(SECOND);

        assertThat(rows()).isEqualTo(1_205);
        assertThat(room.sweep("default")).isEqualTo(1_203);
        assertThat(rows()).isEqualTo(2);
        assertThat(room.sweep("default")).isZero();
        assertThat(keys(KvSelection.all())).containsExactly(Key.of("stays"), USER);
    }

    @Test
    void deletingAKeyDeletesWhatIsBelowItByWholeParts() {
        write(Key.of("user"), Key.of("user", 1), Key.of("user", 1, "name"), Key.of("users"), Key.of("users", 1));
        kv.set(Key.of("user\u0000"), 1);

        assertThat(kv.delete(Key.of("user"))).isEqualTo(3);

        assertThat(keys(KvSelection.all())).containsExactly(Key.of("user\u0000"), Key.of("users"), Key.of("users", 1));
        assertThat(kv.delete(Key.of("user"))).isZero();
    }

    @Test
    void aPrefixOfManyEntriesIsDeletedAtOnce() {
        store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            for (int i = 0; i < 1_000; i++) {
                inside.set(Key.of("many", i), i);
            }
            return inside.set(Key.of("manz"), 1);
        });

        assertThat(kv.delete(Key.of("many"))).isEqualTo(1_000);

        assertThat(keys(KvSelection.all())).containsExactly(Key.of("manz"));
    }

    @Test
    void exactDeletionLeavesWhatIsBelow() {
        write(Key.of("a"), Key.of("a", 1), Key.of("b"));

        assertThat(kv.deleteExact(Key.of("a"))).isTrue();
        assertThat(kv.deleteExact(Key.of("a"))).isFalse();
        assertThat(kv.deleteExact(List.of(Key.of("b"), Key.of("b"), Key.of("c")), Optional.empty()))
                .isEqualTo(1);

        assertThat(keys(KvSelection.all())).containsExactly(Key.of("a", 1));
    }

    @Test
    void deletionWithAFilterTakesWhatMatches() {
        for (int age = 0; age < 600; age++) {
            kv.set(Key.of("users", age), new User("x", age));
        }
        kv.set(Key.of("users", "text"), "no object");
        kv.set(Key.of("users", "bytes"), new byte[1]);

        Filter old = Filter.where("age").gte(10);
        assertThat(kv.delete(List.of(KeyPrefix.of("users"), KeyPrefix.of("none")), Optional.of(old)))
                .isEqualTo(590);
        assertThat(kv.deleteExact(
                        List.of(Key.of("users", 3), Key.of("users", 4)),
                        Optional.of(Filter.where("age").eq(4))))
                .isEqualTo(1);

        assertThat(kv.count(KeyPrefix.of("users"))).isEqualTo(11);
    }

    @Test
    void whatHasExpiredIsNotCountedWhenItIsDeleted() {
        kv.set(Key.of("a", 1), 1, SECOND);
        kv.set(Key.of("a", 2), 1);
        time.advance(SECOND);

        assertThat(kv.deleteExact(Key.of("a", 1))).isFalse();
        assertThat(kv.delete(Key.of("a"))).isEqualTo(1);
    }

    @Test
    void countingLeavesTheKeyOfThePrefixOut() {
        write(Key.of("a"), Key.of("a", 1), Key.of("a", 2, "x"), Key.of("b"));

        assertThat(kv.count(KeyPrefix.of("a"))).isEqualTo(2);
        assertThat(kv.count(KeyPrefix.all())).isEqualTo(4);
        assertThat(kv.count(KvSelection.below("a").where(Filter.where("$").gt(1))))
                .isEqualTo(1);
        assertThat(kv.count(KvSelection.all().limit(3))).isEqualTo(3);
        assertThat(kv.count(KvSelection.all().from(Key.of("a", 1)).until(Key.of("b"))))
                .isEqualTo(2);
    }

    @Test
    void namespacesDoNotSeeEachOther() {
        Kv other = Kv.in(store.database().session("other"));
        kv.set(USER, 1);
        assertThat(other.get(USER)).isEmpty();
        assertThat(other.count(KvSelection.all())).isZero();

        other.set(USER, 2);

        assertThat(kv.delete(USER)).isEqualTo(1);
        assertThat(other.get(USER)).isPresent();
    }

    @Test
    void statisticsCountWhatIsThere() {
        assertThat(kv.stats()).isEqualTo(new KvStats(0, 0));
        kv.set(USER, "12345");
        kv.set(Key.of("a"), 1, SECOND);
        assertThat(kv.stats())
                .isEqualTo(new KvStats(2, USER.bytes().length + 7 + Key.of("a").bytes().length + 1));

        time.advance(SECOND);

        assertThat(kv.stats().entries()).isEqualTo(1);
    }

    @Test
    void aTransactionSeesItsOwnWritesAndTakesThemBackAll() {
        kv.set(USER, 1);
        List<String> seen = new ArrayList<>();

        assertThatThrownBy(() -> store.session().write(UnitKind.USER, tx -> {
                    Kv inside = Kv.in(tx);
                    inside.set(USER, 2);
                    inside.set(Key.of("new"), 3, SECOND);
                    seen.add(inside.get(USER).orElseThrow().value().toString());
                    inside.list(KvSelection.all())
                            .forEach(entry -> seen.add(entry.key().toString()));
                    inside.delete(USER);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(seen).containsExactly("2", "[\"new\"]", "[\"users\",42]");
        assertThat(text(USER)).contains("1");
        assertThat(kv.get(Key.of("new"))).isEmpty();
    }

    @Test
    void allWritesOfATransactionShareOneVersionstamp() {
        List<Versionstamp> stamps = store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            return List.of(inside.set(Key.of("a"), 1), inside.set(Key.of("b"), 1), new Versionstamp(tx.versionstamp()));
        });

        assertThat(stamps.stream().distinct()).hasSize(1);
        assertThat(kv.get(Key.of("a")).orElseThrow().versionstamp()).isEqualTo(stamps.getFirst());
        assertThat(kv.get(Key.of("b")).orElseThrow().versionstamp()).isEqualTo(stamps.getFirst());
    }

    @Test
    void manyCallersWriteAtOnceAndNothingIsLost() {
        try (Callers callers = new Callers()) {
            var all = IntStream.range(0, 16)
                    .mapToObj(caller -> callers.start(() -> IntStream.range(0, 25)
                            .mapToObj(i -> kv.set(Key.of("c", caller, i), i))
                            .toList()))
                    .toList();

            var stamps = all.stream().flatMap(one -> Callers.outcome(one).value().stream());

            assertThat(stamps.distinct()).hasSize(400);
        }
        assertThat(kv.count(KeyPrefix.of("c"))).isEqualTo(400);
    }

    /** Invisible to every kind of read, whether or not it was collected. */
    private void assertInvisible(Key key) {
        assertThat(kv.get(key)).isEmpty();
        assertThat(kv.getAll(List.of(key))).containsExactly(Optional.empty());
        assertThat(kv.count(KvSelection.all())).isZero();
        assertThat(keys(KvSelection.all())).isEmpty();
        assertThat(kv.keys(KvSelection.all())).isEmpty();
        assertThat(kv.paginate(KvSelection.all(), Optional.empty(), 10).entries())
                .isEmpty();
        assertThat(kv.atomic().checkMissing(key).commit().isCommitted()).isTrue();
    }

    private KvValue value(String part) {
        return value(Key.of(part));
    }

    private KvValue value(Key key) {
        return kv.get(key).orElseThrow().value();
    }

    /** Entries in the table, expired ones too. */
    private long rows() {
        String text = store.database().tables().sql("select count(*) from {p}kv");
        return store.session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }

    private record User(String name, int age) {}

    private sealed interface Shape permits Square {}

    private record Square(int side) implements Shape {}
}
