package dev.holdfast.server.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The lines of a body as they come: memory holds the longest line and one piece. */
final class BodyLines {
    private static final int PIECE_BYTES = 16 << 10;

    private final InputStream body;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int at;
    private int end;
    private byte[] line = new byte[PIECE_BYTES];
    private int length;
    private boolean closed;

    BodyLines(InputStream body) {
        this.body = body;
    }

    /** Goes to the next line; false when there is none. What stands behind the last line end is a line too. */
    boolean next() throws IOException {
        length = 0;
        closed = false;
        while (!closed && fill()) {
            int from = at;
            while (at < end && piece[at] != '\n') {
                at++;
            }
            append(from);
            if (at < end) {
                closed = true;
                at++;
            }
        }
        return closed || length > 0;
    }

    /** The line, without its end; good until the next one. */
    ByteBuffer line() {
        return ByteBuffer.wrap(line, 0, length);
    }

    /** Whether the line has its end. */
    boolean isClosed() {
        return closed;
    }

    /** Has something to look at, unless the body is over. */
    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(body.read(piece, 0, piece.length), 0);
        }
        return at < end;
    }

    private void append(int from) {
        int more = at - from;
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, Math.min(2 * line.length, Integer.MAX_VALUE - 8)));
        }
        System.arraycopy(piece, from, line, length, more);
        length += more;
    }
}
