package dev.holdfast.testkit;

import dev.holdfast.testkit.FaultyEngine.Moment;

/** Something over a database that makes one statement or commit fail when it is told to. */
public interface FaultControl {
    /** Makes a statement fail, once, counted from now on; forgets any fault asked for before. */
    void failStatement(int number, Moment moment);

    /** Makes a commit fail, once, counted from now on; forgets any fault asked for before. */
    void failCommit(int number, Moment moment);

    /** Whether the fault has happened. */
    boolean failed();

    /** Whether the fault has happened after a commit, which stands. */
    boolean failedAfterCommit();
}
