package dev.holdfast.testkit;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** An engine that asks the database for the plan of each statement before it runs it. One thread at a time. */
final class ExplainingEngine implements Engine {
    private static final RowReader<String> SQLITE_DETAIL = row -> row.getString(4);
    private static final RowReader<String> POSTGRES_LINE = row -> row.getString(1);

    private final Engine engine;
    private final List<Explained> explained = new ArrayList<>();
    private boolean listening;

    ExplainingEngine(Engine engine) {
        this.engine = engine;
    }

    /** A statement and the lines of its plan. */
    record Explained(String statement, List<String> plan) {}

    /** What a call asks of the database, in order. */
    List<Explained> during(Runnable call) {
        explained.clear();
        listening = true;
        try {
            call.run();
        } finally {
            listening = false;
        }
        return List.copyOf(explained);
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

    private Unit explaining(Unit unit) {
        return (Unit) Proxy.newProxyInstance(
                Unit.class.getClassLoader(), new Class<?>[] {Unit.class}, (proxy, method, args) -> {
                    if (listening && args != null && args[0] instanceof String statement) {
                        explained.add(new Explained(statement, plan(unit, statement, arguments(method, args))));
                    }
                    try {
                        return method.invoke(unit, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Object[] arguments(Method method, Object[] args) {
        Object last = args[args.length - 1];
        return method.getName().equals("execAll") ? (Object[]) ((List<?>) last).getFirst() : (Object[]) last;
    }

    private List<String> plan(Unit unit, String statement, Object[] args) {
        if (dialect() == Dialect.SQLITE) {
            return unit.list("explain query plan " + statement, SQLITE_DETAIL, args);
        }
        // The tables of a test are small; whether an index can be used, also for the order, does not depend on that.
        unit.list("select set_config('enable_seqscan', 'off', true)", POSTGRES_LINE);
        unit.list("select set_config('enable_sort', 'off', true)", POSTGRES_LINE);
        return unit.list("explain (costs off) " + statement, POSTGRES_LINE, args).stream()
                .map(String::strip)
                .toList();
    }
}
