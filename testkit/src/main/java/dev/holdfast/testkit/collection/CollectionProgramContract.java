package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionWatch;
import dev.holdfast.collection.CollectionWatchOptions;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.IndexInfo;
import dev.holdfast.testkit.Contract;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.RandomProgram.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs on a collection and on its model, compared after every step. */
public abstract class CollectionProgramContract extends Contract {
    private static final int STEPS = 10_000;
    private static final int STEPS_BETWEEN_LOOKS = 200;
    private static final int STEPS_MINUTES_MAX = 15;
    private static final Duration WATCH_LIMIT = Duration.ofSeconds(30);

    /** A suite over the stores of one engine. */
    protected CollectionProgramContract() {}

    @Test
    @SuppressWarnings("try") // a watch works by being open
    @Timeout(value = STEPS_MINUTES_MAX, unit = TimeUnit.MINUTES)
    void agreesWithTheModel() {
        TestStore store = new TestStore(stores().fresh());
        RandomProgram program = RandomProgram.seeded();
        RandomSteps steps = new RandomSteps(program);
        Collection things = store.collection("things");
        WatchedCopy copy = new WatchedCopy();

        try (CollectionWatch watch = things.watch(CollectionWatchOptions.all().withInitialLimit(10_000), copy::take)) {
            for (int i = 0; i < STEPS; i += STEPS_BETWEEN_LOOKS) {
                program.run(STEPS_BETWEEN_LOOKS - 1, random -> next(random, steps, store, things));
                program.run(
                        1,
                        random -> new Step("look at everything", () -> {
                            compareTables(store, things, steps.model());
                            await().atMost(WATCH_LIMIT)
                                    .untilAsserted(
                                            () -> assertThat(copy.documents()).isEqualTo(steps.model().documents));
                        }));
            }
        }
    }

    private static Step next(RandomProgram random, RandomSteps steps, TestStore store, Collection things) {
        return random.chance(4) ? inTransaction(random, steps, store) : steps.any(things);
    }

    /** Some steps in one transaction, which is rolled back half of the time. */
    private static Step inTransaction(RandomProgram random, RandomSteps steps, TestStore store) {
        boolean rollBack = random.chance(50);
        List<String> inner = new ArrayList<>();
        return new Step("transaction" + (rollBack ? " to be rolled back" : ""), () -> {
            CollectionModel before = steps.model().copy();
            try {
                store.transaction(tx -> {
                    // The function runs again after a conflict.
                    steps.goBack(before.copy());
                    inner.clear();
                    Collection inside = Collection.in(tx, "things");
                    for (int i = random.random().nextInt(8); i >= 0; i--) {
                        run(steps.edit(inside), inner);
                        run(steps.read(inside), inner);
                    }
                    if (rollBack) {
                        throw new RollBack();
                    }
                    return inside;
                });
            } catch (RollBack e) {
                steps.goBack(before);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("inside: " + String.join("; ", inner), e);
            }
        });
    }

    private static void run(Step step, List<String> inner) {
        inner.add(step.text());
        step.action().run();
    }

    /** What is stored is what the documents say, no more and no less. */
    private static void compareTables(TestStore store, Collection things, CollectionModel model) {
        assertThat(things.count()).isEqualTo(model.documents.size());
        assertThat(store.rows("documents")).isEqualTo(model.documents.size());
        long entries = 0;
        long places = 0;
        for (DocumentIndex index : model.indexes.values()) {
            entries += model.entries(index);
            places += model.places(index);
        }
        assertThat(store.rows("document_index")).isEqualTo(entries);
        assertThat(store.rows("document_unique")).isEqualTo(places);
        assertThat(things.indexes()).extracting(IndexInfo::index).containsExactlyElementsOf(model.indexes.values());
    }

    /** Ends a transaction without its effect. */
    private static final class RollBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
