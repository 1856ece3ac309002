package dev.holdfast.testkit.cost;

import dev.holdfast.testkit.AroundUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an engine was asked to do so far. Safe for use by many threads. */
final class Counts implements AroundUnit {
    private final AtomicLong statements = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();

    long statements() {
        return statements.get();
    }

    long commits() {
        return commits.get();
    }

    /** Runs a statement and counts it if it did not fail. One that is run for many rows at once counts once. */
    @Override
    public <R> R statement(String text, @Nullable Object[] args, Supplier<R> run) {
        R result = run.get();
        statements.incrementAndGet();
        return result;
    }

    /** A savepoint counts as two statements. */
    @Override
    public <R> R nested(Supplier<R> step) {
        statements.addAndGet(2);
        return step.get();
    }

    void committed() {
        commits.incrementAndGet();
    }
}
