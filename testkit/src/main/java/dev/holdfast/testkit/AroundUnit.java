package dev.holdfast.testkit;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What happens around what one unit asks of its database; see {@link ForwardingEngine}. */
public interface AroundUnit {
    /** Nothing happens. */
    AroundUnit NOTHING = new AroundUnit() {
        @Override
        public <R> R statement(String text, @Nullable Object[] args, Supplier<R> statement) {
            return statement.get();
        }
    };

    /**
     * Runs a statement of the unit, or of the tasks of its commit, or does something in its place.
     *
     * @param text its text
     * @param args its arguments; those of the first row when it is run for many
     * @param statement runs it
     */
    <R> R statement(String text, @Nullable Object[] args, Supplier<R> statement);

    /** Runs a step of the unit that can be undone on its own. */
    default <R> R nested(Supplier<R> step) {
        return step.get();
    }

    /** Called as the last act before the commit, once for all units that share it. */
    default void committing() {}
}
