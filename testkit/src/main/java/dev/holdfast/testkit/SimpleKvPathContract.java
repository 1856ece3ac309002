package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.simple.SimpleKv;
import dev.holdfast.simple.SimpleKvOptions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dots in keys: paths into values, and properties that expire on their own. */
public abstract class SimpleKvPathContract extends SimpleKvSuite {
    private static final Map<String, Object> USER = Map.of("name", "J", "age", 3);

    /** A suite over the stores of one engine. */
    protected SimpleKvPathContract() {}

    @Test
    void readsAndWritesProperties() {
        kv.set("user:1", USER);
        assertThat(kv.get("user:1.name")).contains("J");

        kv.set("user:1.settings.theme", "dark");

        assertThat(kv.get("user:1")).contains(Map.of("name", "J", "age", 3L, "settings", Map.of("theme", "dark")));
        assertThat(kv.has("user:1")).isTrue();
        assertThat(kv.has("user:1.settings.theme")).isTrue();
        assertThat(kv.has("user:1.x")).isFalse();
        assertThat(kv.has("nope")).isFalse();
        assertThat(kv.has("nope.x")).isFalse();
        assertThat(kv.keys()).containsExactly("user:1");
        assertThat(kv.count()).isOne();
    }

    @Test
    void deletesThePropertyOnly() {
        kv.set("user:1", USER);
        kv.set("user:1.settings.theme", "dark");

        kv.delete("user:1.settings.theme");
        kv.delete("user:1.settings.theme");
        kv.delete("user:1.name.first");
        kv.delete("nope.x");

        assertThat(kv.get("user:1")).contains(Map.of("name", "J", "age", 3L, "settings", Map.of()));
        assertThat(kv.has("nope")).isFalse();
    }

    @Test
    void aMissingOrNullBaseStartsFromAnEmptyObject() {
        kv.set("null", null);
        kv.setex("expired", Map.of("old", 1), 5);
        pass(5);

        for (String base : List.of("missing", "null", "expired")) {
            kv.set(base + ".a.b", 1);

            assertThat(kv.get(base)).contains(Map.of("a", Map.of("b", 1L)));
            assertThat(kv.ttl(base)).isEqualTo(-2);
        }
    }

    @Test
    void nullStepsBecomeObjects() {
        kv.set("k", Map.of("list", Arrays.asList(null, 1)));
        kv.set("k.gone", null);

        kv.set("k.gone.x", 1);
        kv.set("k.list.0.x", 2);

        assertThat(kv.get("k")).contains(Map.of("gone", Map.of("x", 1L), "list", List.of(Map.of("x", 2L), 1L)));
    }

