package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What watches promise when they go on from an earlier place, and when changes were lost to the pruning of the log. */
public abstract class KvWatchLossContract extends KvSuite {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");

    /** The suite over the stores of one engine. */
    protected KvWatchLossContract() {}

    @Test
    void aPositionLeadsToEverythingThatWasNotToldBeforeIt() {
        List<KvWatch.Event> events = events();
        CountDownLatch stopped = new CountDownLatch(1);
        KvWatch first = kv.watch(KvWatchOptions.prefixes(KeyPrefix.all()).withoutInitial(), event -> {
            events.add(event);
            Callers.pass(stopped);
        });
        writeTogether(500);
        await().atMost(LIMIT).until(() -> !events.isEmpty());
        first.close();
        stopped.countDown();
        Set<Key> told = new HashSet<>(keys(events.subList(0, 1)));
        assertThat(told).hasSizeLessThan(500);

        List<KvWatch.Event> resumed = events();
        try (KvWatch second = kv.watch(
                KvWatchOptions.prefixes(KeyPrefix.all()).after(events.getFirst().position()), resumed::add)) {
            assertThat(second).isNotNull();
            await().atMost(LIMIT).untilAsserted(() -> {
                told.addAll(keys(List.copyOf(resumed)));
                assertThat(told).hasSize(500);
            });
        }
    }

    @Test
    void largeStatesAreToldInPartsAndTheFirstPartIsNoPlaceToGoOnFrom() {
        byte[] large = new byte[3 << 20];
        IntStream.range(0, 8).forEach(i -> kv.set(Key.of("large", i), large));
        kv.set(A, large);

        List<KvWatch.Event> events = events();
        KvWatchOptions all =
                new KvWatchOptions(List.of(A, B), List.of(KeyPrefix.of("large")), true, 8, Optional.empty());
        try (KvWatch watch = kv.watch(all, events::add)) {
            assertThat(watch).isNotNull();
            await().atMost(LIMIT).until(() -> keys(List.copyOf(events)).size() == 10);
        }

        assertThat(events.size()).isGreaterThan(1);
        assertThat(events).allSatisfy(event -> assertThat(event.updates()).hasSizeLessThanOrEqualTo(5));
        assertThat(events.getFirst().everything()).isTrue();
        assertThat(events.subList(1, events.size())).noneMatch(KvWatch.Event::everything);
        assertThat(keys(events)).doesNotHaveDuplicates();
        List<KvWatch.Event> resumed = events();
        try (KvWatch watch = kv.watch(all.after(events.getFirst().position()), resumed::add)) {
            assertThat(watch).isNotNull();
            await().atMost(LIMIT)
                    .until(() -> Set.copyOf(keys(List.copyOf(resumed))).size() == 9);
        }
    }

    @Test
    void largeChangesAreToldInPartsEachOnce() {
        List<KvWatch.Event> events = events();
        try (KvWatch watch = kv.watch(KvWatchOptions.prefixes(KeyPrefix.all()).withoutInitial(), events::add)) {
            assertThat(watch).isNotNull();
            KvAtomic commit = kv.atomic();
            IntStream.range(0, 8).forEach(i -> commit.set(Key.of("large", i), new byte[3 << 20]));
            commit.commit();
            await().atMost(LIMIT).until(() -> keys(List.copyOf(events)).size() == 8);
        }

        assertThat(events.size()).isGreaterThan(1);
        assertThat(events).allSatisfy(event -> assertThat(event.updates()).hasSizeLessThanOrEqualTo(3));
        assertThat(keys(events)).doesNotHaveDuplicates();
    }

    @Test
    void theFirstEventHasAPositionToGoOnFrom() {
        kv.set(A, 1);
        List<KvWatch.Event> events = events();
        try (KvWatch first = kv.watch(KvWatchOptions.keys(A), events::add)) {
            assertThat(first).isNotNull();
            await().atMost(LIMIT).until(() -> !events.isEmpty());
        }
        Pruning.all(store.database());
        kv.set(B, 2);

        List<KvWatch.Event> resumed = events();
        try (KvWatch second =
                kv.watch(KvWatchOptions.keys(A, B).after(events.getFirst().position()), resumed::add)) {
            assertThat(second).isNotNull();
            await().atMost(LIMIT).until(() -> !resumed.isEmpty());
        }
        assertThat(resumed).singleElement().satisfies(event -> {
            assertThat(event.everything()).isFalse();
            assertThat(event.updates()).extracting(KvWatch.Update::key).containsExactly(B);
        });
    }

