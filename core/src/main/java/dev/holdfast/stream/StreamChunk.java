package dev.holdfast.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Some content of a stream, from one offset to another; whole appends as a rule.
 *
 * @param info the stream as it stood
 * @param start the offset of the first unit
 * @param next the offset behind the last unit, where the next read goes on; {@code start} when there is nothing
 * @param parts the content: bytes in order, or for a JSON stream texts of one or more messages with commas between
 *     them. They are shared and must not be changed
 */
public record StreamChunk(StreamInfo info, long start, long next, List<byte[]> parts) {
    /** Whether this reaches the tail of the stream. */
    public boolean upToDate() {
        return next >= info.tail();
    }

    /** Whether the stream is closed and this reaches its end: nothing will ever follow. */
    public boolean atEnd() {
        return info.closed() && upToDate();
    }

    /** Whether there is no content. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Bytes of all parts. */
    public long size() {
        return parts.stream().mapToLong(part -> part.length).sum();
    }

    /**
     * The texts of the messages of a JSON stream, each as it was sent; a state event has the offset in its headers.
     *
     * @throws IllegalStateException the stream holds no JSON
     */
    public List<String> messages() {
        if (!info.json()) {
            throw new IllegalStateException(
                    "only a stream of JSON has messages (contentType=" + info.contentType() + ")");
        }
        return parts.stream()
                .flatMap(part -> JsonMessages.parse(StreamReader.asArray(part), Integer.MAX_VALUE).texts().stream())
                .toList();
    }

    /** Writes the content: bytes as they are, messages as one JSON array. */
    public void writeTo(OutputStream out) throws IOException {
        boolean json = info.json();
        if (json) {
            out.write('[');
        }
        boolean first = true;
        for (byte[] part : parts) {
            if (json && !first) {
                out.write(',');
            }
            out.write(part);
            first = false;
        }
        if (json) {
            out.write(']');
        }
    }

    /** The content in one array; see {@link #writeTo}. */
    public byte[] toBytes() {
        var out = new ByteArrayOutputStream(Math.toIntExact(size() + parts.size() + 1));
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
