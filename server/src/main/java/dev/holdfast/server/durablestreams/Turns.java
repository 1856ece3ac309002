package dev.holdfast.server.durablestreams;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing again and again, when asked, and never twice at once: whoever asks while it is done makes it be done
 * once more. Asking never blocks.
 */
final class Turns {
    // How often it was asked for since it was begun last. Not zero before begin, so that it alone does the first turn.
    // Each turn is seen by the next, since all begin and end here.
    private final AtomicInteger asked = new AtomicInteger(1);
    private @Nullable Runnable turn;

    /** Does it soon, on a virtual thread. */
    void ask() {
        if (asked.getAndIncrement() == 0) {
            Thread.ofVirtual().name("holdfast-stream-reader").start(this::run);
        }
    }

    /** Does it now, and from now on when asked. */
    void begin(Runnable what) {
        turn = what;
        run();
    }

    private void run() {
        Runnable what = requireNonNull(turn, "a turn before begin");
        int seen;
        do {
            seen = asked.get();
            what.run();
        } while (!asked.compareAndSet(seen, 0));
    }
}
