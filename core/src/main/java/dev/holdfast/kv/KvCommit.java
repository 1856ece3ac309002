package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.util.List;
import java.util.Map;

/** The outcome of an atomic commit. */
public sealed interface KvCommit {
    /**
     * Every check held and every mutation was applied.
     *
     * @param versionstamp of all entries that were written; a commit of nothing has one too
     * @param values the new values of the keys that were combined or extended
     */
    record Committed(Versionstamp versionstamp, Map<Key, KvValue> values) implements KvCommit {
        /** Keeps its own copy. */
        public Committed {
            values = Map.copyOf(values);
        }
    }

    /**
     * A check did not hold and nothing was changed. Read again and decide anew.
     *
     * @param failedChecks the places of the checks that failed, from 0, in the order in which they were added
     */
    record Conflict(List<Integer> failedChecks) implements KvCommit {
        /** Keeps its own copy. */
        public Conflict {
            failedChecks = List.copyOf(failedChecks);
        }
    }

    /** Whether it was committed. */
    default boolean isCommitted() {
        return this instanceof Committed;
    }
}
