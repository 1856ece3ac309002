package dev.holdfast.testkit;

import dev.holdfast.engine.EngineException;
import dev.holdfast.testkit.FaultyEngine.Moment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts statements and commits and fails the one that was asked for. */
final class Faults implements AroundUnit {
    /** Guards all fields; nothing of the database runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private int left;
    private Moment moment = Moment.BEFORE;
    private boolean commits;
    private boolean error;
    private boolean fired;
    private boolean afterCommit;

    void arm(int number, Moment when, boolean ofCommits) {
        if (number < 1) {
            throw new IllegalArgumentException("the first is number 1 (number=" + number + ")");
        }
        lock.lock();
        try {
            left = number;
            moment = when;
            commits = ofCommits;
            error = false;
            fired = false;
            afterCommit = false;
        } finally {
            lock.unlock();
        }
    }

    /** The next statement so many from now breaks with an error. */
    void armError(int number) {
        lock.lock();
        try {
            arm(number, Moment.BEFORE, false);
            error = true;
        } finally {
            lock.unlock();
        }
    }

    boolean fired() {
        lock.lock();
        try {
            return fired;
        } finally {
            lock.unlock();
        }
    }

    boolean afterCommit() {
        lock.lock();
        try {
            return afterCommit;
        } finally {
            lock.unlock();
        }
    }

    /** Runs a statement, or fails in its place or after it. */
    @Override
    public <R> R statement(String text, @Nullable Object[] args, Supplier<R> statement) {
        if (!due(false)) {
            return statement.get();
        }
        if (error) {
            throw new LinkageError("a statement breaks on request");
        }
        if (moment == Moment.AFTER && statement.get() instanceof Stream<?> rows) {
            rows.close();
        }
        throw new EngineException("testkit.fault", "a statement fails on request (moment=" + moment + ")");
    }

    @Override
    public void committing() {
        if (moment == Moment.BEFORE && due(true)) {
            throw new EngineException("testkit.fault", "a commit fails on request (moment=BEFORE)");
        }
    }

    /** Called when a commit has returned. */
    void committed() {
        if (moment == Moment.AFTER && due(true)) {
            afterCommit = true;
            throw new EngineException("testkit.fault", "a commit's answer is lost on request (moment=AFTER)");
        }
    }

    private boolean due(boolean commit) {
        lock.lock();
        try {
            if (fired || commits != commit || left == 0 || --left > 0) {
                return false;
            }
            fired = true;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
