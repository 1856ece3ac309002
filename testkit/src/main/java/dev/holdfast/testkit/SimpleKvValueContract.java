package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the small store keeps of values, and how it gives them back. */
public abstract class SimpleKvValueContract extends SimpleKvSuite {
    private static final Instant DATE = Instant.parse("2030-02-03T04:05:06.007008009Z");
    private static final BigInteger BIG = BigInteger.TWO.pow(70).negate();

    /** A suite over the stores of one engine. */
    protected SimpleKvValueContract() {}

    /** Every type that comes back as it went in. */
    static Map<String, Object> samples() {
        Map<String, Object> samples = new LinkedHashMap<>();
        samples.put("string", "text \u0000 é \uD83D\uDE00 \"$now\"");
        samples.put("integer", 3L);
        samples.put("largest", 1L << 53);
        samples.put("fraction", 0.1);
        samples.put("integral double", 2.0);
        samples.put("large double", 1.0e300);
        samples.put("smallest double", Double.MIN_VALUE);
        samples.put("negative zero", -0.0);
        samples.put("not a number", Double.NaN);
        samples.put("infinity", Double.NEGATIVE_INFINITY);
        samples.put("boolean", true);
        samples.put("date", DATE);
        samples.put("bigint", BIG);
        samples.put("small bigint", BigInteger.TEN);
        samples.put("list", List.of(1L, "two", List.of()));
        samples.put("set", Set.of(1L, "two"));
        samples.put("object", Map.of("a", 1L, "b.c", Map.of(), "", "empty name"));
        samples.put("map", Map.of(1L, "one", DATE, List.of(2L), true, "yes"));
        samples.put("marked", Map.of("$date", "no date", "$now", true));
        samples.put("marked alone", Map.of("$set", List.of(1L)));
        samples.put("big integer tag of others", Map.of("__type", "bigint", "value", "12"));
        samples.put("prototype", Map.of("__proto__", 1L, "constructor", 2L));
        return samples;
    }

    @Test
    void everyTypeRoundTripsAtTheTopAndInsideAListInsideAnObject() {
        samples().forEach((name, value) -> {
            kv.set(name, value);
            kv.set("inner", Map.of("list", List.of(value, value)));

            assertThat(kv.get(name)).as(name).contains(value);
            assertThat(kv.get("inner")).as(name).contains(Map.of("list", List.of(value, value)));
            assertThat(kv.get("inner.list.1")).as(name).contains(value);
        });
        assertThat(kv.all()).containsAllEntriesOf(samples());
    }

