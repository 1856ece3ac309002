package dev.holdfast.testkit.collection;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine that asks for the plan of each statement before it runs it. For one thread. */
final class ExplainingEngine implements Engine {
    private final Engine engine;
    private final List<String> plans = new ArrayList<>();
    private boolean listening;

    ExplainingEngine(Engine engine) {
        this.engine = engine;
    }

    /** The plans of all statements of a call, line by line. */
    List<String> plansOf(Runnable call) {
        plans.clear();
        listening = true;
        try {
            call.run();
        } finally {
            listening = false;
        }
        return List.copyOf(plans);
    }

    @Override
    public <R> R read(Work<R> work) {
        return engine.read(unit -> work.run(explaining(unit)));
    }

    @Override
    public <R> R write(Work<R> work) {
        return engine.write(unit -> work.run(explaining(unit)));
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        return engine.write(kind, unit -> work.run(explaining(unit)));
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

    private Unit explaining(Unit unit) {
        return (Unit) Proxy.newProxyInstance(
                Unit.class.getClassLoader(), new Class<?>[] {Unit.class}, (proxy, method, args) -> {
                    if (listening && args != null && args.length > 1 && args[0] instanceof String statement) {
                        plans.addAll(explain(unit, statement, args[args.length - 1]));
                    }
                    try {
                        return method.invoke(unit, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private List<String> explain(Unit unit, String statement, Object args) {
        if (engine.dialect() == Dialect.SQLITE) {
            RowReader<String> detail = row -> row.getString(4);
            return unit.list("explain query plan " + statement, detail);
        }
        RowReader<String> line = row -> row.getString(1);
        @Nullable Object[] bound = args instanceof List<?> rows ? (Object[]) rows.getFirst() : (Object[]) args;
        return unit.list("explain " + statement, line, bound);
    }
}
