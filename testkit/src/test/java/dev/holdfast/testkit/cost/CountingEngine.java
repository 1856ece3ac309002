package dev.holdfast.testkit.cost;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Unit;
import dev.holdfast.testkit.AroundUnit;
import dev.holdfast.testkit.ForwardingEngine;

/**
 * An engine over another that counts what rooms ask of it: statements and commits. What the engine does around a unit,
 * such as BEGIN and COMMIT, is not counted. Safe for use by many threads, which then share the counts.
 */
final class CountingEngine extends ForwardingEngine {
    private final Counts counts;

    CountingEngine(Engine engine, Counts counts) {
        super(engine);
        this.counts = counts;
    }

    @Override
    protected AroundUnit around(Unit unit) {
        return counts;
    }

    @Override
    protected void committed() {
        counts.committed();
    }
}
