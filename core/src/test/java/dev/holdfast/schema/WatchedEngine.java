package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Another engine whose write transactions are counted and can be made to fail. */
final class WatchedEngine implements Engine {
    private final Engine engine;
    private final AtomicInteger writes = new AtomicInteger();
    private IntConsumer beforeWrite = number -> {};
    private boolean readsFail;
    private int failAt = Integer.MAX_VALUE;

    WatchedEngine(Engine engine) {
        this.engine = engine;
    }

    /** Write transactions that were begun. */
    int writes() {
        return writes.get();
    }

    /** Calls this before each write transaction with its number, from 1. */
    WatchedEngine beforeWrite(IntConsumer action) {
        beforeWrite = action;
        return this;
    }

    /** Lets the n-th statement that changes something in a write transaction fail, from 1. */
    WatchedEngine failAt(int statement) {
        failAt = statement;
        return this;
    }

    /** Lets every read fail. */
    WatchedEngine failReads() {
        readsFail = true;
        return this;
    }

    @Override
    public <R> R read(Work<R> work) {
        if (readsFail) {
            throw new EngineException("test.failure", "the server is gone");
        }
        return engine.read(work);
    }

    @Override
    public <R> R write(Work<R> work) {
        return write(UnitKind.USER, work);
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        beforeWrite.accept(writes.incrementAndGet());
        return engine.write(kind, unit -> work.run(failing(unit)));
    }

    private Unit failing(Unit unit) {
        AtomicInteger statements = new AtomicInteger();
        return (Unit) Proxy.newProxyInstance(
                Unit.class.getClassLoader(), new Class<?>[] {Unit.class}, (proxy, method, args) -> {
                    if (method.getName().equals("exec") && statements.incrementAndGet() == failAt) {
                        throw new EngineException("test.failure", "the disk is full");
                    }
                    try {
                        return method.invoke(unit, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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
