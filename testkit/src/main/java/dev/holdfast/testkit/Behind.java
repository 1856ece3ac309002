package dev.holdfast.testkit;

import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.Signals.Registration;
import java.util.concurrent.CountDownLatch;

/** Keeps the reader of the change log from reading on, as a slow disk or a paused process would. */
final class Behind {
    private final Store store;
    private final String room;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private Registration registration = () -> {};

    Behind(Store store, String room) {
        this.store = store;
        this.room = room;
    }

    /**
     * Begins, once a change was read.
     *
     * @param write changes something in the room
     */
    void begin(Runnable write) {
        registration = store.database().feed().follow("default", room, ChangeFeed.NOW, batch -> {
            held.countDown();
            Callers.pass(release);
        });
        write.run();
        Callers.pass(held);
    }

    void end() {
        registration.close();
        release.countDown();
    }
}
