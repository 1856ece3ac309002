package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A suite that breaks operations at every statement and demands all or nothing. Rooms extend it with a test per
 * operation.
 */
public abstract class CrashContract extends Contract {
    private static final int STATEMENTS_MAX = 1_000;

    /** A suite over the stores of one engine. */
    protected CrashContract() {}

    /**
     * Runs an operation in one new namespace after another and lets its 1st, 2nd ... n-th statement fail, before and
     * after it took effect, until it runs clean; then the same with its commits. Each time the state must be what it
     * was before the operation, or what it is after it when the commit had taken effect; and the operation must work
     * when it is run again on the state it left.
     *
     * @param before brings an empty namespace into the state before the operation, the same each time
     * @param operation one atomic operation
     * @param state what there is to see of the operation's effect; values without versionstamps and times, comparable
     *     by {@code equals}
     */
    protected final void failEachStatement(
            Store store, Consumer<Session> before, Consumer<Session> operation, Function<Session, ?> state) {
        new Run(store, before, operation, state, true).everything();
    }

    /**
     * The same for an operation of several commits, which may be left half done: when it is run again, it must end as
     * if nothing had failed.
     */
    protected final void failEachAndRunAgain(
            Store store, Consumer<Session> before, Consumer<Session> operation, Function<Session, ?> state) {
        new Run(store, before, operation, state, false).everything();
    }

    /** One operation on its way through all faults. */
    private static final class Run {
        private final Store store;
        private final Consumer<Session> prepare;
        private final Consumer<Session> operation;
        private final Function<Session, ?> state;
        private final boolean atomic;
        private final Object before;
        private final Object after;
        private int namespaces;

        Run(
                Store store,
                Consumer<Session> prepare,
                Consumer<Session> operation,
                Function<Session, ?> state,
                boolean atomic) {
            this.store = store;
            this.prepare = prepare;
            this.operation = operation;
            this.state = state;
            this.atomic = atomic;
            Session session = fresh();
            this.before = state.apply(session);
            operation.accept(session);
            this.after = state.apply(session);
            assertThat(after).as("the operation changes what there is to see").isNotEqualTo(before);
        }

        void everything() {
            for (Moment moment : Moment.values()) {
                until(number -> "statement " + number + " " + moment, (faulty, n) -> faulty.failStatement(n, moment));
                until(number -> "commit " + number + " " + moment, (faulty, n) -> faulty.failCommit(n, moment));
            }
        }

        private void until(Function<Integer, String> name, Fault fault) {
            int number = 1;
            while (failed(name.apply(number), fault, number)) {
                number++;
                assertThat(number).as("statements of one operation").isLessThan(STATEMENTS_MAX);
            }
            assertThat(number).as("the fault was met at least once").isGreaterThan(1);
        }

        /** Whether the fault was met. */
        private boolean failed(String name, Fault fault, int number) {
            Session whole = fresh();
            Database database = store.database();
            FaultyEngine engine = new FaultyEngine(database.engine());
            Session broken = new Database(engine, database.tables(), database.time()).session(whole.namespace());
            fault.arm(engine, number);
            @Nullable RuntimeException failure = attempt(broken);
            if (!engine.failed()) {
                assertThat(state.apply(whole)).as("without a fault").isEqualTo(after);
                return false;
            }
            boolean done = failure == null || engine.failedAfterCommit();
            if (atomic) {
                assertThat(state.apply(whole))
                        .as("all or nothing after failure at %s", name)
                        .isEqualTo(done ? after : before);
            }
            if (!atomic || !done) {
                operation.accept(broken);
                assertThat(state.apply(whole))
                        .as("run again after failure at %s", name)
                        .isEqualTo(after);
            }
            return true;
        }

        private @Nullable RuntimeException attempt(Session broken) {
            try {
                operation.accept(broken);
                return null;
            } catch (RuntimeException e) {
                return e;
            }
        }

        private Session fresh() {
            Session session = store.database().session("run " + ++namespaces);
            prepare.accept(session);
            return session;
        }
    }

    /** Asks for a fault. */
    @FunctionalInterface
    private interface Fault {
        void arm(FaultyEngine engine, int number);
    }
}
