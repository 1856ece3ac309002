package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.Callers.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an operation over more entries than may share a commit promises: it is all or nothing, does what a small one
 * does, and the small ones beside it, one that fails among them, come out as if it were not there.
 */
public abstract class LargeOperationContract extends Contract {
    private static final int MANY = Allowance.ENTRIES_MAX + 104;
    private static final int NEIGHBOURS = 20;
    private static final List<String> TEXT = List.of("text");
    private static final KeyPrefix POSTS = KeyPrefix.of("posts");
    private static final Filter ODD = Filter.where("text").eq("odd");

    private final Callers callers = new Callers();
    private final AtomicInteger rounds = new AtomicInteger();
    private Holdfast holdfast;

    /** The suite over the stores of one engine. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected LargeOperationContract() {}

    @BeforeEach
    void open() {
        VirtualTime time = new VirtualTime();
        holdfast = Holdfast.over(
                stores().fresh(time).engine(), HoldfastOptions.defaults().withTime(time));
    }

    @AfterEach
    void close() {
        callers.close();
        holdfast.close();
    }

    @Test
    void aFullTextIndexOverManyEntriesIsMadeReplacedAndRemoved() {
        holdfast.transaction(tx -> {
            IntStream.range(0, MANY).forEach(i -> tx.kv().set(Key.of("posts", i), text(i)));
            return MANY;
        });
        var search = holdfast.kv().search();

        among(() -> {
            search.createIndex(POSTS, TEXT, Tokenizer.ASCII, true);
            return true;
        });
        assertThat(search.find(KvSelection.below("posts"), "odd")).hasSize(MANY / 2);
        among(() -> {
            search.createIndex(POSTS, List.of("n"), Tokenizer.ASCII, true);
            return true;
        });
        assertThat(search.find(KvSelection.below("posts"), "odd")).isEmpty();
        assertThat(search.find(KvSelection.below("posts"), "7")).hasSize(1);
        assertThat(among(() -> search.removeIndex(POSTS))).isTrue();
        assertThat(search.indexes()).isEmpty();
    }

    @Test
    void manyDocumentsAreUpdatedAndDeletedInOneCommit() {
        Collection notes = filled();

        assertThat(among(() -> notes.update(ODD, Map.of("seen", true)))).isEqualTo(MANY / 2);
        assertThat(stamps(notes, ODD)).hasSize(1);
        assertThat(notes.count(Filter.where("seen").eq(true))).isEqualTo(MANY / 2);
        assertThat(among(() -> notes.delete(ODD))).isEqualTo(MANY / 2);
        assertThat(notes.count()).isEqualTo(MANY - MANY / 2);
    }

    @Test
    void manyDocumentsByAnIndexAreUpdatedAndDeletedInOneCommit() {
        Collection notes = filled();
        notes.createIndex(DocumentIndex.on("by_n", "n"));
        Filter all = Filter.where("n").gte(0);

        assertThat(among(() -> notes.update(all, Map.of("n", 1_000_000)))).isEqualTo(MANY);
        assertThat(stamps(notes, all)).hasSize(1);
        assertThat(notes.count(Filter.where("n").eq(1_000_000))).isEqualTo(MANY);
        assertThat(among(() -> notes.delete(all))).isEqualTo(MANY);
        assertThat(notes.count()).isZero();
    }

    @Test
    void theFullTextIndexOfALargeCollectionIsMadeAndDropped() {
        Collection notes = filled();

        among(() -> {
            notes.search().createIndex(TEXT, Tokenizer.ASCII);
            return true;
        });
        assertThat(notes.search().find("odd", MANY)).hasSize(MANY / 2);
        assertThat(among(() -> notes.search().dropIndex())).isTrue();
        assertThat(notes.search().index()).isEmpty();
        notes.search().createIndex(TEXT, Tokenizer.ASCII);
        assertThat(among(notes::drop)).isTrue();
        assertThat(notes.count()).isZero();
    }

    private Collection filled() {
        Collection notes = holdfast.collection("notes");
        for (int from = 0; from < MANY; from += 700) {
            notes.insertMany(IntStream.range(from, from + 700)
                    .mapToObj(LargeOperationContract::text)
                    .toList());
        }
        return notes;
    }

    private static Map<String, Object> text(int i) {
        return Map.of("n", i, "text", i % 2 == 0 ? "even" : "odd");
    }

    private static List<Versionstamp> stamps(Collection notes, Filter where) {
        try (Stream<Document> documents = notes.stream(DocumentQuery.where(where))) {
            return documents.map(Document::versionstamp).distinct().toList();
        }
    }

    /** Runs a large operation in the middle of small ones, one of which fails. */
    private <R> R among(Supplier<R> large) {
        Key round = Key.of("neighbours", rounds.incrementAndGet());
        AtomicInteger told = new AtomicInteger();
        List<CompletableFuture<?>> neighbours = new ArrayList<>();
        Hold hold = callers.hold(holdfast.database().engine());
        gather(neighbours, round, told, 0);
        CompletableFuture<R> result = callers.start(large);
        callers.awaitQuiet();
        CompletableFuture<?> failing =
                callers.start(() -> holdfast.namespace("default").session().write(UnitKind.OPERATION, tx -> {
                    throw new IllegalStateException("on purpose");
                }));
        gather(neighbours, round, told, NEIGHBOURS / 2);
        hold.close();

        neighbours.forEach(
                neighbour -> assertThat(Callers.outcome(neighbour).failed()).isFalse());
        assertThat(Callers.outcome(failing).failure()).hasMessage("on purpose");
        R value = Callers.outcome(result).value();
        assertThat(told).hasValue(NEIGHBOURS);
        assertThat(holdfast.kv().count(KvSelection.below(KeyPrefix.of(round)))).isEqualTo(NEIGHBOURS);
        return value;
    }

    private void gather(List<CompletableFuture<?>> neighbours, Key round, AtomicInteger told, int from) {
        for (int i = from; i < from + NEIGHBOURS / 2; i++) {
            Key key = round.append(i);
            neighbours.add(callers.start(() -> holdfast.namespace("default")
                    .session()
                    .write(UnitKind.OPERATION, tx -> {
                        tx.afterCommit(told::incrementAndGet);
                        return Kv.in(tx).set(key, "beside");
                    })));
        }
        callers.awaitQuiet();
    }
}
