package dev.holdfast.cli.load;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Finds the stamps of messages in what a connection brings, however it is cut. */
final class StampScanner implements LoadSink {
    private static final int OUTSIDE = -1;

    private final LongConsumer found;
    private int digits = OUTSIDE;
    private long stamp;

    StampScanner(LongConsumer found) {
        this.found = found;
    }

    @Override
    public void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            next(bytes.get());
        }
    }

    void next(byte next) {
        if (next == LoadContent.SIGN) {
            digits = 0;
            stamp = 0;
        } else if (digits != OUTSIDE) {
            stamp = stamp * 10 + next - '0';
            if (++digits == LoadContent.DIGITS) {
                digits = OUTSIDE;
                found.accept(stamp);
            }
        }
    }
}
