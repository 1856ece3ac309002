package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What watches promise: the last state of every key that is watched, deletions and expiries included, and nothing
 * twice.
 */
public abstract class KvWatchContract extends KvSuite {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");

    /** The suite over the stores of one engine. */
    protected KvWatchContract() {}

    @Test
    void aWatchOfKeysBeginsWithWhatIsThereAndWhatIsMissing() {
        kv.set(A, 1);
        kv.set(Key.of("a", "below"), 1);

        try (Told told = watch(KvWatchOptions.keys(A, B))) {
            told.awaitTexts("SET [\"a\"] 1", "DELETE [\"b\"]");
            assertThat(told.events.getFirst().everything()).isTrue();

            kv.set(B, 2);
            kv.set(Key.of("a", "below"), 2);
            told.awaitText("SET [\"b\"] 2");
            kv.delete(A);
            told.awaitText("DELETE [\"a\"]");
            kv.set(A, 3);
            told.awaitText("SET [\"a\"] 3");

            assertThat(told.texts()).noneMatch(text -> text.contains("below"));
        }
    }

    @Test
    void aWatchOfPrefixesHoldsTheirOwnKeysAndWholePartsOnly() {
        kv.set(A, 0);
        kv.set(Key.of("a", 5), 1);
        kv.set(Key.of("ab"), 1);
        kv.set(Key.of("c"), 1);

        try (Told told = watch(KvWatchOptions.prefixes(KeyPrefix.of("a"), KeyPrefix.of("b")))) {
            told.awaitTexts("SET [\"a\"] 0", "SET [\"a\",5] 1");

            kv.set(Key.of("ab"), 2);
            kv.set(B, 2);
            kv.delete(A);
            told.awaitText("DELETE [\"a\",5]");
            told.awaitText("SET [\"b\"] 2");

            assertThat(told.texts()).contains("DELETE [\"a\"]").noneMatch(text -> text.contains("ab"));
        }
    }

    @Test
    void aPrefixWithoutEntriesSaysNothingAtTheBeginning() {
        try (Told told = watch(KvWatchOptions.prefixes(KeyPrefix.of("a")))) {
            kv.set(Key.of("a", 1), 1);
            told.awaitText("SET [\"a\",1] 1");

            assertThat(told.texts()).containsExactly("SET [\"a\",1] 1");
        }
    }

    @Test
    void withoutInitialStateOnlyChangesAreTold() {
        kv.set(A, 1);
        kv.set(B, 1);

        try (Told told = watch(KvWatchOptions.keys(A, B).withoutInitial())) {
            kv.set(B, 2);
            told.awaitText("SET [\"b\"] 2");

            assertThat(told.texts()).containsExactly("SET [\"b\"] 2");
        }
    }

    @Test
    void theLimitHoldsForTheBeginningAlone() {
        IntStream.range(0, 5).forEach(i -> kv.set(Key.of("a", i), i));

        try (Told told = watch(KvWatchOptions.prefixes(KeyPrefix.of("a")).withInitialLimit(2))) {
            told.awaitTexts("SET [\"a\",0] 0", "SET [\"a\",1] 1");
            kv.delete(Key.of("a", 4));
            told.awaitText("DELETE [\"a\",4]");
            assertThat(told.texts()).hasSize(3);
        }
        assertThatThrownBy(() -> KvWatchOptions.keys(A).withInitialLimit(0)).hasMessageContaining("kv.limit");
        assertThatThrownBy(() -> KvWatchOptions.keys(A).withInitialLimit(1_001)).hasMessageContaining("kv.limit");
    }

    @Test
    void everyKindOfWriteIsTold() {
        try (Told told = watch(KvWatchOptions.prefixes(KeyPrefix.all()))) {
            kv.set(A, 1);
            told.awaitText("SET [\"a\"] 1");
            kv.atomic().sum(A, 4).append(B, "x").commit();
            told.awaitText("SET [\"a\"] 5");
            told.awaitText("SET [\"b\"] [\"x\"]");
            kv.transaction(tx -> {
                tx.delete(B);
                return 1;
            });
            told.awaitText("DELETE [\"b\"]");
            store.session().write(UnitKind.USER, tx -> Kv.in(tx).set(B, new byte[3]));
            told.awaitText("SET [\"b\"] BYTES[3 bytes]");
            kv.deleteExact(A);
            told.awaitText("DELETE [\"a\"]");
        }
    }

