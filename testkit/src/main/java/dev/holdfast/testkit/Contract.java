package dev.holdfast.testkit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A suite of promises. The tests of an engine extend each suite in a nested class and say where its stores come from. A
 * test that takes longer than a minute fails: an engine that hangs breaks a promise like any other.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class Contract {
    /** A suite over the stores of one engine. */
    protected Contract() {}

    /** The stores that the suite runs on. */
    protected abstract Stores stores();
}
