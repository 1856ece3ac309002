package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.collection.IndexInfo;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many callers at once, in two programs on one database. Not for databases that one program has for itself. */
public abstract class CollectionRaceContract extends Contract {
    private static final int CALLERS = 8;

    private TestStore store;
    private TestStore second;

    /** A suite over the stores of one engine. */
    protected CollectionRaceContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        second = store.second();
    }

    @Test
    void ofManyWhoWantTheSamePlaceOneGetsIt() throws Exception {
        store.collection("users")
                .createIndex(DocumentIndex.on("by_mail", "mail").asUnique());

        for (int round = 0; round < 30; round++) {
            int number = round;
            List<Boolean> won =
                    all(caller -> accepted(() -> users(caller).insert(Map.of("mail", "m" + number, "caller", caller))));

            assertThat(won).containsOnlyOnce(true);
        }
        assertThat(store.collection("users").count()).isEqualTo(30);
        assertThat(store.rows("document_unique")).isEqualTo(30);
    }

    @Test
    void ofManyWhoWantTheSameIdOneGetsIt() throws Exception {
        for (int round = 0; round < 30; round++) {
            int number = round;
            List<Boolean> won =
                    all(caller -> accepted(() -> users(caller).insert(Map.of("id", "u" + number, "caller", caller))));

            assertThat(won).containsOnlyOnce(true);
        }
    }

    @Test
    void ofManyWhoUpsertByAValueOneInserts() throws Exception {
        for (int round = 0; round < 10; round++) {
            int number = round;
            all(caller -> users(caller)
                    .upsert(Filter.where("mail").eq("m" + number), Map.of("mail", "m" + number, "c" + caller, 1)));

            List<Document> users = store.collection("users").find(Map.of("mail", "m" + number));
            assertThat(users).hasSize(1);
            assertThat(users.getFirst().json().size()).isEqualTo(2 + CALLERS);
        }
    }

    @Test
    void noIncrementIsLost() throws Exception {
        store.collection("users").insert(Map.of("id", "counter", "n", 0));
        DocumentUpdate increment =
                DocumentUpdate.apply(tree -> tree.put("n", tree.path("n").asInt() + 1));

        all(caller -> IntStream.range(0, 25)
                .mapToObj(i -> users(caller).update("counter", increment))
                .toList());

        assertThat(store.collection("users")
                        .get("counter")
                        .orElseThrow()
                        .json()
                        .path("n")
                        .asInt())
                .isEqualTo(25 * CALLERS);
    }

    @Test
    void anIndexMadeWhileOthersWriteMissesNothing() throws Exception {
        AtomicInteger running = new AtomicInteger(CALLERS);
        List<Object> results = all(caller -> {
            if (caller == 0) {
                for (int i = 0; running.get() > 1; i++) {
                    users(0).createIndex(DocumentIndex.on("i" + i % 3, "n", "caller"));
                    users(1).dropIndex("i" + (i + 1) % 3);
                }
                return true;
            }
            write(users(caller), caller);
            return running.decrementAndGet();
        });

        assertThat(results).hasSize(CALLERS);
        users(0).createIndex(DocumentIndex.on("last", "n"));
        long documents = users(0).count();
        List<IndexInfo> indexes = users(0).indexes();
        assertThat(indexes).allMatch(IndexInfo::complete);
        assertThat(store.rows("document_index")).isEqualTo(documents * indexes.size());
        for (int n = 0; n < 10; n++) {
            DocumentQuery byIndex = DocumentQuery.where(Filter.where("n").eq(n));
            assertThat(users(0).explain(byIndex)).startsWith("index ");
            assertThat(users(0).count(byIndex.where()))
                    .isEqualTo(users(0).count(Filter.where("copy").eq(n)));
        }
    }

    @Test
    void anIndexMadeWhileItsDocumentsAreReplacedHasWhatTheyHoldNow() throws Exception {
        int documents = 2_000;
        for (int i = 0; i < documents; i += 1_000) {
            users(0).insertMany(IntStream.range(i, i + 1_000)
                    .mapToObj(k -> Map.of("id", "u" + k, "n", k, "tags", List.of(k + 1, -k - 1)))
                    .toList());
        }

        for (int round = 0; round < 2; round++) {
            List<DocumentIndex> made = List.of(
                    DocumentIndex.on("n" + round, "n").asUnique(),
                    DocumentIndex.on("tags" + round, "tags").asMulti());
            AtomicInteger making = new AtomicInteger(made.size());
            int first = (round + 1) * 100_000_000;
            all(caller -> {
                if (caller < made.size()) {
                    users(caller).createIndex(made.get(caller));
                    return making.decrementAndGet();
                }
                replace(caller, documents, first, making);
                return caller;
            });

            List<Document> present = users(0).find(DocumentQuery.all());
            assertThat(store.rows("document_index"))
                    .isEqualTo((long) (round + 1)
                            * present.stream()
                                    .mapToLong(document ->
                                            1 + document.json().path("tags").size())
                                    .sum());
            assertThat(store.rows("document_unique")).isEqualTo((round + 1L) * present.size());
        }
    }

    /** Replaces and removes random documents, in and outside transactions, until the indexes are made. */
    private void replace(int caller, int documents, int first, AtomicInteger making) {
        TestStore mine = caller % 2 == 0 ? store : second;
        SplittableRandom random = new SplittableRandom(caller + first);
        for (int i = caller; making.get() > 0; i += CALLERS) {
            String id = "u" + random.nextInt(documents);
            int n = first + i;
            switch (random.nextInt(4)) {
                case 0 -> mine.collection("users").update(id, Map.of("n", -n, "tags", List.of(n)));
                case 1 -> mine.collection("users").update(id, DocumentUpdate.apply(tree -> tree.put("n", n)));
                case 2 -> {
                    if (random.nextInt(10) == 0) {
                        mine.collection("users").delete(id);
                    }
                }
                default ->
                    mine.transaction(tx ->
                            Collection.in(tx, "users").update(id, Map.of("n", n, "tags", List.of(-n, 0.5))));
            }
        }
    }

    @Test
    void aProgramThatDidNotMakeAnIndexKeepsItToo() {
        Collection things = store.collection("things");
        Collection same = second.collection("things");
        same.insert(Map.of("id", "a", "age", 1));

        things.createIndex(DocumentIndex.on("by_age", "age").asUnique());
        same.insert(Map.of("id", "b", "age", 2));

        assertThat(things.find(Filter.where("age").eq(2)))
                .extracting(Document::id)
                .containsExactly("b");
        assertThat(accepted(() -> same.insert(Map.of("age", 1)))).isFalse();
        things.dropIndex("by_age");
        same.insert(Map.of("age", 1));
        assertThat(same.count(Filter.where("age").eq(1))).isEqualTo(2);
    }

    @Test
    void aProgramThatDidNotMakeAFullTextIndexKeepsItToo() {
        Collection notes = store.collection("notes");
        Collection same = second.collection("notes");
        same.insert(Map.of("id", "a", "text", "red"));

        notes.search().createIndex(List.of("text"), Tokenizer.UNICODE61);
        same.insert(Map.of("id", "b", "text", "red"));

        assertThat(notes.search().find("red", 0)).extracting(Document::id).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void severalMayMakeTheSameIndexAtOnce() throws Exception {
        users(0).insertMany(
                        IntStream.range(0, 900).mapToObj(i -> Map.of("n", i)).toList());

        all(caller -> {
            users(caller).createIndex(DocumentIndex.on("by_n", "n").asUnique());
            return caller;
        });

        assertThat(users(0).indexes())
                .containsExactly(new IndexInfo(DocumentIndex.on("by_n", "n").asUnique(), true));
        assertThat(store.rows("document_index")).isEqualTo(900);
        assertThat(store.rows("document_unique")).isEqualTo(900);
    }

    @Test
    void aCollectionMayBeDroppedWhileOthersWrite() throws Exception {
        all(caller -> {
            for (int i = 0; i < 20; i++) {
                if (caller == 0) {
                    users(caller).drop();
                } else {
                    users(caller).insert(Map.of("caller", caller));
                    users(caller).find(Filter.where("caller").eq(caller));
                }
            }
            return caller;
        });

        store.room().sweep("default");
        assertThat(store.rows("documents")).isEqualTo(users(0).count());
    }

    private static void write(Collection users, int caller) {
        SplittableRandom random = new SplittableRandom(caller);
        for (int i = 0; i < 150; i++) {
            int n = random.nextInt(10);
            String id = "c" + caller + "-" + random.nextInt(60);
            switch (random.nextInt(4)) {
                case 0 -> users.delete(id);
                case 1 -> users.update(id, Map.of("n", n, "copy", n));
                default -> users.upsert(Map.of("id", id, "n", n, "copy", n, "caller", caller));
            }
        }
    }

    private Collection users(int caller) {
        return (caller % 2 == 0 ? store : second).collection("users");
    }

    private static boolean accepted(Runnable call) {
        try {
            call.run();
            return true;
        } catch (InvalidInputException e) {
            assertThat(e.code()).isIn("collection.unique", "collection.exists");
            return false;
        }
    }

    private static <R> List<R> all(java.util.function.IntFunction<R> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<R>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                Callable<R> call = () -> {
                    start.await();
                    return work.apply(caller);
                };
                running.add(callers.submit(call));
            }
            start.countDown();
            List<R> results = new ArrayList<>();
            for (Future<R> result : running) {
                results.add(result.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }
}
