package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.ForwardingEngine;
import dev.holdfast.testkit.PostgresServer;
import java.time.Duration;
import java.util.Optional;

/** Durable appends of small messages to one stream in a PostgreSQL of the run's own, by callers who wait for each. */
final class StreamPostgres {
    private static final int TOGETHER = 100_000;
    private static final int ALONE = 5_000;
    /** So much of the work is done before it counts. */
    private static final int WARM = 2;

    private StreamPostgres() {}

    /** Appends that wait for each other share a transaction. */
    static Outcome together(int callers, double scale) throws Exception {
        return run(callers, (int) (scale * (callers == 1 ? ALONE : TOGETHER)), engine -> engine);
    }

    /** Each append has a transaction of its own. */
    static Outcome alone(int callers, double scale) throws Exception {
        return run(callers, (int) (scale * ALONE), Alone::new);
    }

    private static Outcome run(int callers, int appends, Way way) throws Exception {
        try (PostgresServer server = PostgresServer.durable();
                Holdfast holdfast = Holdfast.over(
                        way.over(PostgresEngine.open(
                                server.freshDatabase(), PostgresOptions.defaults(), TimeSource.system())),
                        HoldfastOptions.defaults());
                Callers threads = Callers.virtual(callers)) {
            DurableStream stream = holdfast.stream("bench");
            stream.create(StreamSpec.bytes());
            threads.run(WARM * appends, i -> stream.append(Rows.value(i, i)));
            long before = stream.head().tail();
            Outcome outcome = threads.run(appends, i -> stream.append(Rows.value(i, i)));
            long stored = stream.head().tail() - before;
            if (stored != (long) appends * Rows.VALUE_BYTES) {
                throw new IllegalStateException("not every append was stored once: " + stored + " bytes");
            }
            return outcome.checked(Rows.VALUE_BYTES + " bytes each");
        }
    }

    /** What stands between the rooms and the engine. */
    @FunctionalInterface
    private interface Way {
        Engine over(Engine engine);
    }

    /** An engine that says that nobody queues in the process, so that nothing is combined; they do queue. */
    private static final class Alone extends ForwardingEngine {
        Alone(Engine engine) {
            super(engine);
        }

        @Override
        public Optional<Duration> turnLimit(long hot) {
            return Optional.empty();
        }
    }
}