    @Test
    void nothingLiesBelowWhatIsNoObjectOrList() {
        Map<String, Object> values = Map.of(
                "n",
                5,
                "zero",
                0,
                "empty",
                "",
                "no",
                false,
                "set",
                Set.of(1),
                "map",
                Map.of(1, 2),
                "date",
                Instant.EPOCH,
                "bytes",
                new byte[] {1});
        values.forEach(kv::set);
        values.forEach((key, value) -> {
            assertThatThrownBy(() -> kv.set(key + ".a", 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("key '" + key + ".a'")
                    .hasMessageContaining("step 'a'");
            assertThat(kv.get(key + ".a")).isEmpty();
            kv.delete(key + ".a");
        });

        assertThat(kv.get("n")).contains(5L);
        assertThat(kv.get("map")).contains(Map.of(1L, 2L));
    }

    @Test
    void aListTakesPlacesAndGrowsAtItsEndOnly() {
        kv.set("list", List.of(Map.of("x", 1), 2));

        kv.set("list.0.x", 9);
        kv.set("list.2", 3);
        kv.set("list.3.y", 4);

        assertThat(kv.get("list")).contains(List.of(Map.of("x", 9L), 2L, 3L, Map.of("y", 4L)));
        for (String step : List.of("5", "-1", "01", "x", "99999999999")) {
            assertThatThrownBy(() -> kv.set("list." + step, 1)).hasMessageContaining("simple.path");
            assertThat(kv.has("list." + step)).isFalse();
        }
        kv.delete("list.1");
        assertThat(kv.get("list")).contains(List.of(Map.of("x", 9L), 3L, Map.of("y", 4L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", ".a", "a..b", "."})
    void emptySegmentsAreRefused(String key) {
        assertThatThrownBy(() -> kv.set(key, 1)).hasMessageContaining("empty path segment");
        assertThatThrownBy(() -> kv.get(key)).hasMessageContaining("empty path segment");
        assertThat(kv.count()).isZero();
    }

    @Test
    void aPathHasALimit() {
        assertThatThrownBy(() -> kv.set("a" + ".b".repeat(65), 1)).hasMessageContaining("stepsMax=64");
    }

    @Test
    void aBackslashMakesADotOrdinary() {
        kv.set("ann@example\\.com", Map.of("v1", 1));
        kv.set("ann@example\\.com.v1\\.2", 2);

        assertThat(kv.keys()).containsExactly("ann@example.com");
        assertThat(kv.get(SimpleKv.escape("ann@example.com"))).contains(Map.of("v1", 1L, "v1.2", 2L));
        kv.set("back\\slash", 1);
        assertThat(kv.has("back\\slash")).isTrue();
    }

    @Test
    void withoutDotNotationEveryDotIsOrdinary() {
        SimpleKv plain = open(SimpleKvOptions.defaults().withDotNotation(false));
        plain.set("ann@example.com", 1);
        plain.set(".", 2);

        assertThat(plain.math("ann@example.com", "+", 1)).isEqualTo(2L);
        assertThat(plain.keys()).containsExactly(".", "ann@example.com");
        assertThat(plain.namespace("other").has("ann@example.com")).isFalse();
        assertThat(kv.get("ann@example\\.com")).contains(2L);
    }

    @Test
    void namesOfPrototypesAreNamesLikeOthers() {
        kv.set("k.__proto__.polluted", 1);

        assertThat(kv.get("k")).contains(Map.of("__proto__", Map.of("polluted", 1L)));
    }

    @Test
    void changesOfPropertiesKeepTheExpiryOfTheEntry() {
        kv.set("user:1", USER);
        assertThat(kv.expire("user:1", 60_000)).isTrue();

        kv.set("user:1.age", 4);
        assertThat(kv.math("user:1.age", "+", 1)).isEqualTo(5L);
        kv.delete("user:1.name");
        assertThat(kv.ttl("user:1")).isEqualTo(60_000);
        assertThat(kv.ttl("user:1.age")).isEqualTo(60_000);

        kv.set("user:1", Map.of());
        assertThat(kv.ttl("user:1")).isEqualTo(-2);
    }

    @Test
    void aPropertyExpiresAlone() {
        kv.set("u", Map.of("a", 1));
        kv.setex("u.tmp", 1, 50);
        assertThat(kv.ttl("u.tmp")).isEqualTo(50);
        assertThat(kv.ttl("u")).isEqualTo(-2);
        assertThat(kv.ttl("u.a")).isEqualTo(-2);
        assertThat(kv.ttl("u.none")).isEqualTo(-1);

        pass(49);
        assertThat(kv.get("u")).contains(Map.of("a", 1L, "tmp", 1L));
        pass(1);

        assertThat(kv.get("u")).contains(Map.of("a", 1L));
        assertThat(kv.has("u.tmp")).isFalse();
        assertThat(kv.ttl("u.tmp")).isEqualTo(-1);
        assertThat(kv.expire("u.tmp", 10)).isFalse();
        assertThat(kv.values()).containsExactly(Map.of("a", 1L));
        assertThat(kv.all()).isEqualTo(Map.of("u", Map.of("a", 1L)));
        assertThatThrownBy(() -> kv.math("u.tmp", "+", 1)).hasMessageContaining("Key 'u.tmp' does not exist");
    }

    @Test
    void whoComesFirstEndsAProperty() {
        kv.setex("u", Map.of("a", 1), 100);
        kv.setex("u.tmp", Map.of("x", 1), 50);
        kv.setex("u.late", 1, 500);
        assertThat(kv.ttl("u.tmp.x")).isEqualTo(50);

        pass(50);
        assertThat(kv.get("u")).contains(Map.of("a", 1L, "late", 1L));
        pass(50);

        assertThat(kv.has("u")).isFalse();
        assertThat(kv.has("u.late")).isFalse();
    }

    @Test
    void aNewValueTakesTheExpiryOfAPropertyAway() {
        kv.setex("u.a", Map.of("x", 1), 50);
        kv.setex("u.a.x", 2, 20);
        kv.setex("u.b", 1, 50);
        kv.setex("u.c", 1, 50);

        kv.set("u.a", Map.of("x", 3));
        kv.math("u.b", "+", 1);
        kv.set("u.c", 2);

        assertThat(kv.ttl("u.a.x")).isEqualTo(-2);
        assertThat(kv.ttl("u.b")).isEqualTo(50);
        pass(60);
        assertThat(kv.get("u")).contains(Map.of("a", Map.of("x", 3L), "c", 2L));
        kv.setex("u.c", 2, 50);
        kv.set("u", Map.of("c", 5));
        pass(60);
        assertThat(kv.get("u")).contains(Map.of("c", 5L));
    }

    @Test
    void aPropertyCanBeGivenAnExpiryOrNone() {
        kv.set("u", Map.of("a", 1, "b", 2));

        assertThat(kv.expire("u.a", 50)).isTrue();
        assertThat(kv.expire("u.b", 0)).isTrue();
        kv.setex("u.c", 1, 0);

        assertThat(kv.get("u")).contains(Map.of("a", 1L));
        assertThat(kv.ttl("u.a")).isEqualTo(50);
    }

    @Test
    void expiriesFollowTheElementsOfAList() {
        kv.set("l", List.of("a", "b", "c", "d"));
        kv.expire("l.1", 50);
        kv.expire("l.3", 100);

        kv.delete("l.0");
        assertThat(kv.ttl("l.0")).isEqualTo(50);
        assertThat(kv.ttl("l.2")).isEqualTo(100);
        pass(50);
        assertThat(kv.get("l")).contains(List.of("c", "d"));
        assertThat(kv.ttl("l.1")).isEqualTo(50);
        pass(50);

        assertThat(kv.get("l")).contains(List.of("c"));
    }

    @Test
    void theSweepRemovesExpiredPropertiesFromWhatIsStored() {
        kv.setex("u", Map.of("a", 1), 1_000);
        kv.setex("u.tmp", "secret", 50);
        kv.setex("u.later", 2, 90);
        kv.setex("gone.tmp", "secret", 50);
        kv.delete("gone");
        pass(50);
        assertThat(stored()).anyMatch(text -> text.contains("secret"));

        assertThat(kv.sweep()).isEqualTo(2);

        assertThat(stored()).noneMatch(text -> text.contains("secret"));
        assertThat(kv.get("u")).contains(Map.of("a", 1L, "later", 2L));
        assertThat(kv.ttl("u")).isEqualTo(950);
        pass(40);
        assertThat(kv.sweep()).isOne();
        assertThat(kv.sweep()).isZero();
        assertThat(Kv.in(store.session()).get(Key.of("holdfast.simple", "commandkit_kv", "u")))
                .map(KvEntry::value)
                .hasToString("Optional[{\"a\":1}]");
        assertThat(Kv.in(store.session()).count(KvSelection.below("holdfast.simple")))
                .isEqualTo(2);
    }

    @Test
    void theNumberOfExpiriesHasALimit() {
        kv.atomically(inside -> {
            for (int i = 0; i < 1_000; i++) {
                inside.setex("u.p" + i, 1, 50);
            }
        });

        assertThatThrownBy(() -> kv.setex("u.more", 1, 50)).hasMessageContaining("expiriesMax=1000");
        kv.setex("u.p1", 1, 500);
        assertThat(kv.has("u.more")).isFalse();
    }

    private List<String> stored() {
        try (var all = Kv.in(store.session()).list(KvSelection.below("holdfast.simple"))) {
            return all.map(entry -> entry.value().toString()).toList();
        }
    }
}
