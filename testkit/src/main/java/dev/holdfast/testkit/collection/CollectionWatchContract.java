package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionWatch;
import dev.holdfast.collection.CollectionWatch.Event;
import dev.holdfast.collection.CollectionWatch.Update;
import dev.holdfast.collection.CollectionWatchOptions;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.testkit.Contract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watching a collection or a filter. */
@SuppressWarnings("try") // a watch works by being open
public abstract class CollectionWatchContract extends Contract {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private TestStore store;
    private Collection things;

    /** A suite over the stores of one engine. */
    protected CollectionWatchContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        things = store.collection("things");
    }

    @Test
    void tellsWhatIsThereAndThenWhatChanges() throws InterruptedException {
        things.insert(Map.of("id", "a", "n", 1));

        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), events::add)) {
            Event first = next();
            assertThat(first.everything()).isTrue();
            assertThat(told(first)).containsExactly("ADDED a 1");
            things.insert(Map.of("id", "b", "n", 2));
            assertThat(told(next())).containsExactly("ADDED b 2");
            things.update("a", Map.of("n", 3));
            assertThat(told(next())).containsExactly("CHANGED a 3");
            things.delete("b");
            assertThat(told(next())).containsExactly("REMOVED b");
        }
    }

    @Test
    void aDocumentThatStopsMatchingIsRemoved() throws InterruptedException {
        things.insertMany(List.of(Map.of("id", "a", "n", 1), Map.of("id", "b", "n", 9)));

        try (CollectionWatch watch =
                things.watch(CollectionWatchOptions.where(Filter.where("n").gte(5)), events::add)) {
            assertThat(told(next())).containsExactly("ADDED b 9");
            things.update("a", Map.of("n", 5));
            assertThat(told(next())).containsExactly("ADDED a 5");
            things.update("b", Map.of("n", 1));
            assertThat(told(next())).containsExactly("REMOVED b");
            things.update("b", Map.of("n", 2));
            things.delete("b");
            things.update("a", Map.of("n", 6));
            assertThat(told(next())).containsExactly("CHANGED a 6");
        }
    }

    @Test
    void begunWithoutTheInitialDocumentsItKnowsThemAllTheSame() throws InterruptedException {
        things.insertMany(List.of(Map.of("id", "a", "n", 7), Map.of("id", "b", "n", 1)));
        CollectionWatchOptions options =
                CollectionWatchOptions.where(Filter.where("n").gte(5)).withoutInitial();

        try (CollectionWatch watch = things.watch(options, events::add)) {
            store.collection("other").insert(Map.of("n", 7));
            things.update("a", Map.of("n", 8));
            Event event = next();
            assertThat(event.everything()).isFalse();
            assertThat(told(event)).containsExactly("CHANGED a 8");
            things.update("b", Map.of("n", 9));
            assertThat(told(next())).containsExactly("ADDED b 9");
        }
    }

    @Test
    void begunWithoutTheInitialDocumentsItMissesNothingThatIsWrittenRightAway() throws InterruptedException {
        CollectionWatchOptions options = CollectionWatchOptions.all().withoutInitial();
        for (int round = 0; round < 100; round++) {
            String id = "n" + round;
            things.insert(Map.of("id", id, "n", 1));
            events.clear();

            try (CollectionWatch watch = things.watch(options, events::add)) {
                things.update(id, Map.of("n", round));
                assertThat(told(next())).containsExactly("CHANGED " + id + " " + round);
            }
        }
    }

    @Test
    void looksOnlyAtItsOwnCollection() throws InterruptedException {
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), events::add)) {
            assertThat(next().updates()).isEmpty();
            store.collection("other").insert(Map.of("id", "x", "n", 1));
            things.insert(Map.of("id", "a", "n", 1));
            assertThat(told(next())).containsExactly("ADDED a 1");
            store.collection("other").insert(Map.of("id", "a", "n", 2));
            things.insert(Map.of("id", "b", "n", 1));
            assertThat(told(next())).containsExactly("ADDED b 1");
        }
    }

    @Test
    void toldFirstIsNoMoreThanTheLimit() throws InterruptedException {
        things.insertMany(IntStream.range(0, 50)
                .mapToObj(i -> Map.of("id", "n" + (10 + i), "n", i))
                .toList());

        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all().withInitialLimit(3), events::add)) {
            assertThat(told(next())).containsExactly("ADDED n10 0", "ADDED n11 1", "ADDED n12 2");
            things.update("n40", Map.of("n", 99));
            assertThat(told(next())).containsExactly("CHANGED n40 99");
        }
        assertThatThrownBy(() -> CollectionWatchOptions.all().withInitialLimit(0))
                .hasMessageStartingWith("collection.initial_limit");
    }

    @Test
    void goesOnFromAPosition() throws InterruptedException {
        things.insertMany(List.of(Map.of("id", "a", "n", 1), Map.of("id", "b", "n", 1), Map.of("id", "c", "n", 1)));
        Versionstamp position;
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), events::add)) {
            position = next().position();
        }
        things.update("a", Map.of("n", 2));
        things.delete("b");
        things.insert(Map.of("id", "d", "n", 4));

        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all().after(position), events::add)) {
            List<String> told = new ArrayList<>();
            while (told.size() < 3) {
                Event event = next();
                assertThat(event.everything()).isFalse();
                told.addAll(told(event));
            }
            assertThat(told).containsExactlyInAnyOrder("CHANGED a 2", "REMOVED b", "ADDED d 4");
        }
    }

    @Test
    void positionsOfPartsLoseNothing() throws InterruptedException {
        things.insert(Map.of("id", "first"));
        List<Event> before = new ArrayList<>();
        CountDownLatch read = new CountDownLatch(1);
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), event -> {
            events.add(event);
            pass(read);
        })) {
            before.add(next());
            things.insertMany(
                    IntStream.range(0, 350).mapToObj(i -> Map.of("id", "n" + i)).toList());
            read.countDown();
            before.add(next());
        }
        Set<String> told = new HashSet<>();
        before.forEach(event -> event.updates().forEach(update -> told.add(update.id())));
        assertThat(told).hasSizeLessThan(351);

        events.clear();
        Versionstamp position = before.getLast().position();
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all().after(position), events::add)) {
            while (told.size() < 351) {
                next().updates().forEach(update -> told.add(update.id()));
            }
        }
        assertThat(told).hasSize(351);
    }

    @Test
    void largeDocumentsAreToldInPartsAndTheFirstPartIsNoPlaceToGoOnFrom() throws InterruptedException {
        String large = "x".repeat(2 << 20);
        List<String> ids = IntStream.range(0, 10).mapToObj(i -> "d" + i).toList();
        ids.forEach(id -> things.insert(Map.of("id", id, "text", large)));

        Versionstamp position;
        List<String> told = new ArrayList<>();
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), events::add)) {
            Event first = next();
            assertThat(first.everything()).isTrue();
            assertThat(first.updates()).hasSizeBetween(1, 5);
            position = first.position();
            first.updates().forEach(update -> told.add(update.kind() + " " + update.id()));
            while (told.size() < ids.size()) {
                Event event = next();
                assertThat(event.everything()).isFalse();
                assertThat(event.updates()).hasSizeBetween(1, 5);
                event.updates().forEach(update -> told.add(update.kind() + " " + update.id()));
            }
            assertThat(told)
                    .containsExactlyInAnyOrderElementsOf(
                            ids.stream().map(id -> "ADDED " + id).toList());
            things.update(Filter.all(), Map.of("text", large + "y"));
            Set<String> changed = new HashSet<>();
            while (changed.size() < ids.size()) {
                Event event = next();
                assertThat(event.updates()).hasSizeBetween(1, 5);
                event.updates().forEach(update -> changed.add(update.kind() + " " + update.id()));
            }
            assertThat(changed).allMatch(update -> update.startsWith("CHANGED"));
        }

        events.clear();
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all().after(position), events::add)) {
            Set<String> again = new HashSet<>();
            while (again.size() < ids.size()) {
                next().updates().forEach(update -> again.add(update.id()));
            }
            assertThat(again).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aDropTellsThatEverythingIsGoneAndTheNextCollectionIsWatchedToo() throws InterruptedException {
        things.insert(Map.of("id", "a", "n", 1));
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), events::add)) {
            next();
            things.drop();
            Event dropped = next();
            assertThat(dropped.everything()).isTrue();
            assertThat(dropped.updates()).isEmpty();
            things.insert(Map.of("id", "b", "n", 2));
            assertThat(told(next())).containsExactly("ADDED b 2");
        }
    }

    @Test
    void aDropIsToldWheneverItComes() {
        for (int round = 0; round < 30; round++) {
            things.insert(Map.of("id", "a", "n", round));
            WatchedCopy copy = new WatchedCopy();

            try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), copy::take)) {
                things.drop();
                things.insert(Map.of("id", "last"));
                await().untilAsserted(() -> assertThat(copy.documents()).containsOnlyKeys("last"));
            }
            things.drop();
        }
    }

    @Test
    void aFailingListenerIsCalledAgain() throws InterruptedException {
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), event -> {
            events.add(event);
            throw new IllegalStateException("the listener's fault");
        })) {
            next();
            things.insert(Map.of("id", "a", "n", 1));
            assertThat(told(next())).containsExactly("ADDED a 1");
        }
    }

    @Test
    void aClosedWatchTellsNothing() throws InterruptedException {
        CollectionWatch watch = things.watch(CollectionWatchOptions.all(), events::add);
        next();
        watch.close();
        watch.close();

        things.insert(Map.of("id", "a", "n", 1));
        try (CollectionWatch other = things.watch(CollectionWatchOptions.all(), events::add)) {
            assertThat(next().everything()).isTrue();
        }
        assertThat(events).isEmpty();
    }

    @Test
    void whatIsToldAddsUpToWhatIsThereWhileManyWrite() throws Exception {
        Map<String, Integer> copy = new HashMap<>();
        CountDownLatch done = new CountDownLatch(1);
        try (CollectionWatch watch = things.watch(
                        CollectionWatchOptions.where(Filter.where("n").gte(5)), event -> {
                            apply(copy, event);
                            if (copy.containsKey("last")) {
                                done.countDown();
                            }
                        });
                var writers = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 4; w++) {
                int writer = w;
                writers.execute(() -> write(writer));
            }
            writers.shutdown();
            assertThat(writers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            things.insert(Map.of("id", "last", "n", 5));
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }

        Map<String, Integer> expected = new HashMap<>();
        things.find(Filter.where("n").gte(5))
                .forEach(document ->
                        expected.put(document.id(), document.json().path("n").asInt()));
        assertThat(copy).isEqualTo(expected);
    }

    private void write(int writer) {
        var random = new java.util.SplittableRandom(writer);
        for (int i = 0; i < 300; i++) {
            String id = "n" + random.nextInt(40);
            if (random.nextInt(4) == 0) {
                things.delete(id);
            } else {
                things.upsert(Map.of("id", id, "n", random.nextInt(10)));
            }
        }
    }

    private static void apply(Map<String, Integer> copy, Event event) {
        if (event.everything()) {
            copy.clear();
        }
        for (Update update : event.updates()) {
            switch (update.kind()) {
                case ADDED -> assertThat(copy.put(update.id(), n(update))).isNull();
                case CHANGED -> assertThat(copy.put(update.id(), n(update))).isNotNull();
                case REMOVED -> assertThat(copy.remove(update.id())).isNotNull();
            }
        }
    }

    private static int n(Update update) {
        return update.document().orElseThrow().json().path("n").asInt();
    }

    private Event next() throws InterruptedException {
        Event event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event in time").isNotNull();
        return event;
    }

    private static List<String> told(Event event) {
        return event.updates().stream()
                .map(update -> update.kind() + " " + update.id()
                        + update.document()
                                .map(document -> " " + document.json().path("n").asInt())
                                .orElse(""))
                .toList();
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
