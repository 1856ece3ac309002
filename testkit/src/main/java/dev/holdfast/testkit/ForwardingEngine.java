package dev.holdfast.testkit;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An engine over another, which does all the work: for tests that look at what rooms ask of a database, or get in the
 * way of it. What a user does through the JDBC connection is not seen. Closing it closes the engine below.
 */
public abstract class ForwardingEngine implements Engine {
    private final Engine engine;

    /** An engine over another. */
    protected ForwardingEngine(Engine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /** What happens around the statements of a unit that begins; nothing, unless this is overridden. */
    protected AroundUnit around(Unit unit) {
        return AroundUnit.NOTHING;
    }

    /** Called when a commit has returned; what it throws the caller gets, though the commit stands. */
    protected void committed() {}

    private ForwardingUnit forwarding(Unit unit) {
        return new ForwardingUnit(unit, around(unit));
    }

    @Override
    public <R> R read(Work<R> work) {
        return engine.read(unit -> work.run(forwarding(unit)));
    }

    @Override
    public <R> R readOne(Work<R> work) {
        return engine.readOne(unit -> work.run(forwarding(unit)));
    }

    @Override
    public <R> R bulk(Work<R> work) {
        return engine.bulk(unit -> work.run(forwarding(unit)));
    }

    @Override
    public <R> R scan(Work<R> work) {
        return engine.scan(unit -> work.run(forwarding(unit)));
    }

    @Override
    public <R> R scanOne(Work<R> work) {
        return engine.scanOne(unit -> work.run(forwarding(unit)));
    }

    @Override
    public <R> R write(Work<R> work) {
        return write(UnitKind.USER, work);
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        R result = engine.write(kind, unit -> {
            ForwardingUnit forwarding = forwarding(unit);
            R value = work.run(forwarding);
            forwarding.awaitCommit();
            return value;
        });
        committed();
        return result;
    }

    @Override
    public <R> R writeOne(Work<R> work) {
        R result = engine.writeOne(unit -> work.run(forwarding(unit)));
        committed();
        return result;
    }

    @Override
    public <R> R inTurn(long hot, Supplier<R> unit) {
        return engine.inTurn(hot, unit);
    }

    @Override
    public Optional<Duration> turnLimit(long hot) {
        return engine.turnLimit(hot);
    }

    @Override
    public void ready(Tables tables, Work<?> check) {
        engine.ready(tables, check);
    }

    @Override
    public boolean joined() {
        return engine.joined();
    }

    @Override
    public void examine(Tables tables, Consumer<Finding> out) {
        engine.examine(tables, out);
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
