package dev.holdfast.testkit.cost;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.util.function.Supplier;

/**
 * An engine over another that counts what rooms ask of it: statements and commits. What the engine does around a unit,
 * such as BEGIN and COMMIT, is not counted. Safe for use by many threads, which then share the counts.
 */
final class CountingEngine implements Engine {
    private final Engine engine;
    private final Counts counts;

    CountingEngine(Engine engine, Counts counts) {
        this.engine = engine;
        this.counts = counts;
    }

    @Override
    public <R> R read(Work<R> work) {
        return engine.read(unit -> work.run(new CountingUnit(unit, counts)));
    }

    @Override
    public <R> R readOne(Work<R> work) {
        return engine.readOne(unit -> work.run(new CountingUnit(unit, counts)));
    }

    @Override
    public <R> R write(Work<R> work) {
        return write(UnitKind.USER, work);
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        R result = engine.write(kind, unit -> work.run(new CountingUnit(unit, counts)));
        counts.committed();
        return result;
    }

    @Override
    public <R> R writeOne(Work<R> work) {
        R result = engine.writeOne(unit -> work.run(new CountingUnit(unit, counts)));
        counts.committed();
        return result;
    }

    @Override
    public <R> R inTurn(long hot, Supplier<R> unit) {
        return engine.inTurn(hot, unit);
    }

    @Override
    public void ready(Tables tables, Work<?> check) {
        engine.ready(tables, check);
    }

    @Override
    public Dialect dialect() {
        return engine.dialect();
    }

    @Override
    public Signals signals() {
        return engine.signals();
    }

    @Override
    public void close() {
        engine.close();
    }
}
