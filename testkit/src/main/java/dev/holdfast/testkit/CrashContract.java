package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
     * Runs an operation on one fresh database after another and lets its 1st, 2nd ... n-th statement fail, before and
     * after it took effect, until it runs clean; then the same with its commits. Each time the state must be what it
     * was before the operation, or what it is after it when the commit had taken effect; and the operation must work
     * when it is run again on the state it left.
     *
     * @param fresh makes a database in the state before the operation, the same each time
     * @param operation one atomic operation of the default namespace
     * @param state what there is to see of the operation's effect; values without versionstamps and times, comparable
     *     by {@code equals}
     */
    protected final void failEachStatement(
            Supplier<Database> fresh, Consumer<Session> operation, Function<Session, ?> state) {
        new Run(fresh, operation, state).everything();
    }

    /** One operation on its way through all faults. */
    private static final class Run {
        private final Supplier<Database> fresh;
        private final Consumer<Session> operation;
        private final Function<Session, ?> state;
        private final Object before;
        private final Object after;

        Run(Supplier<Database> fresh, Consumer<Session> operation, Function<Session, ?> state) {
            this.fresh = fresh;
            this.operation = operation;
            this.state = state;
            Database database = fresh.get();
            this.before = look(database);
            operation.accept(database.session(Namespaces.DEFAULT));
            this.after = look(database);
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
            Database whole = fresh.get();
            FaultyEngine engine = new FaultyEngine(whole.engine());
            Database broken = new Database(engine, whole.tables(), whole.time());
            fault.arm(engine, number);
            @Nullable RuntimeException failure = attempt(broken);
            if (!engine.failed()) {
                assertThat(look(whole)).as("without a fault").isEqualTo(after);
                return false;
            }
            boolean done = failure == null || engine.failedAfterCommit();
            assertThat(look(whole))
                    .as("all or nothing after failure at %s", name)
                    .isEqualTo(done ? after : before);
            if (!done) {
                operation.accept(broken.session(Namespaces.DEFAULT));
                assertThat(look(whole))
                        .as("run again after failure at %s", name)
                        .isEqualTo(after);
            }
            return true;
        }

        private @Nullable RuntimeException attempt(Database broken) {
            try {
                operation.accept(broken.session(Namespaces.DEFAULT));
                return null;
            } catch (RuntimeException e) {
                return e;
            }
        }

        private Object look(Database database) {
            return state.apply(database.session(Namespaces.DEFAULT));
        }
    }

    /** Asks for a fault. */
    @FunctionalInterface
    private interface Fault {
        void arm(FaultyEngine engine, int number);
    }
}
