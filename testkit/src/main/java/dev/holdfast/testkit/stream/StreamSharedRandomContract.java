package dev.holdfast.testkit.stream;

import dev.holdfast.engine.Session;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.Store;
import org.junit.jupiter.api.BeforeEach;

/**
 * Streams under a program of random steps that two processes take in turns, beside a plain model: what one of them
 * remembers must not outlive what the other has done. For stores that several may open.
 */
public abstract class StreamSharedRandomContract extends StreamRandomContract {
    private Store second;

    /** The suite over the stores of one engine. */
    protected StreamSharedRandomContract() {}

    @BeforeEach
    void openTheOther() {
        second = store.second();
    }

    @Override
    Session session(RandomProgram program) {
        return (program.chance(50) ? store : second).session();
    }
}
