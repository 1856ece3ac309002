package dev.holdfast.cli.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Finds stamps, and the offset in each control event, in an event stream. */
final class EventScanner implements LoadSink {
    private static final byte[] OFFSET = LoadTarget.ascii("\"streamNextOffset\":\"");
    private static final int OFFSET_BYTES_MAX = 256;

    private final StampScanner stamps;
    private final byte[] offset = new byte[OFFSET_BYTES_MAX];
    private int matched;
    private int length;
    private String last = "";

    EventScanner(LongConsumer found) {
        stamps = new StampScanner(found);
    }

    /** Where the reader is, as the last control event has told it; empty before the first one. */
    Optional<String> offset() {
        return last.isEmpty() ? Optional.empty() : Optional.of(last);
    }

    @Override
    public void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            stamps.next(next);
            if (matched < OFFSET.length) {
                matched = next == OFFSET[matched] ? matched + 1 : next == OFFSET[0] ? 1 : 0;
            } else if (next == '"' || length == OFFSET_BYTES_MAX) {
                last = new String(offset, 0, length, StandardCharsets.ISO_8859_1);
                matched = 0;
                length = 0;
            } else {
                offset[length++] = next;
            }
        }
    }
}
