package dev.holdfast.cli.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads one answer of HTTP/1.1 after the other from the bytes of a connection, however they are cut. */
final class LoadParser {
    private static final int HEAD_BYTES = 512;
    private static final int HEAD_BYTES_MAX = 64 << 10;
    private static final int STATUS_FROM = 9;
    private static final int STATUS_UNTIL = 12;
    private static final int HEX = 16;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final long CHUNK_MAX = 1L << 40;

    private enum State {
        HEAD,
        COUNTED,
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSED,
        DONE
    }

    private byte[] head = new byte[HEAD_BYTES];
    private int length;
    private int status;
    private State state = State.DONE;
    private long left;
    private int trailing;
    private boolean bodiless;
    private LoadSink sink = LoadSink.NONE;

    /** Expects an answer. */
    void begin(boolean withoutBody, LoadSink body) {
        state = State.HEAD;
        length = 0;
        bodiless = withoutBody;
        sink = body;
    }

    /** Takes bytes until there are no more or the answer is complete; says whether it is. */
    boolean feed(ByteBuffer in) throws IOException {
        while (in.hasRemaining() && state != State.DONE) {
            switch (state) {
                case HEAD -> head(in);
                case COUNTED -> {
                    pass(in);
                    if (left == 0) {
                        state = State.DONE;
                    }
                }
                case CHUNK_SIZE, CHUNK_EXTENSION -> size(in.get());
                case CHUNK -> {
                    pass(in);
                    if (left == 0) {
                        state = State.CHUNK_END;
                    }
                }
                case CHUNK_END -> {
                    if (in.get() == '\n') {
                        state = State.CHUNK_SIZE;
                    }
                }
                case TRAILER -> trailer(in.get());
                case UNTIL_CLOSED -> sink.take(in);
                case DONE -> throw new IllegalStateException("no answer is expected");
            }
        }
        return state == State.DONE;
    }

    /** The connection has ended; says whether the answer is complete so. */
    boolean closed() {
        return state == State.UNTIL_CLOSED;
    }

    int status() {
        return status;
    }

    /** The value of a header of the last answer; its name in small letters. */
    Optional<String> header(String name) {
        int from = find(name);
        if (from < 0) {
            return Optional.empty();
        }
        int until = from;
        while (head[until] != '\r') {
            until++;
        }
        return Optional.of(new String(head, from, until - from, StandardCharsets.ISO_8859_1).strip());
    }

    /** Whether the server closes the connection after the last answer. */
    boolean last() {
        return state == State.UNTIL_CLOSED
                || header("connection").filter("close"::equalsIgnoreCase).isPresent();
    }

    private void head(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (length == head.length) {
                if (length == HEAD_BYTES_MAX) {
                    throw new IOException("the head of an answer is longer than " + HEAD_BYTES_MAX + " bytes");
                }
                head = Arrays.copyOf(head, 2 * length);
            }
            byte next = in.get();
            head[length++] = next;
            if (next == '\n' && length > 3 && head[length - 3] == '\n') {
                headEnded();
                return;
            }
        }
    }

    private void headEnded() throws IOException {
        status = 0;
        for (int i = STATUS_FROM; i < STATUS_UNTIL && i < length; i++) {
            status = status * 10 + head[i] - '0';
        }
        if (status < 100 || status > 999) {
            throw new IOException("this is no answer of HTTP: "
                    + new String(head, 0, Math.min(length, 40), StandardCharsets.ISO_8859_1));
        }
        if (status < 200) {
            length = 0;
            return;
        }
        if (bodiless || status == NO_CONTENT || status == NOT_MODIFIED) {
            state = State.DONE;
            return;
        }
        Optional<String> counted = header("content-length");
        if (header("transfer-encoding").isPresent()) {
            left = 0;
            state = State.CHUNK_SIZE;
        } else if (counted.isPresent()) {
            left = Long.parseLong(counted.get());
            state = left == 0 ? State.DONE : State.COUNTED;
        } else {
            state = State.UNTIL_CLOSED;
        }
    }

    private void size(byte next) throws IOException {
        if (next == '\n') {
            trailing = 0;
            state = left == 0 ? State.TRAILER : State.CHUNK;
        } else if (state == State.CHUNK_SIZE) {
            int digit = Character.digit(next, HEX);
            if (digit < 0) {
                state = State.CHUNK_EXTENSION;
            } else {
                left = left * HEX + digit;
                if (left > CHUNK_MAX) {
                    throw new IOException("a chunk is too large");
                }
            }
        }
    }

    private void trailer(byte next) {
        if (next != '\n') {
            trailing += next == '\r' ? 0 : 1;
        } else if (trailing == 0) {
            state = State.DONE;
        } else {
            trailing = 0;
        }
    }

    private void pass(ByteBuffer in) {
        int end = in.limit();
        int now = (int) Math.min(left, in.remaining());
        in.limit(in.position() + now);
        sink.take(in);
        in.limit(end);
        left -= now;
    }

    /** Where the value of a header begins, or -1. */
    private int find(String name) {
        int line = 0;
        while (line < length) {
            if (names(line, name)) {
                return line + name.length() + 1;
            }
            while (line < length && head[line] != '\n') {
                line++;
            }
            line++;
        }
        return -1;
    }

    private boolean names(int line, String name) {
        if (line + name.length() >= length || head[line + name.length()] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.toLowerCase((char) head[line + i]) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
