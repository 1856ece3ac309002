package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A server-sent event, encoded once and sent to any number of readers. Immutable.
 *
 * <p>Data is split at every line end of any kind, so that no text can forge another event. The format is that of the
 * HTML standard.
 */
public final class SseEvent {
    private static final byte[] EVENT = "event: ".getBytes(UTF_8);
    private static final byte[] ID = "id: ".getBytes(UTF_8);
    private static final byte[] DATA = "data: ".getBytes(UTF_8);
    private static final byte[] DATA_TIGHT = "data:".getBytes(UTF_8);

    private static final byte[] LINE_END = "\r\n".getBytes(UTF_8);

    // As one chunk of HTTP/1.1, so that a connection can send it without a copy; the event lies within.
    private final byte[] chunk;
    private final int size;

    private SseEvent(byte[] bytes) {
        byte[] length = (Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8);
        size = bytes.length;
        chunk = new byte[length.length + size + LINE_END.length];
        System.arraycopy(length, 0, chunk, 0, length.length);
        System.arraycopy(bytes, 0, chunk, length.length, size);
        System.arraycopy(LINE_END, 0, chunk, length.length + size, LINE_END.length);
    }

    /**
     * An event with {@code data: } and one blank.
     *
     * @param event its name; empty for the default {@code message}
     * @param data any text
     */
    public static SseEvent of(String event, String data) {
        return encode(event, "", DATA, requireNonNull(data, "data").getBytes(UTF_8));
    }

    /** An event with an id that a reader sends back as {@code Last-Event-ID}. */
    public static SseEvent of(String event, String data, String id) {
        return encode(event, id, DATA, requireNonNull(data, "data").getBytes(UTF_8));
    }

    /** An event whose data is there as UTF-8 already. */
    public static SseEvent of(String event, byte[] utf8) {
        return encode(event, "", DATA, requireNonNull(utf8, "utf8"));
    }

    /**
     * An event with {@code data:} and no blank, as the durable streams protocol writes it, except before a line that
     * begins with a blank, of which a reader takes one away.
     */
    public static SseEvent tight(String event, byte[] utf8) {
        return encode(event, "", DATA_TIGHT, requireNonNull(utf8, "utf8"));
    }

    /** A comment, which readers ignore. */
    public static SseEvent comment(String text) {
        requireLine("text", text);
        return new SseEvent((": " + text + "\n\n").getBytes(UTF_8));
    }

    /** Bytes as they are, for a stream of another type; see {@link Exchange#frames}. They are copied. */
    public static SseEvent frame(byte[] bytes) {
        return new SseEvent(requireNonNull(bytes, "bytes"));
    }

    /** This event and another one, to be sent in one write. */
    public SseEvent and(SseEvent next) {
        byte[] both = new byte[size + next.size];
        buffer().get(both, 0, size);
        next.buffer().get(both, size, next.size);
        return new SseEvent(both);
    }

    /** The bytes on the wire. */
    public int size() {
        return size;
    }

    /** The event alone. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(chunk, chunk.length - LINE_END.length - size, size);
    }

    /** The event as one chunk of a body of HTTP/1.1. */
    ByteBuffer chunk() {
        return ByteBuffer.wrap(chunk);
    }

    @Override
    public String toString() {
        return "SseEvent[size=" + size + "]";
    }

    private static SseEvent encode(String event, String id, byte[] prefix, byte[] data) {
        requireLine("event", event);
        requireLine("id", id);
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + event.length() + id.length() + 32);
        if (!event.isEmpty()) {
            out.writeBytes(EVENT);
            out.writeBytes(event.getBytes(UTF_8));
            out.write('\n');
        }
        if (!id.isEmpty()) {
            out.writeBytes(ID);
            out.writeBytes(id.getBytes(UTF_8));
            out.write('\n');
        }
        writeLines(out, prefix, data);
        out.write('\n');
        return new SseEvent(out.toByteArray());
    }

    private static void writeLines(ByteArrayOutputStream out, byte[] prefix, byte[] data) {
        int begin = 0;
        for (int i = 0; i <= data.length; i++) {
            if (i == data.length || data[i] == '\n' || data[i] == '\r') {
                out.writeBytes(prefix);
                if (i > begin && data[begin] == ' ' && prefix[prefix.length - 1] != ' ') {
                    out.write(' '); // whoever reads takes the first one away
                }
                out.write(data, begin, i - begin);
                out.write('\n');
                if (i + 1 < data.length && data[i] == '\r' && data[i + 1] == '\n') {
                    i++;
                }
                begin = i + 1;
            }
        }
    }

    private static void requireLine(String name, String text) {
        if (requireNonNull(text, name).chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new InvalidInputException(
                    "http.event_line",
                    "a part of an event must be one line (part=" + name + ", length=" + text.length() + ")");
        }
    }
}
