package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvStrings;
import dev.holdfast.kv.KvValue;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operational state under text keys. */
public abstract class KvStringsContract extends KvSuite {
    /** A suite over the stores of one engine. */
    protected KvStringsContract() {}

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "1.5", "\"text\"", "[1,null,{}]", "{\"a\":{\"b\":[]},\"_%\":\"é\"}"})
    void anyJsonRoundTrips(String json) {
        kv.strings().set("k", Json.parse(json));

        assertThat(kv.strings().get("k")).contains(KvValue.jsonText(json));
        assertThat(kv.strings().list()).containsExactly("k");
    }

    @Test
    void typesRoundTripToo() {
        kv.strings().set("cursor", 42L);
        kv.strings().set("state", new State("running", 3));
        kv.strings().set("bytes", new byte[] {1, 2});

        assertThat(kv.strings().get("cursor", Long.class)).contains(42L);
        assertThat(kv.strings().get("state", State.class)).contains(new State("running", 3));
        assertThat(kv.strings().get("bytes", byte[].class).orElseThrow()).containsExactly(1, 2);
        assertThat(kv.strings().get("missing", Long.class)).isEmpty();
        assertThatThrownBy(() -> kv.strings().get("state", Long.class)).hasMessageContaining("codec.mismatch");
    }

    @Test
    void aPrefixIsLiteral() {
        for (String key : List.of("a_2", "A_1", "aX3", "a_", "a", "a%1", "a_\u00E9", "b")) {
            kv.strings().set(key, 1);
        }

        assertThat(kv.strings().list("a_")).containsExactly("a_", "a_2", "a_\u00E9");
        assertThat(kv.strings().list("a%")).containsExactly("a%1");
        assertThat(kv.strings().list("%")).isEmpty();
        assertThat(kv.strings().list("A")).containsExactly("A_1");
        assertThat(kv.strings().list()).containsExactly("A_1", "a", "a%1", "aX3", "a_", "a_2", "a_\u00E9", "b");
    }

    @Test
    void keysAreOrderedByTheirBytesAndAPrefixEndsWhereItDoes() {
        String last = Character.toString(Character.MAX_CODE_POINT);
        List<String> ordered = List.of(
                "p",
                "p\u0000",
                "p\u0000x",
                "p\uD7FF",
                "p\uD7FFx",
                "p\uE000",
                "p\uFFFF",
                "p" + last,
                "p" + last + "x",
                "q");
        ordered.reversed().forEach(key -> kv.strings().set(key, 1));

        assertThat(kv.strings().list()).isEqualTo(ordered);
        assertThat(kv.strings().list("p")).isEqualTo(ordered.subList(0, 9));
        assertThat(kv.strings().list("p\u0000")).containsExactly("p\u0000", "p\u0000x");
        assertThat(kv.strings().list("p\uD7FF")).containsExactly("p\uD7FF", "p\uD7FFx");
        assertThat(kv.strings().list("p\uFFFF")).containsExactly("p\uFFFF");
        assertThat(kv.strings().list("p" + last)).containsExactly("p" + last, "p" + last + "x");
        assertThat(kv.strings().list(last)).isEmpty();
        String longest = "l".repeat(1_023) + "\uFFFF";
        kv.strings().set(longest, 1);
        assertThat(kv.strings().list(longest)).containsExactly(longest);
    }

    @Test
    void manyKeysAreListedWhole() {
        store.session().write(UnitKind.USER, tx -> {
            IntStream.range(0, 700).forEach(i -> Kv.in(tx).strings().set("job:%04d".formatted(i), i));
            return tx;
        });
        kv.strings().set("jobs", 1);

        assertThat(kv.strings().list("job:")).hasSize(700).isSorted();
        try (var first = kv.strings().keys("job:")) {
            assertThat(first.limit(2)).containsExactly("job:0000", "job:0001");
        }
    }

    @Test
    void timeToLiveIsExact() {
        kv.strings().set("short", 1, Duration.ofMillis(50));
        kv.strings().set("cleared", 1, Duration.ofMillis(50));
        kv.strings().set("cleared", 2);

        time.advance(Duration.ofMillis(49));
        assertThat(kv.strings().get("short")).isPresent();
        time.advance(Duration.ofMillis(1));

        assertThat(kv.strings().get("short")).isEmpty();
        assertThat(kv.strings().list()).containsExactly("cleared");
        assertThat(kv.strings().delete("short")).isFalse();
        assertThatThrownBy(() -> kv.strings().set("k", 1, Duration.ZERO)).hasMessageContaining("kv.ttl");
    }

    @Test
    void deletingTellsWhetherTheKeyWasThere() {
        kv.strings().set("a", 1);
        kv.strings().set("a/b", 1);

        assertThat(kv.strings().delete("a")).isTrue();
        assertThat(kv.strings().delete("a")).isFalse();
        assertThat(kv.strings().list()).containsExactly("a/b");
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        kv.strings().set("a", 1);

        assertThatThrownBy(() -> store.session().write(UnitKind.USER, tx -> {
                    KvStrings inside = Kv.in(tx).strings();
                    inside.set("a", 2);
                    inside.set("b", 2);
                    assertThat(inside.list()).containsExactly("a", "b");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(kv.strings().get("a", Integer.class)).contains(1);
        assertThat(kv.strings().list()).containsExactly("a");
    }

    @Test
    void theyStandBesideTheOtherKeysOfTheRoom() {
        kv.set(Key.of("a"), 1);

        kv.strings().set("a", 2);

        assertThat(kv.get(Key.of("a")).orElseThrow().value().as(Integer.class)).isOne();
        assertThat(kv.get(Key.of(KvStrings.RESERVED, "a")).orElseThrow().value().as(Integer.class))
                .isEqualTo(2);
    }

    @Test
    void badKeysAreRefused() {
        assertThatThrownBy(() -> kv.strings().set("", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("kv.key_empty");
        assertThatThrownBy(() -> kv.strings().get("x".repeat(1_025))).hasMessageContaining("key.part_too_long");
        assertThatThrownBy(() -> kv.strings().list("x".repeat(1_025))).hasMessageContaining("key.part_too_long");
        assertThat(kv.strings().list()).isEmpty();
    }

    record State(String name, int step) {}
}
