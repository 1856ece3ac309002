package dev.holdfast.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The tasks of one commit, run in the order in which they were first asked for. */
public final class CommitTasks {
    private final Map<Class<?>, CommitTask> tasks = new LinkedHashMap<>();

    /** No tasks yet. */
    public CommitTasks() {}

    /** The task of this type, made on first use. */
    public <T extends CommitTask> T task(Class<T> type, Supplier<T> make) {
        return type.cast(tasks.computeIfAbsent(type, any -> make.get()));
    }

    /** Runs them as the last statements of the transaction. */
    public void run(Sql sql) {
        for (CommitTask task : tasks.values()) {
            task.beforeCommit(sql);
        }
    }
}
