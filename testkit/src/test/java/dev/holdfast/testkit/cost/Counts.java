package dev.holdfast.testkit.cost;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What an engine was asked to do so far. Safe for use by many threads. */
final class Counts {
    private final AtomicLong statements = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();

    long statements() {
        return statements.get();
    }

    long commits() {
        return commits.get();
    }

    /** Runs a statement and counts it if it did not fail. */
    <R> R statement(Supplier<R> run) {
        R result = run.get();
        statements.incrementAndGet();
        return result;
    }

    void savepoint() {
        statements.addAndGet(2);
    }

    void committed() {
        commits.incrementAndGet();
    }
}
