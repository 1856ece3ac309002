package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.schema.Schema;
import dev.holdfast.search.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On SQLite a large operation shares its commit with nobody: others would wait for it, and with them it would fail. */
class OwnTurnTest {
    private static final int MANY = Allowance.ENTRIES_MAX + 1;
    private static final KeyPrefix K = KeyPrefix.of("k");
    private static final List<String> TEXT = List.of("text");

    private final List<UnitKind> kinds = Collections.synchronizedList(new ArrayList<>());
    private final VirtualTime time = new VirtualTime();
    private Runnable beforeItIsAlone = () -> {};
    private Engine engine;
    private Database database;
    private Session session;
    private Kv kv;
    private Collection notes;

    @BeforeEach
    void open() {
        engine = new Recording(SqliteEngine.inMemory(SqliteOptions.defaults(), time));
        List<Migration> migrations = new ArrayList<>(Database.migrations());
        migrations.addAll(RoomCrashContract.rooms());
        new Schema(Tables.defaults(), migrations).migrate(engine);
        database = new Database(engine, Tables.defaults(), time);
        session = database.session("default");
        kv = Kv.in(session);
        notes = Collection.in(session, "notes");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aSmallDeletionSharesItsCommit() {
        write(Allowance.ENTRIES_MAX);

        assertThat(kv.delete(Key.of("k"))).isEqualTo(Allowance.ENTRIES_MAX);
        assertThat(kinds).containsExactly(UnitKind.DECISION);
        assertThat(kv.count(KeyPrefix.all())).isEqualTo(1);
    }

    @Test
    void aLargeDeletionDoesNot() {
        write(MANY);

        assertThat(kv.delete(Key.of("k"))).isEqualTo(MANY);
        assertThat(kinds).containsExactly(UnitKind.DECISION, UnitKind.USER);
        assertThat(kv.count(KeyPrefix.all())).isEqualTo(1);
    }

    @Test
    void entriesThatAreOnlyLookedAtCountToo() {
        write(MANY);

        long deleted = kv.delete(List.of(K), Optional.of(Filter.where("none").eq(1)));

        assertThat(deleted).isZero();
        assertThat(kinds).containsExactly(UnitKind.DECISION, UnitKind.USER);
        assertThat(kv.count(KvSelection.below("k"))).isEqualTo(MANY);
    }

    @Test
    void insideATransactionItBelongsToThat() {
        write(MANY);

        long deleted = session.write(UnitKind.USER, tx -> Kv.in(tx).delete(Key.of("k")));

        assertThat(deleted).isEqualTo(MANY);
        assertThat(kinds).containsExactly(UnitKind.USER);
    }

    @Test
    void aFullTextIndexIsAloneWhenManyEntriesBelongIntoItOrLeaveIt() {
        write(MANY);

        kv.search().createIndex(K, TEXT, Tokenizer.ASCII, true);
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.ALONE);
        assertThat(kv.search().find(KvSelection.below("k"), "odd")).hasSize(MANY / 2);

        kv.search().createIndex(K, TEXT, Tokenizer.ASCII, false);
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.ALONE);
        assertThat(kv.search().find(KvSelection.below("k"), "odd")).isEmpty();