    @Test
    void bytesAndRegularExpressionsRoundTripAtAnyDepth() {
        Pattern pattern = Pattern.compile("a+(?<n>b)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
        byte[] bytes = {0, -1, 2};
        kv.set("v", Map.of("in", List.of(bytes, pattern)));
        kv.set("bytes", bytes);
        kv.set("pattern", pattern);

        assertThat(kv.get("v.in.0", byte[].class).orElseThrow()).isEqualTo(bytes);
        assertThat(kv.get("bytes", byte[].class).orElseThrow()).isEqualTo(bytes);
        for (String key : List.of("v.in.1", "pattern")) {
            Pattern read = kv.get(key, Pattern.class).orElseThrow();
            assertThat(read.pattern()).isEqualTo(pattern.pattern());
            assertThat(read.flags()).isEqualTo(pattern.flags());
        }
    }

    @Test
    void nullsAreKept() {
        Map<Object, Object> odd = new HashMap<>();
        odd.put(null, null);
        kv.set("list", Arrays.asList(null, 1L));
        kv.set("map", odd);
        kv.set("set", Collections.singleton(null));
        kv.set("null", null);

        assertThat(kv.get("list")).contains(Arrays.asList(null, 1L));
        assertThat(kv.get("map")).contains(odd);
        assertThat(kv.get("set")).contains(Collections.singleton(null));
        assertThat(kv.all()).containsEntry("null", null);
        assertThat(kv.has("list.0")).isTrue();
    }

    @Test
    void otherNumbersBecomeTheLargerOnes() {
        kv.set("v", List.of((byte) 1, (short) 2, 3, 4L, 0.5f, (1L << 53) + 1, Long.MIN_VALUE));

        assertThat(kv.get("v"))
                .contains(List.of(
                        1L, 2L, 3L, 4L, 0.5, BigInteger.valueOf((1L << 53) + 1), BigInteger.valueOf(Long.MIN_VALUE)));
        assertThat(kv.get("v.6", Long.class)).contains(Long.MIN_VALUE);
        assertThat(kv.get("v.2", int.class)).contains(3);
    }

    @Test
    void arraysBecomeListsAndEnumsText() {
        kv.set("v", new Object[] {new int[] {1, 2}, new String[] {"a"}, Role.ADMIN});

        assertThat(kv.get("v")).contains(List.of(List.of(1L, 2L), List.of("a"), "ADMIN"));
        assertThat(kv.get("v.0", int[].class).orElseThrow()).containsExactly(1, 2);
        assertThat(kv.get("v.2", Role.class)).contains(Role.ADMIN);
    }

    @Test
    void recordsAreObjectsAndComeBackAsThemselves() {
        User user = new User("Ann", 3, DATE, BIG, List.of(new User("Bob", 4, DATE, BigInteger.ONE, List.of())));

        kv.set("user", user);
        kv.set("user.name", "Eve");

        assertThat(kv.get("user.friends.0.since")).contains(DATE);
        assertThat(kv.get("user.age", Integer.class)).contains(3);
        assertThat(kv.get("user", User.class)).contains(new User("Eve", 3, DATE, BIG, user.friends()));
        assertThat(kv.get("user.friends.0", User.class)).contains(user.friends().getFirst());
        assertThat(kv.get("nobody", User.class)).isEmpty();
    }

    @Test
    void whatIsNoSuchValueIsAMismatch() {
        kv.set("v", Map.of("name", 1, "half", 0.5));
        kv.set("map", Map.of(List.of(), 1));

        assertThatThrownBy(() -> kv.get("v.half", Integer.class)).hasMessageContaining("codec.mismatch");
        assertThatThrownBy(() -> kv.get("v", Instant.class)).hasMessageContaining("codec.mismatch");
        assertThatThrownBy(() -> kv.get("map", User.class)).hasMessageContaining("simple.typed");
    }

    @Test
    void unknownClassesAreRefusedByNameAndPlace() {
        kv.set("v", 1);

        assertThatThrownBy(() -> kv.set("v", Map.of("a", List.of(1, new BigDecimal("1.5")))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("class=java.math.BigDecimal, path=$.a[1]");
        assertThatThrownBy(() -> kv.set("v", Optional.of(1))).hasMessageContaining("class=java.util.Optional, path=$)");
        assertThatThrownBy(() -> kv.set("v", Set.of(new StringBuilder()))).hasMessageContaining("StringBuilder");
        assertThat(kv.get("v")).contains(1L);
    }

    @Test
    void nestingHasALimitSoAValueInsideItselfIsRefused() {
        List<Object> loop = new ArrayList<>();
        loop.add(loop);
        assertThatThrownBy(() -> kv.set("v", loop)).hasMessageContaining("simple.too_deep");

        Object deep = 1L;
        for (int i = 0; i < 64; i++) {
            deep = Map.of(1L, deep);
        }
        kv.set("deep", deep);

        assertThat(kv.get("deep")).contains(deep);
    }

    @Test
    void aLargeValueWorksAndOneBeyondTheLimitIsRefused() {
        String large = "x".repeat(5_000_000);
        kv.set("large", large);

        assertThat(kv.get("large")).contains(large);
        assertThatThrownBy(() -> kv.set("larger", "x".repeat(17_000_000))).hasMessageContaining("kv.value_too_large");
        assertThatThrownBy(() -> kv.set("big", BigInteger.ONE.shiftLeft(1_000_000)))
                .hasMessageContaining("bitsMax=1000000");
        assertThat(kv.keys()).containsExactly("large");
    }

    @Test
    void aTextIsATextWhateverItLooksLike() {
        kv.set("k", "{\"a\":1}");

        assertThat(kv.get("k")).contains("{\"a\":1}");
        assertThat(kv.get("k.a")).isEmpty();
        assertThat(kv.has("k.a")).isFalse();
    }

    enum Role {
        ADMIN,
        GUEST
    }

    record User(String name, int age, Instant since, BigInteger score, List<User> friends) {}
}
