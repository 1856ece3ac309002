package dev.holdfast.cli;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The end of a watch: it has printed enough, or cannot print any more. */
final class WatchEnd {
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable OutputLostException lost;

    /** Prints what a watch told, on its thread; output that is lost is the end. */
    void print(Runnable printing) {
        try {
            printing.run();
        } catch (OutputLostException e) {
            lost = e;
            end.countDown();
        }
    }

    /** Enough was printed. */
    void reach() {
        end.countDown();
    }

    /**
     * Waits for the end.
     *
     * @throws OutputLostException it cannot print any more
     */
    void await() throws InterruptedException {
        end.await();
        OutputLostException failure = lost;
        if (failure != null) {
            throw failure;
        }
    }
}
