package dev.holdfast.client;

import java.time.Duration;

/** Lets time pass between two requests. Tests hand in one that does not. */
interface Pause {
    /**
     * Waits.
     *
     * @throws dev.holdfast.engine.ClosedException the client was closed meanwhile
     * @throws InterruptedException the thread was interrupted
     */
    void await(Duration time) throws InterruptedException;
}
