package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.simple.SimpleEntry;
import dev.holdfast.simple.SimpleKv;
import dev.holdfast.simple.SimpleKvOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Entries, expiry, namespaces, iteration and closing of the small store. */
public abstract class SimpleKvContract extends SimpleKvSuite {
    /** A suite over the stores of one engine. */
    protected SimpleKvContract() {}

    @Test
    void countsKeysNotWrites() {
        kv.set("a", 1);
        kv.set("b", 2);
        kv.set("a", 3);

        assertThat(kv.count()).isEqualTo(2);
        assertThat(kv.get("a")).contains(3L);
    }

    @Test
    void hasTellsWhetherAKeyExistsEvenIfItHoldsNull() {
        kv.set("user:1", Map.of("name", "J"));
        kv.set("nothing", null);

        assertThat(kv.has("user:1")).isTrue();
        assertThat(kv.has("nothing")).isTrue();
        assertThat(kv.has("nope")).isFalse();
        assertThat(kv.get("nothing")).isEmpty();
    }

    @Test
    void deletingWhatIsMissingIsNoError() {
        kv.set("a", 1);

        kv.delete("a");
        kv.delete("a");

        assertThat(kv.has("a")).isFalse();
    }

    @Test
    void keysAreKeptInTheOrderOfTheirUtf8BytesByEveryListing() {
        List<String> ordered = List.of("A", "a", "a:1", "b", "é", "\uFFFD", "\uD83D\uDE00");
        ordered.reversed().forEach(key -> kv.set(key, key));

        assertThat(kv.keys()).isEqualTo(ordered);
        assertThat(kv.values()).isEqualTo(ordered);
        assertThat(kv.all().keySet()).containsExactlyElementsOf(ordered);
        assertThat(kv.entries().map(SimpleEntry::key)).containsExactlyElementsOf(ordered);
        assertThat(kv).map(SimpleEntry::value).isEqualTo(ordered);
    }

    @Test
    void ttlTellsMissingFromEverlasting() {
        kv.set("user:1", 1);

        assertThat(kv.ttl("nope")).isEqualTo(-1);
        assertThat(kv.ttl("user:1")).isEqualTo(-2);
    }

    @Test
    void anExpiredEntryIsInNoAnswer() {
        kv.setex("s", 1, 50);
        kv.set("stays", 2);
        assertThat(kv.ttl("s")).isEqualTo(50);

        pass(49);
        assertThat(kv.ttl("s")).isEqualTo(1);
        pass(1);

        assertThat(kv.get("s")).isEmpty();
        assertThat(kv.has("s")).isFalse();
        assertThat(kv.ttl("s")).isEqualTo(-1);
        assertThat(kv.keys()).containsExactly("stays");
        assertThat(kv.values()).containsExactly(2L);
        assertThat(kv.all()).isEqualTo(Map.of("stays", 2L));
        assertThat(kv.count()).isOne();
        assertThat(kv).hasSize(1);
    }

    @Test
    void setTakesAnExpiryAwayAndSetexReplacesIt() {
        kv.setex("a", 1, 50);
        kv.setex("b", 1, 50);

        kv.set("a", 2);
        kv.setex("b", 2, Duration.ofSeconds(1));

        assertThat(kv.ttl("a")).isEqualTo(-2);
        assertThat(kv.ttl("b")).isEqualTo(1_000);
    }

    @Test
    void expireWorksOnWhatExists() {
        kv.set("user:1", 1);

        assertThat(kv.expire("user:1", 60_000)).isTrue();
        assertThat(kv.ttl("user:1")).isGreaterThan(59_000).isLessThanOrEqualTo(60_000);
        assertThat(kv.expire("nope", 1_000)).isFalse();
        assertThat(kv.get("user:1")).contains(1L);
    }

    @Test
    void withNoTimeLeftAnEntryIsExpiredAtOnce() {
        kv.set("a", 1);
        kv.set("b", 1);

        assertThat(kv.expire("a", 0)).isTrue();
        kv.setex("b", 2, -5);
        kv.setex("c", 3, Duration.ofSeconds(Long.MIN_VALUE));

        assertThat(kv.keys()).isEmpty();
        assertThat(kv.expire("a", 10)).isFalse();
    }

