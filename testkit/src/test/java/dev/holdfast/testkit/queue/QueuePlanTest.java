package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueFlow;
import dev.holdfast.schema.Schema;
import dev.holdfast.testkit.ExplainingEngine;
import dev.holdfast.testkit.ExplainingEngine.Explained;
import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** By the databases' own account: no claim walks over jobs that it cannot give out. */
class QueuePlanTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int BATCHES = 10;

    /** The plans on one database, in a queue with 5,000 jobs that are behind others and 5,000 that are delayed. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Plans {
        private final ExplainingEngine engine;
        private final Database database;
        private final Queue queue;

        Plans(Engine plain) {
            engine = ExplainingEngine.of(plain);
            List<Migration> migrations = new ArrayList<>(Database.migrations());
            migrations.addAll(QueueSuite.rooms());
            new Schema(Tables.defaults(), migrations).migrate(plain);
            database = new Database(engine, Tables.defaults(), new VirtualTime());
            queue = Queue.in(database.session("default"), "mail");
            List<Integer> values = IntStream.range(0, 500).boxed().toList();
            for (int i = 0; i < BATCHES; i++) {
                queue.enqueueAll(values, JobOptions.defaults().withOrderingKey("hot"));
                queue.enqueueAll(values, JobOptions.defaults().withDelay(LEASE));
            }
            queue.enqueueAll(values, JobOptions.defaults());
            if (engine.dialect() == Dialect.POSTGRES) {
                database.session("default").write(UnitKind.USER, tx -> tx.exec("analyze"));
            }
        }

        @AfterAll
        void close() {
            database.close();
        }

        @Test
        void claimsSeekWhatTheyGiveOut() {
            List<Job> jobs = new ArrayList<>();
            assertSeeks(engine.during(() -> jobs.addAll(queue.claim(3, LEASE))));
            assertSeeks(engine.during(
                    () -> queue.ackAll(jobs.stream().map(Job::claim).toList())));
            assertSeeks(engine.during(() -> jobs.addAll(queue.claim(3, LEASE))));
            assertSeeks(
                    engine.during(() -> queue.enqueue(1, JobOptions.defaults().withOrderingKey("hot"))));

            queue.flow(QueueFlow.unlimited().withConcurrency(5).withRate(100, LEASE));
            assertSeeks(engine.during(() -> jobs.addAll(queue.claim(3, LEASE))));

            assertThat(jobs).hasSize(8);
        }

        private static void assertSeeks(List<Explained> explained) {
            assertThat(explained)
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one.plan())
                            .as(one.statement())
                            .noneMatch(line -> line.matches("SCAN (holdfast_queue_jobs|o|j)\\b.*"))
                            .noneMatch(line -> line.contains("Seq Scan on holdfast_queue_jobs")));
        }
    }

    @Nested
    class OnSqlite extends Plans {
        OnSqlite() {
            super(SqliteEngine.inMemory(SqliteOptions.defaults(), new VirtualTime()));
        }
    }

    @Nested
    class OnPostgres extends Plans {
        OnPostgres() {
            super(PostgresEngine.open(
                    PostgresServer.shared().freshDatabase(), PostgresOptions.defaults(), new VirtualTime()));
        }
    }
}