    @Test
    void whatIsTakenBackIsNeverTold() {
        try (Told told = watch(KvWatchOptions.prefixes(KeyPrefix.all()))) {
            assertThatThrownBy(() -> store.session().write(UnitKind.USER, tx -> {
                        Kv.in(tx).set(A, "taken back");
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
            kv.set(B, 1);
            told.awaitText("SET [\"b\"] 1");

            assertThat(told.texts()).containsExactly("SET [\"b\"] 1");
        }
    }

    @Test
    void anExpiryIsToldAtItsTime() {
        kv.set(A, 1, SECOND);
        kv.set(B, 1, SECOND.multipliedBy(3));

        try (Told told = watch(KvWatchOptions.keys(A, B))) {
            told.awaitTexts("SET [\"a\"] 1", "SET [\"b\"] 1");
            kv.set(Key.of("other"), 1, SECOND.multipliedBy(2));
            Instant begun = time.instant();

            turnUntil(told, "EXPIRE [\"a\"]");
            assertThat(time.instant()).isAfterOrEqualTo(begun.plus(SECOND));
            assertThat(told.texts()).doesNotContain("EXPIRE [\"b\"]");
            turnUntil(told, "EXPIRE [\"b\"]");
            assertThat(time.instant()).isAfterOrEqualTo(begun.plusSeconds(3));
        }
    }

    @Test
    void anEntryThatIsWrittenUnderAWatchExpiresUnderIt() {
        try (Told told = watch(KvWatchOptions.keys(A).withoutInitial())) {
            kv.set(A, 1, SECOND);
            told.awaitText("SET [\"a\"] 1");
            kv.set(A, 2, SECOND.multipliedBy(2));
            told.awaitText("SET [\"a\"] 2");
            time.advance(SECOND);
            kv.set(B, 1);

            turnUntil(told, "EXPIRE [\"a\"]");

            assertThat(kv.get(A)).isEmpty();
            assertThat(told.texts()).containsExactly("SET [\"a\"] 1", "SET [\"a\"] 2", "EXPIRE [\"a\"]");
        }
    }

    @Test
    void aWatchGoesOnFromAnEarlierPosition() {
        kv.set(A, 1);
        Told first = watch(KvWatchOptions.keys(A, B));
        first.awaitTexts("SET [\"a\"] 1", "DELETE [\"b\"]");
        kv.set(A, 2);
        first.awaitText("SET [\"a\"] 2");
        first.close();
        Versionstamp position = first.events.getLast().position();

        kv.set(B, 3);
        kv.delete(A);

        try (Told told = watch(KvWatchOptions.keys(A, B).after(position))) {
            told.awaitText("SET [\"b\"] 3");
            told.awaitText("DELETE [\"a\"]");
            assertThat(told.texts()).doesNotContain("SET [\"a\"] 1");
        }
    }

    @Test
    void aWatchMayGoOnFromTheVersionstampOfAWrite() {
        Versionstamp stamp = kv.set(A, 1);
        kv.set(B, 2);

        try (Told told = watch(KvWatchOptions.keys(A, B).after(stamp))) {
            told.awaitText("SET [\"b\"] 2");
        }
    }

    @Test
    void aSlowListenerIsToldTheLastStateOfEveryKey() {
        CountDownLatch slow = new CountDownLatch(1);
        List<KvWatch.Event> events = Collections.synchronizedList(new ArrayList<>());
        try (KvWatch watch = kv.watch(KvWatchOptions.prefixes(KeyPrefix.all()).withoutInitial(), event -> {
            Callers.pass(slow);
            events.add(event);
        })) {
            assertThat(watch).isNotNull();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 250; i++) {
                    kv.set(Key.of("k", i), round);
                }
            }
            kv.delete(Key.of("k", 7));
            slow.countDown();

            await().atMost(LIMIT).untilAsserted(() -> {
                Map<Key, String> last = new HashMap<>();
                List.copyOf(events)
                        .forEach(event -> event.updates()
                                .forEach(update -> last.put(
                                        update.key(),
                                        update.entry()
                                                .map(entry -> entry.value().toString())
                                                .orElse("gone"))));
                assertThat(last).hasSize(250).containsEntry(Key.of("k", 7), "gone");
                assertThat(last.values()).filteredOn("2"::equals).hasSize(249);
            });
        }
    }

    @Test
    void nothingIsLostOrToldTwiceBetweenTheBeginningAndTheFirstChanges() {
        for (int round = 0; round < 20; round++) {
            Key key = Key.of("r", round);
            try (Callers callers = new Callers()) {
                var writer = callers.start(() -> kv.set(key, 1));
                try (Told told = watch(KvWatchOptions.keys(key))) {
                    Callers.outcome(writer).value();
                    kv.set(key, 2);
                    told.awaitText("SET [\"r\"," + round + "] 2");

                    List<KvWatch.Update> updates = told.events.stream()
                            .flatMap(event -> event.updates().stream())
                            .toList();
                    assertThat(updates.stream().map(update -> update.entry().map(entry -> entry.versionstamp())))
                            .doesNotHaveDuplicates();
                }
            }
        }
    }

    @Test
    void aFailingListenerGoesOn() {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        try (KvWatch watch = kv.watch(KvWatchOptions.keys(A).withoutInitial(), event -> {
            told.add(event.updates().getFirst().kind().name());
            throw new IllegalStateException("this listener fails on purpose");
        })) {
            assertThat(watch).isNotNull();
            kv.set(A, 1);
            await().atMost(LIMIT).until(() -> told.size() == 1);
            kv.set(A, 2);
            await().atMost(LIMIT).until(() -> told.size() == 2);
        }
    }

    @Test
    void aClosedWatchIsSilentAndMayBeClosedAgain() {
        Told closed = watch(KvWatchOptions.keys(A).withoutInitial());
        closed.close();
        closed.close();

        try (Told told = watch(KvWatchOptions.keys(A).withoutInitial())) {
            kv.set(A, 1);
            told.awaitText("SET [\"a\"] 1");
        }

        assertThat(closed.texts()).isEmpty();
        assertThat(KvRoom.of(store.database()).sweep("default")).isZero();
    }

    @Test
    void namespacesAreWatchedApart() {
        Kv other = Kv.in(store.database().session("other"));
        try (Told told = watch(KvWatchOptions.prefixes(KeyPrefix.all()))) {
            other.set(A, "elsewhere");
            kv.set(B, 1);
            told.awaitText("SET [\"b\"] 1");

            assertThat(told.texts()).containsExactly("SET [\"b\"] 1");
        }
    }

    /** Turns the clock in small steps until something was told. */
    private void turnUntil(Told told, String text) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> {
            time.advance(Duration.ofMillis(20));
            return told.texts().contains(text);
        });
    }

    private Told watch(KvWatchOptions options) {
        List<KvWatch.Event> events = Collections.synchronizedList(new ArrayList<>());
        return new Told(events, kv.watch(options, events::add));
    }

    /** What a watch has told so far. */
    private record Told(List<KvWatch.Event> events, KvWatch watch) implements AutoCloseable {
        List<String> texts() {
            return List.copyOf(events).stream()
                    .flatMap(event -> event.updates().stream())
                    .map(update -> update.kind() + " " + update.key()
                            + update.entry()
                                    .map(entry -> " " + text(entry.value()))
                                    .orElse(""))
                    .toList();
        }

        void awaitText(String text) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(2))
                    .untilAsserted(() -> assertThat(texts()).contains(text));
        }

        /** All of these, in one event, and nothing else so far. */
        void awaitTexts(String... texts) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(2))
                    .untilAsserted(() -> assertThat(texts()).containsExactlyInAnyOrder(texts));
            assertThat(events).hasSize(1);
        }

        private static String text(KvValue value) {
            return value.toString();
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
