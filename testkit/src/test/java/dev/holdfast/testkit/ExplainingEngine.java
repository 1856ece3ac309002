package dev.holdfast.testkit;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An engine that asks the database for the plan of each statement before it runs it. One thread at a time. */
public final class ExplainingEngine extends ForwardingEngine {
    private static final RowReader<String> SQLITE_DETAIL = row -> row.getString(4);
    private static final RowReader<String> POSTGRES_LINE = row -> row.getString(1);

    private final boolean forced;
    private final List<Explained> explained = new ArrayList<>();
    private boolean listening;

    private ExplainingEngine(Engine engine, boolean forced) {
        super(engine);
        this.forced = forced;
    }

    /** Plans as the database makes them for tables that are as large as they are. */
    public static ExplainingEngine of(Engine engine) {
        return new ExplainingEngine(engine, false);
    }

    /** Plans that use an index wherever they can, also for the order: the tables of a test may be small for that. */
    public static ExplainingEngine forced(Engine engine) {
        return new ExplainingEngine(engine, true);
    }

    /** A statement and the lines of its plan. */
    public record Explained(String statement, List<String> plan) {}

    /** What a call asks of the database, in order. */
    public List<Explained> during(Runnable call) {
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
    protected AroundUnit around(Unit unit) {
        return new AroundUnit() {
            @Override
            public <R> R statement(String text, @Nullable Object[] args, Supplier<R> statement) {
                if (listening) {
                    explained.add(new Explained(text, plan(unit, text, args)));
                }
                return statement.get();
            }
        };
    }

    // What is asked for a plan is more than one statement, so each unit gets a transaction.

    @Override
    public <R> R readOne(Work<R> work) {
        return read(work);
    }

    @Override
    public <R> R scan(Work<R> work) {
        return read(work);
    }

    @Override
    public <R> R scanOne(Work<R> work) {
        return read(work);
    }

    @Override
    public <R> R writeOne(Work<R> work) {
        return write(UnitKind.OPERATION, work);
    }

    private List<String> plan(Unit unit, String statement, @Nullable Object[] args) {
        if (dialect() == Dialect.SQLITE) {
            return unit.list("explain query plan " + statement, SQLITE_DETAIL, args);
        }
        if (forced) {
            unit.list("select set_config('enable_seqscan', 'off', true)", POSTGRES_LINE);
            unit.list("select set_config('enable_sort', 'off', true)", POSTGRES_LINE);
        }
        return unit.list("explain (costs off) " + statement, POSTGRES_LINE, args).stream()
                .map(String::strip)
                .toList();
    }
}
