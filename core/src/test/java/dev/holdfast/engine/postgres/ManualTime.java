package dev.holdfast.engine.postgres;

import dev.holdfast.engine.TimeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that a test turns by hand. Tasks run on the thread that turns it. */
final class ManualTime implements TimeSource {
    private final List<Task> tasks = new ArrayList<>();
    private long now = 1_700_000_000_000L;

    @Override
    public synchronized long millis() {
        return now;
    }

    @Override
    public synchronized Timer after(long delayMillis, Runnable task) {
        Task entry = new Task(now + delayMillis, task);
        tasks.add(entry);
        return () -> take(entry);
    }

    /** How long the next task has still to wait; nothing when there is none. */
    synchronized Optional<Long> untilNext() {
        return tasks.stream().map(Task::at).min(Comparator.naturalOrder()).map(at -> at - now);
    }

    /** Moves the clock to the next task and runs it. */
    void runNext() {
        Task next;
        synchronized (this) {
            next = tasks.stream().min(Comparator.comparingLong(Task::at)).orElseThrow();
            tasks.remove(next);
            now = Math.max(now, next.at);
        }
        next.task.run();
    }

    private synchronized void take(Task entry) {
        tasks.remove(entry);
    }

    private record Task(long at, Runnable task) {}
}
