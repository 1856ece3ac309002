package dev.holdfast.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tasks of one commit, run in the order in which they were first asked for. */
public final class CommitTasks {
    /** Made when first needed: most commits of reads have none. */
    private @Nullable Map<Class<?>, CommitTask> tasks;

    /** No tasks yet. */
    public CommitTasks() {}

    /** The task of this type, made on first use. */
    public <T extends CommitTask> T task(Class<T> type, Supplier<T> make) {
        if (tasks == null) {
            tasks = new LinkedHashMap<>();
        }
        return type.cast(tasks.computeIfAbsent(type, any -> make.get()));
    }

    /** Tells them what became of the commit. */
    public void ended(boolean committed) {
        if (tasks != null) {
            tasks.values().forEach(task -> task.ended(committed));
        }
    }

    /** Runs them as the last statements of the transaction. */
    public void run(Sql sql) {
        if (tasks != null) {
            for (CommitTask task : tasks.values()) {
                task.beforeCommit(sql);
            }
        }
    }
}
