package dev.holdfast.engine;

import java.util.List;

/**
 * What a follower of the change log is handed.
 *
 * @param changes in the order of versionstamps; on PostgreSQL overlapping commits may come in either order, in
 *     different batches
 * @param reset whether older changes are no longer in the log: the follower reads everything anew
 * @param position what to follow from later, to miss nothing; some changes after it may then come again
 */
public record ChangeBatch(List<Change> changes, boolean reset, long position) {
    /** Keeps its own copy. */
    public ChangeBatch {
        changes = List.copyOf(changes);
    }
}