    @Test
    void aTimeBeyondAHundredYearsIsRefused() {
        assertThatThrownBy(() -> kv.setex("a", 1, Long.MAX_VALUE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("simple.ttl");
        kv.set("a", 1);
        assertThatThrownBy(() -> kv.expire("a", Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("simple.ttl");
        assertThat(kv.ttl("a")).isEqualTo(-2);
    }

    @Test
    void badKeysAreRefused() {
        assertThatThrownBy(() -> kv.set("", 1)).hasMessageContaining("the key is empty");
        assertThatThrownBy(() -> kv.get("x".repeat(1_025))).hasMessageContaining("key.part_too_long");
        kv.set("x".repeat(1_024), 1);

        assertThat(kv.count()).isOne();
    }

    @Test
    void clearEmptiesOneNamespaceOnly() {
        SimpleKv users = kv.namespace("users");
        kv.set("k", 1);
        users.set("k", 2);

        kv.clear();

        assertThat(kv.count()).isZero();
        assertThat(users.get("k")).contains(2L);
    }

    @Test
    void aNamespaceExistsFromTheMomentItIsAskedFor() {
        assertThat(kv.namespaces()).containsExactly("commandkit_kv");

        kv.namespace("users");
        kv.namespace("Users").set("k", 1);
        open(SimpleKvOptions.defaults().withNamespace("config"));

        assertThat(kv.namespaces()).containsExactly("Users", "commandkit_kv", "config", "users");
        assertThat(kv.namespace("users").has("k")).isFalse();
        assertThat(kv.namespace("users").currentNamespace()).isEqualTo("users");
        assertThat(open(SimpleKvOptions.defaults().withNamespace("Users")).get("k"))
                .contains(1L);
    }

    @Test
    void anyTextNamesANamespace() {
        for (String name : List.of("a-b", "1a", "x; DROP TABLE users", "ü", "n".repeat(128))) {
            kv.namespace(name).set("k", name);
        }

        assertThat(kv.namespaces()).contains("a-b", "x; DROP TABLE users");
        assertThat(kv.namespace("x; DROP TABLE users").get("k")).contains("x; DROP TABLE users");
        for (String name : List.of("", "n".repeat(129), "a\nb")) {
            assertThatThrownBy(() -> kv.namespace(name)).hasMessageContaining("simple.namespace");
        }
    }

    @Test
    void aNamespaceAskedForInATransactionThatFailsExistsOnceItIsAskedForAgain() {
        assertThatThrownBy(() -> kv.atomically(inside -> {
                    inside.namespace("late").set("k", 1);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(kv.namespaces()).containsExactly("commandkit_kv");

        kv.namespace("late").set("k", 2);

        assertThat(kv.namespaces()).containsExactly("commandkit_kv", "late");
    }

    @Test
    void iterationSeesOneSnapshot() {
        for (int i = 0; i < 600; i++) {
            kv.set("k%03d".formatted(i), i);
        }

        List<String> seen = new ArrayList<>();
        for (SimpleEntry entry : kv) {
            kv.delete(entry.key());
            kv.delete("k599");
            kv.set("new" + seen.size(), 1);
            seen.add(entry.key());
            if (seen.size() == 20) {
                break;
            }
        }
        Iterator<SimpleEntry> later = kv.iterator();
        kv.clear();

        assertThat(seen).hasSize(20).doesNotHaveDuplicates().startsWith("k000", "k001");
        assertThat(later).toIterable().hasSize(600 - 20 - 1 + 20);
    }

    @Test
    void whatIsReturnedIsACopy() {
        kv.set("list", List.of(1));

        @SuppressWarnings("unchecked") // this test put it there
        List<Object> list = (List<Object>) kv.get("list").orElseThrow();
        list.add("more");

        assertThat(kv.get("list")).contains(List.of(1L));
    }

    @Test
    void everythingLiesBelowOneReservedKey() {
        Kv room = Kv.in(store.session());
        room.set(Key.of("own"), 1);

        kv.namespace("users").set("k", 1);
        kv.setex("k.p", 1, 10);

        assertThat(room.keys(KvSelection.all()))
                .allMatch(key ->
                        key.equals(Key.of("own")) || key.get(0, String.class).equals("holdfast.simple"));
        assertThat(room.get(Key.of("holdfast.simple", "users", "k"))).isPresent();
    }

    @Test
    void aClosedHandleRefusesEverything() {
        SimpleKv users = kv.namespace("users");
        users.set("a", 1);

        users.close();
        users.close();

        assertThat(users.isOpen()).isFalse();
        assertThatThrownBy(() -> users.get("a"))
                .isInstanceOfSatisfying(
                        ClosedException.class, e -> assertThat(e.detail()).isEqualTo("Store is closed"));
        assertThatThrownBy(users::keys).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> users.transaction(SimpleKv::count)).isInstanceOf(ClosedException.class);
        assertThat(kv.isOpen()).isTrue();
        assertThat(kv.namespace("users").get("a")).contains(1L);
    }

    @Test
    void theHandleThatWasOpenedTakesItsNamespacesAlongButNotASharedStore() {
        SimpleKv users = kv.namespace("users");
        users.set("a", 1);

        kv.close();

        assertThat(users.isOpen()).isFalse();
        assertThatThrownBy(() -> users.get("a")).hasMessageContaining("Store is closed");
        assertThat(open(SimpleKvOptions.defaults()).namespace("users").get("a")).contains(1L);
    }
}