        assertThat(kv.search().removeIndex(K)).isTrue();
        assertThat(taken()).containsExactly(UnitKind.DECISION);
    }

    @Test
    void aFullTextIndexOverFewEntriesIsAloneWhenTheyAreLarge() {
        kv.set(Key.of("k", 1), Map.of("text", "x".repeat(1 << 20)));
        kinds.clear();
        kv.search().createIndex(K, TEXT, Tokenizer.ASCII, true);
        assertThat(taken()).containsExactly(UnitKind.DECISION);

        IntStream.range(2, 10).forEach(i -> kv.set(Key.of("k", i), Map.of("text", "x".repeat(1 << 20))));
        kinds.clear();
        kv.search().createIndex(K, TEXT, Tokenizer.ASCII, true);
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.ALONE);
    }

    @Test
    void documentsThatAreOnlyLookedAtCountToo() {
        insert(MANY);

        assertThat(notes.update(Filter.where("text").eq("none"), Map.of("seen", true)))
                .isZero();
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.USER);
        assertThat(notes.update(Filter.where("id").eq("n000007"), Map.of("seen", true)))
                .isEqualTo(1);
        assertThat(taken()).containsExactly(UnitKind.DECISION);
    }

    @Test
    void documentsByAnIndexCountOnlyAsFarAsTheyAreLookedAt() {
        insert(MANY + MANY);
        notes.createIndex(DocumentIndex.on("by_text", "text"));
        kinds.clear();

        assertThat(notes.update(Filter.where("text").eq("odd"), Map.of("seen", true)))
                .isEqualTo(MANY);
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.USER);
        assertThat(notes.delete(Filter.where("text").eq("third"))).isZero();
        assertThat(taken()).containsExactly(UnitKind.DECISION);
        assertThat(notes.delete(Filter.where("text").eq("odd"))).isEqualTo(MANY);
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.USER);
    }

    @Test
    void fewDocumentsAreAloneWhenTheyAreLarge() {
        IntStream.range(0, 9).forEach(i -> notes.insert(Map.of("id", "n" + i, "text", "x".repeat(1 << 20))));
        kinds.clear();

        assertThat(notes.delete(Filter.all())).isEqualTo(9);
        assertThat(taken()).containsExactly(UnitKind.DECISION, UnitKind.USER);
    }

    @Test
    void theFullTextIndexOfACollectionIsAloneWhenItIsLarge() {
        insert(MANY);

        notes.search().createIndex(TEXT, Tokenizer.ASCII);
        assertThat(taken()).containsExactly(UnitKind.OPERATION, UnitKind.ALONE);
        assertThat(notes.search().dropIndex()).isTrue();
        assertThat(taken()).containsExactly(UnitKind.OPERATION, UnitKind.ALONE);
        notes.search().createIndex(TEXT, Tokenizer.ASCII);
        kinds.clear();
        assertThat(notes.drop()).isTrue();
        assertThat(kinds).startsWith(UnitKind.OPERATION, UnitKind.ALONE);
    }

    @Test
    void neighboursAreCommittedBeforeTheWorkAloneBegins() {
        write(MANY);
        AtomicLong committed = new AtomicLong();
        try (Callers callers = new Callers()) {
            Callers.Hold hold = callers.hold(engine);
            List<CompletableFuture<?>> neighbours = new ArrayList<>();
            IntStream.range(0, 10).forEach(i -> neighbours.add(callers.start(() -> kv.set(Key.of("n", i), i))));
            callers.awaitQuiet();
            CompletableFuture<?> large = callers.start(() -> {
                kv.search().createIndex(K, TEXT, Tokenizer.ASCII, true);
                return true;
            });
            callers.awaitQuiet();
            IntStream.range(10, 20).forEach(i -> neighbours.add(callers.start(() -> kv.set(Key.of("n", i), i))));
            callers.awaitQuiet();
            beforeItIsAlone = () -> committed.set(kv.count(KeyPrefix.of("n")));
            hold.close();
            neighbours.forEach(
                    neighbour -> assertThat(Callers.outcome(neighbour).failed()).isFalse());
            assertThat(Callers.outcome(large).failed()).isFalse();
        }

        assertThat(committed).hasValue(20);
        assertThat(kv.search().find(KvSelection.below("k"), "odd")).hasSize(MANY / 2);
    }

    @Test
    void whatIsAloneHasNoTimeLimit() {
        String written = session.write(UnitKind.ALONE, tx -> {
            Kv.in(tx).set(Key.of("k"), 1);
            time.advance(Duration.ofHours(2));
            return "written";
        });

        assertThat(written).isEqualTo("written");
        assertThat(kv.get(Key.of("k"))).isPresent();
    }

    private void write(int entries) {
        session.write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            inside.set(Key.of("other"), 1);
            for (int i = 0; i < entries; i++) {
                inside.set(Key.of("k", i), Map.of("text", i % 2 == 0 ? "even" : "odd"));
            }
            return entries;
        });
        kinds.clear();
    }

    private void insert(int documents) {
        session.write(UnitKind.USER, tx -> {
            for (int i = 0; i < documents; i++) {
                Collection.in(tx, "notes")
                        .insert(Map.of("id", "n%06d".formatted(i), "text", i % 2 == 0 ? "even" : "odd"));
            }
            return documents;
        });
        kinds.clear();
    }

    private List<UnitKind> taken() {
        List<UnitKind> taken = List.copyOf(kinds);
        kinds.clear();
        return taken;
    }

    /** Notes the kinds of writes. */
    private final class Recording extends ForwardingEngine {
        Recording(Engine below) {
            super(below);
        }

        @Override
        public <R> R write(UnitKind kind, Work<R> work) {
            kinds.add(kind);
            if (kind == UnitKind.ALONE) {
                beforeItIsAlone.run();
            }
            return super.write(kind, work);
        }
    }
}
