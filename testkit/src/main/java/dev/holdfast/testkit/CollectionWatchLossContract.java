package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.collection.CollectionWatch;
import dev.holdfast.collection.CollectionWatch.Event;
import dev.holdfast.collection.CollectionWatch.Kind;
import dev.holdfast.collection.CollectionWatch.Update;
import dev.holdfast.collection.CollectionWatchOptions;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What watches of documents promise when changes were lost to the pruning of the log. */
@SuppressWarnings("try") // a watch works by being open
public abstract class CollectionWatchLossContract extends Contract {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String LARGE = "x".repeat(2 << 20);

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private Store store;
    private Collection things;

    /** The suite over the stores of one engine, which must hold the tables of collections and search. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected CollectionWatchLossContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh();
        things = Collection.in(store.session(), "things");
    }

    @Test
    void whoComesBackTooLateIsToldEverythingWhateverItAskedFor() {
        Versionstamp old = things.insert(Map.of("id", "a", "n", 1)).versionstamp();
        things.insert(Map.of("id", "b", "n", 2));
        Pruning.all(store.database());

        watching(
                CollectionWatchOptions.all().after(old).withoutInitial(),
                () -> await().atMost(LIMIT).until(() -> !events.isEmpty()));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.everything()).isTrue();
            assertThat(told(event)).containsExactly("ADDED a", "ADDED b");
        });
    }

    @Test
    void whoComesBackTooLateIsToldMoreThanTheFirstDocuments() {
        Versionstamp old = things.insert(Map.of("id", "a", "n", 1)).versionstamp();
        insert(150);
        Pruning.all(store.database());

        CollectionWatchOptions few = CollectionWatchOptions.all().withInitialLimit(2);
        watching(few.after(old), () -> await().atMost(LIMIT).until(() -> ids().size() >= 151));

        assertThat(events.getFirst().everything()).isTrue();
        assertThat(ids()).hasSize(151).doesNotHaveDuplicates();
    }

    @Test
    void whoComesBackTooLateToNothingIsToldSo() {
        Versionstamp old = things.insert(Map.of("id", "a", "n", 1)).versionstamp();
        things.delete("a");
        Pruning.all(store.database());

        watching(
                CollectionWatchOptions.all().after(old),
                () -> await().atMost(LIMIT).until(() -> !events.isEmpty()));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.everything()).isTrue();
            assertThat(event.updates()).isEmpty();
        });
    }

    @Test
    void afterALossLargeDocumentsAreToldInPartsEachOnceAndTheFirstPartIsNoPlaceToGoOnFrom() {
        Versionstamp old = things.insert(Map.of("id", "a", "n", 1)).versionstamp();
        things.delete("a");
        IntStream.range(0, 10).forEach(i -> things.insert(Map.of("id", "d" + i, "text", LARGE)));
        Pruning.all(store.database());

        CollectionWatchOptions one = CollectionWatchOptions.all().withInitialLimit(1);
        watching(one.after(old), () -> await().atMost(LIMIT).until(() -> ids().size() >= 10));

        assertThat(events.size()).isGreaterThan(1);
        assertThat(events).allSatisfy(event -> assertThat(event.updates()).hasSizeBetween(1, 5));
        assertThat(events.stream().map(Event::everything)).startsWith(true, false);
        assertThat(events.subList(1, events.size())).noneMatch(Event::everything);
        assertThat(ids()).hasSize(10).doesNotHaveDuplicates();
        Versionstamp early = events.getFirst().position();
        events.clear();
        watching(
                one.after(early),
                () -> await().atMost(LIMIT).until(() -> Set.copyOf(ids()).size() == 10));
    }

    @Test
    void aWatchThatFellBehindIsToldAllThatIsThereNow() {
        insert(3);
        Behind behind = new Behind(store, CollectionRoom.NAME);
        Copy copy = new Copy();
        CollectionWatchOptions options = CollectionWatchOptions.all().withInitialLimit(2);
        try (CollectionWatch watch = things.watch(options, copy)) {
            await().atMost(LIMIT).until(() -> copy.ids().size() == 2);
            behind.begin(() -> Collection.in(store.session(), "elsewhere").insert(Map.of("n", 1)));
            things.delete("n000");
            things.update("n001", Map.of("n", 77));
            things.insertMany(IntStream.range(10, 200)
                    .mapToObj(i -> Map.of("id", "n" + (100 + i), "n", i))
                    .toList());
            Pruning.all(store.database());
            behind.end();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(copy.now()).isEqualTo(present(Filter.all())));
        }
        assertThat(copy.restarts()).isEqualTo(2);
    }

    @Test
    void aWatchWithAFilterKnowsAfterALossWhatItWasTold() {
        insert(10);
        Filter high = Filter.where("n").gte(5);
        Behind behind = new Behind(store, CollectionRoom.NAME);
        Copy copy = new Copy();
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.where(high), copy)) {
            await().atMost(LIMIT).until(() -> copy.ids().size() == 5);
            behind.begin(() -> Collection.in(store.session(), "elsewhere").insert(Map.of("n", 1)));
            things.update("n009", Map.of("n", 1));
            things.update("n001", Map.of("n", 9));
            Pruning.all(store.database());
            behind.end();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(copy.now()).isEqualTo(present(high)));

            things.update("n001", Map.of("n", 8));
            things.update("n009", Map.of("n", 8));
            things.delete("n005");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(copy.now()).isEqualTo(present(high)));
        }
        assertThat(copy.kinds("n001")).endsWith(Kind.ADDED, Kind.CHANGED);
        assertThat(copy.kinds("n009")).containsExactly(Kind.ADDED, Kind.ADDED);
        assertThat(copy.kinds("n005")).endsWith(Kind.REMOVED);
    }

    @Test
    void whatIsWrittenBetweenThePartsIsNotLost() {
        IntStream.range(0, 10).forEach(i -> things.insert(Map.of("id", "d" + i, "n", i, "text", LARGE)));
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Copy copy = new Copy();
        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all(), event -> {
            copy.accept(event);
            begun.countDown();
            Callers.pass(written);
        })) {
            Callers.pass(begun);
            things.delete("d0");
            things.delete("d9");
            things.update("d1", Map.of("n", 11));
            things.update("d8", Map.of("n", 18));
            things.insert(Map.of("id", "d00", "n", 100));
            things.insert(Map.of("id", "d99", "n", 199));
            written.countDown();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(copy.now()).isEqualTo(present(Filter.all())));
        }
        assertThat(copy.kinds("d00")).containsExactly(Kind.ADDED);
        assertThat(copy.kinds("d99")).containsExactly(Kind.ADDED);
        assertThat(copy.kinds("d1")).containsExactly(Kind.ADDED, Kind.CHANGED);
    }

    private void watching(CollectionWatchOptions options, Runnable meanwhile) {
        try (CollectionWatch watch = things.watch(options, events::add)) {
            meanwhile.run();
        }
    }

    private void insert(int count) {
        things.insertMany(IntStream.range(0, count)
                .mapToObj(i -> Map.of("id", "n%03d".formatted(i), "n", i))
                .toList());
    }

    private List<String> ids() {
        return List.copyOf(events).stream()
                .flatMap(event -> event.updates().stream())
                .map(Update::id)
                .toList();
    }

    private static List<String> told(Event event) {
        return event.updates().stream()
                .map(update -> update.kind() + " " + update.id())
                .toList();
    }

    private Map<String, Integer> present(Filter where) {
        Map<String, Integer> present = new TreeMap<>();
        things.find(where)
                .forEach(document ->
                        present.put(document.id(), document.json().path("n").asInt()));
        return present;
    }

    /** The documents as the events tell them. */
    private static final class Copy implements Consumer<Event> {
        private final Map<String, Integer> documents = new TreeMap<>();
        private final List<Update> updates = new ArrayList<>();
        private int restarts;

        @Override
        public synchronized void accept(Event event) {
            if (event.everything()) {
                documents.clear();
                restarts++;
            }
            updates.addAll(event.updates());
            for (Update update : event.updates()) {
                switch (update.kind()) {
                    case ADDED, CHANGED ->
                        documents.put(
                                update.id(),
                                update.document().orElseThrow().json().path("n").asInt());
                    case REMOVED -> documents.remove(update.id());
                }
            }
        }

        synchronized Map<String, Integer> now() {
            return new TreeMap<>(documents);
        }

        Set<String> ids() {
            return now().keySet();
        }

        synchronized int restarts() {
            return restarts;
        }

        synchronized List<Kind> kinds(String id) {
            return updates.stream()
                    .filter(update -> update.id().equals(id))
                    .map(Update::kind)
                    .toList();
        }
    }
}
