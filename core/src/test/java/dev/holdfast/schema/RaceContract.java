package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.SchemaException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;

/** Programs that start at once, each with an engine of its own. */
abstract class RaceContract {
    private static final int PROGRAMS = 8;

    abstract TestDatabase fresh();

    /** Opens the engine of one program. */
    Engine open(TestDatabase database) {
        return database.open();
    }

    @RepeatedTest(3)
    void oneMigratesAndTheOthersFindItDone() throws Exception {
        try (TestDatabase database = fresh()) {
            List<String> outcomes = race(database, program -> Samples.all());

            assertThat(outcomes).containsOnly("ok");
            assertThat(database.rows("select room, number from holdfast_migrations order by room, number"))
                    .containsExactly("kv 1", "kv 2", "note 1", "schema 1");
            assertThat(database.rows("select ns, name from holdfast_note")).containsExactly("1 a;b");
        }
    }

    @RepeatedTest(3)
    void anOlderOneEitherComesFirstOrIsRefused() throws Exception {
        try (TestDatabase database = fresh()) {
            Samples.schema().migrate(open(database));

            List<String> outcomes =
                    race(database, program -> program % 2 == 0 ? Samples.all() : Samples.schema(Samples.KV_1));

            assertThat(outcomes).isSubsetOf("ok", "schema.newer");
            assertThat(outcomes.stream().filter("ok"::equals).count()).isGreaterThanOrEqualTo(PROGRAMS / 2);
            assertThat(Samples.all().check(open(database))).isEqualTo(new SchemaCheck.Equal());
        }
    }

    private List<String> race(TestDatabase database, Function<Integer, Schema> schemas)
            throws InterruptedException, ExecutionException, TimeoutException {
        CountDownLatch ready = new CountDownLatch(PROGRAMS);
        List<Future<String>> running = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(PROGRAMS)) {
            for (int i = 0; i < PROGRAMS; i++) {
                Schema schema = schemas.apply(i);
                running.add(pool.submit(() -> {
                    ready.countDown();
                    ready.await();
                    try {
                        schema.migrate(open(database));
                        return "ok";
                    } catch (SchemaException e) {
                        return e.code();
                    }
                }));
            }
            List<String> outcomes = new ArrayList<>();
            for (Future<String> program : running) {
                outcomes.add(program.get(60, TimeUnit.SECONDS));
            }
            return outcomes;
        }
    }
}