    @Test
    void whoComesBackTooLateIsToldEverythingWhateverItAskedFor() {
        Versionstamp stamp = kv.set(A, 1);
        kv.set(B, 2);
        Pruning.all(store.database());

        List<KvWatch.Event> events = events();
        try (KvWatch watch = kv.watch(KvWatchOptions.keys(A, B).after(stamp).withoutInitial(), events::add)) {
            assertThat(watch).isNotNull();
            await().atMost(LIMIT).until(() -> !events.isEmpty());
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.everything()).isTrue();
            assertThat(event.updates()).extracting(KvWatch.Update::key).containsExactly(A, B);
        });
    }

    @Test
    void whoComesBackTooLateIsToldMoreThanTheFirstEntries() {
        Versionstamp stamp = kv.set(A, 1);
        writeTogether(150);
        Pruning.all(store.database());

        List<KvWatch.Event> events = events();
        KvWatchOptions few =
                KvWatchOptions.prefixes(KeyPrefix.all()).withInitialLimit(2).after(stamp);
        try (KvWatch watch = kv.watch(few, events::add)) {
            assertThat(watch).isNotNull();
            await().atMost(LIMIT).until(() -> keys(List.copyOf(events)).size() >= 151);
        }
        assertThat(events.getFirst().everything()).isTrue();
        assertThat(keys(events)).hasSize(151).doesNotHaveDuplicates();
    }

    @Test
    void whoComesBackTooLateToNothingIsToldSo() {
        Versionstamp stamp = kv.set(A, 1);
        kv.delete(A);
        Pruning.all(store.database());

        List<KvWatch.Event> events = events();
        try (KvWatch watch = kv.watch(KvWatchOptions.prefixes(KeyPrefix.all()).after(stamp), events::add)) {
            assertThat(watch).isNotNull();
            await().atMost(LIMIT).until(() -> !events.isEmpty());
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.everything()).isTrue();
            assertThat(event.updates()).isEmpty();
        });
    }

    @Test
    void deletionsThatTheLogLostAreToldOfAllThatWasTold() {
        IntStream.range(0, 3).forEach(i -> kv.set(Key.of("k", i), i));
        Behind behind = new Behind(store, KvRoom.NAME);
        List<KvWatch.Event> events = events();
        KvWatchOptions options = KvWatchOptions.prefixes(KeyPrefix.of("k")).withInitialLimit(2);
        try (KvWatch watch = kv.watch(options, events::add)) {
            assertThat(watch).isNotNull();
            kv.set(Key.of("k", 9), "beyond the limit");
            await().atMost(LIMIT).until(() -> keys(List.copyOf(events)).contains(Key.of("k", 9)));

            behind.begin(() -> kv.set(Key.of("elsewhere"), 1));
            kv.delete(Key.of("k", 0));
            kv.set(Key.of("k", 9), "again");
            Pruning.all(store.database());
            behind.end();

            await().atMost(LIMIT).untilAsserted(() -> {
                List<KvWatch.Update> updates = updates(List.copyOf(events));
                assertThat(last(updates, Key.of("k", 0))).isEqualTo("gone");
                assertThat(last(updates, Key.of("k", 9))).isEqualTo("\"again\"");
            });
            assertThat(List.copyOf(events).stream().filter(KvWatch.Event::everything))
                    .hasSize(2);
        }
    }

    @Test
    void aWatchEndsWithItsStoreAndLeavesNoTimer() {
        Store closing = stores().fresh(time);
        Kv there = Kv.in(closing.session());
        there.set(A, 1, Duration.ofHours(1));
        int before = time.timers();
        CountDownLatch ended = new CountDownLatch(1);
        List<KvWatch.Event> events = events();
        there.watch(KvWatchOptions.keys(A), events::add).onClose(ended::countDown);
        await().atMost(LIMIT).until(() -> !events.isEmpty());
        assertThat(time.timers()).isGreaterThan(before);

        closing.close();

        Callers.pass(ended);
        assertThat(time.timers()).isLessThanOrEqualTo(before);
    }

    private void writeTogether(int count) {
        store.session().write(UnitKind.USER, tx -> {
            IntStream.range(0, count).forEach(i -> Kv.in(tx).set(Key.of("k", i), i));
            return tx;
        });
    }

    private static List<KvWatch.Event> events() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    private static List<KvWatch.Update> updates(List<KvWatch.Event> events) {
        return events.stream().flatMap(event -> event.updates().stream()).toList();
    }

    private static List<Key> keys(List<KvWatch.Event> events) {
        return updates(events).stream().map(KvWatch.Update::key).toList();
    }

    private static String last(List<KvWatch.Update> updates, Key key) {
        return updates.stream()
                .filter(update -> update.key().equals(key))
                .reduce((earlier, later) -> later)
                .flatMap(KvWatch.Update::entry)
                .map(entry -> entry.value().toString())
                .orElse("gone");
    }
}
