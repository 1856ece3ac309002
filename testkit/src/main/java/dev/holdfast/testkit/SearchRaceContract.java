package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.search.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a full-text index over keys promises while two programs write to one database: once it has been made, it holds
 * every entry that belongs there and nothing else, whoever wrote or removed it and whenever. For stores that several
 * programs may open.
 */
public abstract class SearchRaceContract extends KvSuite {
    private static final KeyPrefix NOTES = KeyPrefix.of("notes");
    private static final Map<String, String> APPLE = Map.of("title", "apple");

    private Store other;
    private Kv otherKv;

    /** The suite over the stores of one engine. */
    protected SearchRaceContract() {}

    @BeforeEach
    void openTheOther() {
        other = store.second();
        otherKv = Kv.in(other.session());
    }

    @Test
    void aProgramThatHasWrittenBeforeKnowsOfANewIndexAtOnce() {
        otherKv.set(note(1), APPLE);
        makeIndex();

        otherKv.set(note(2), APPLE);
        otherKv.atomic().set(note(3), APPLE).delete(note(1)).commit();
        other.session().write(UnitKind.USER, tx -> Kv.in(tx).set(note(4), APPLE));

        assertThat(found()).containsExactlyInAnyOrder(2, 3, 4);
        assertIndexIsExact();
    }

    @Test
    void anIndexOfAnotherNamespaceHindersNobody() {
        otherKv.set(note(1), APPLE);
        Kv acme = Kv.in(store.database().session("acme"));
        acme.search().createIndex(NOTES, List.of("title"), Tokenizer.UNICODE61, true);

        otherKv.set(note(2), APPLE);
        makeIndex();
        otherKv.set(note(3), APPLE);
        assertThat(acme.search().removeIndex(NOTES)).isTrue();
        otherKv.set(note(4), APPLE);

        assertThat(found()).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertIndexIsExact();
    }

    @Test
    void whatAProgramRemovesLeavesTheNewIndexToo() {
        otherKv.set(note(1), APPLE);
        otherKv.set(note(2), APPLE);
        otherKv.set(note(3), APPLE, Duration.ofSeconds(1));
        otherKv.set(note(4), APPLE);
        makeIndex();

        otherKv.deleteExact(note(1));
        otherKv.delete(note(2));
        time.advance(Duration.ofSeconds(1));
        KvRoom.of(other.database()).sweep("default");

        assertThat(found()).containsExactly(4);
        assertIndexIsExact();
    }

    @Test
    void anEntryOfATransactionThatIsOpenMeanwhileIsNotMissed() {
        duringAnOpenTransaction(inside -> inside.set(note(1), APPLE), this::makeIndex);

        assertThat(found()).containsExactly(1);
        assertIndexIsExact();
    }

    @Test
    void anEntryThatAnOpenTransactionRemovesDoesNotStay() {
        otherKv.set(note(1), APPLE);
        otherKv.set(note(2), APPLE);

        duringAnOpenTransaction(inside -> inside.deleteExact(note(1)), this::makeIndex);

        assertThat(found()).containsExactly(2);
        assertIndexIsExact();
    }

    @Test
    void aTransactionThatHasOnlyReadUntilThenKeepsTheIndexOrRunsAgain() {
        CountDownLatch made = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        otherKv.set(note(1), APPLE);
        try (Callers callers = new Callers()) {
            CompletableFuture<Object> writer =
                    callers.start(() -> other.session().write(UnitKind.USER, tx -> {
                        Kv open = Kv.in(tx);
                        assertThat(open.get(note(1))).isPresent();
                        inside.countDown();
                        if (waitsForNobody()) {
                            Callers.pass(made);
                        }
                        open.deleteExact(note(1));
                        return open.set(note(2), APPLE);
                    }));
            Callers.pass(inside);
            makeIndex();
            made.countDown();
            Callers.outcome(writer).value();
        }

        assertThat(found()).containsExactly(2);
        assertIndexIsExact();
    }

    @Test
    void nothingOfARemovedIndexIsLeftByAnOpenTransaction() {
        makeIndex();

        duringAnOpenTransaction(
                inside -> inside.set(note(1), APPLE),
                () -> assertThat(kv.search().removeIndex(NOTES)).isTrue());

        assertThat(documents()).isZero();
    }

    @Test
    void anIndexThatATransactionMakesHoldsWhatOthersCommittedMeanwhile() {
        store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            assertThat(inside.get(note(1))).isEmpty();
            if (waitsForNobody()) {
                otherKv.set(note(1), APPLE);
            }
            inside.search().createIndex(NOTES, List.of("title"), Tokenizer.UNICODE61, true);
            return true;
        });

        assertThat(found()).hasSize(waitsForNobody() ? 1 : 0);
        assertIndexIsExact();
    }

    @Test
    void anIndexThatIsMadeAgainAndAgainHoldsWhatAllWroteMeanwhile() {
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Integer>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int base = writer * 1_000;
                Kv mine = writer % 2 == 0 ? kv : otherKv;
                writers.add(callers.start(() -> writeAndRemove(mine, base)));
            }
            for (int i = 0; i < 8; i++) {
                makeIndex();
            }
            writers.forEach(writer -> Callers.outcome(writer).value());
        }

        assertThat(found())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 4_000)
                        .filter(i -> i % 1_000 < 60 && i % 3 != 0)
                        .boxed()
                        .toList());
        assertIndexIsExact();
    }

    /** Whether a transaction may be open while another program writes: not on SQLite, where all wait for one. */
    protected abstract boolean waitsForNobody();

    private static int writeAndRemove(Kv kv, int base) {
        for (int i = base; i < base + 60; i++) {
            kv.set(note(i), APPLE);
            if (i % 3 == 0) {
                kv.deleteExact(note(i));
            }
        }
        return base;
    }

    private void duringAnOpenTransaction(Consumer<Kv> write, Runnable meanwhile) {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Callers callers = new Callers()) {
            CompletableFuture<Boolean> writer =
                    callers.start(() -> other.session().write(UnitKind.USER, tx -> {
                        write.accept(Kv.in(tx));
                        written.countDown();
                        return Callers.pass(end);
                    }));
            Callers.pass(written);
            CompletableFuture<Boolean> maker = callers.start(() -> {
                meanwhile.run();
                return true;
            });
            if (waitsForNobody()) {
                callers.awaitQuiet();
            } else {
                callers.awaitStatement(); // it stands in the driver until the other has ended
            }
            end.countDown();
            Callers.outcome(writer).value();
            Callers.outcome(maker).value();
        }
    }

    private void makeIndex() {
        kv.search().createIndex(NOTES, List.of("title"), Tokenizer.UNICODE61, true);
    }

    private static Key note(int number) {
        return Key.of("notes", number);
    }

    private List<Integer> found() {
        return kv.search().find(KvSelection.below(NOTES), "apple").stream()
                .map(entry -> entry.key().get(1, Integer.class))
                .toList();
    }

    /** What the index holds, whether or not a search would show it, is what is there. */
    private void assertIndexIsExact() {
        String text = store.database().tables().sql("select id from {p}search_docs");
        List<Key> held = store.session().read(tx -> tx.list(text, row -> Key.decode(row.getBytes(1))));
        try (Stream<Key> keys = kv.keys(KvSelection.below(NOTES))) {
            assertThat(held).containsExactlyInAnyOrderElementsOf(keys.toList());
        }
    }

    private long documents() {
        String text = store.database().tables().sql("select count(*) from {p}search_docs");
        return store.session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }
}
