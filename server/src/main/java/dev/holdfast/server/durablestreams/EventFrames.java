package dev.holdfast.server.durablestreams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.server.http.SseEvent;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Chunks as events. The content of a chunk and the control event that belongs to it are one event here, so that they
 * leave in one write.
 *
 * <p>All readers at the tail of a stream get the same content at the same time, so the last frames are kept and shared.
 */
final class EventFrames {
    private static final int SLOTS = 256;
    private static final int KEPT_BYTES_MAX = 64 * 1_024;

    /** A frame and what it was made of, which is compared by identity: streams hand out what they share. */
    private record Frame(List<byte[]> parts, long next, boolean upToDate, boolean atEnd, long cursor, SseEvent event) {
        @SuppressWarnings("ReferenceEquality") // equal content in another array may belong to another stream
        boolean fits(StreamChunk chunk, long wanted) {
            if (next != chunk.next()
                    || upToDate != chunk.upToDate()
                    || atEnd != chunk.atEnd()
                    || cursor != wanted
                    || parts.size() != chunk.parts().size()) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i) != chunk.parts().get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final AtomicReferenceArray<@Nullable Frame> kept = new AtomicReferenceArray<>(SLOTS);

    /** Whether the content of a stream is sent in base64: what is neither text nor JSON. */
    static boolean isBinary(StreamInfo info) {
        return !info.json() && !info.contentType().toLowerCase(Locale.ROOT).startsWith("text/");
    }

    /** A chunk with its control event, or that alone when there is no content. */
    SseEvent of(StreamChunk chunk, long cursor) {
        if (chunk.isEmpty()) {
            return control(chunk, cursor);
        }
        int slot = System.identityHashCode(chunk.parts().getFirst()) % SLOTS;
        Frame known = kept.get(slot);
        if (known != null && known.fits(chunk, cursor)) {
            return known.event();
        }
        SseEvent event = SseEvent.tight("data", data(chunk)).and(control(chunk, cursor));
        if (event.size() <= KEPT_BYTES_MAX) {
            kept.set(slot, new Frame(chunk.parts(), chunk.next(), chunk.upToDate(), chunk.atEnd(), cursor, event));
        }
        return event;
    }

    private static byte[] data(StreamChunk chunk) {
        byte[] content = chunk.toBytes();
        return isBinary(chunk.info()) ? Base64.getEncoder().encode(content) : content;
    }

    private static SseEvent control(StreamChunk chunk, long cursor) {
        StringBuilder json = new StringBuilder(112);
        json.append("{\"streamNextOffset\":\"")
                .append(StreamOffset.text(chunk.next()))
                .append('"');
        if (chunk.atEnd()) {
            json.append(",\"streamClosed\":true");
        } else {
            json.append(",\"streamCursor\":\"").append(cursor).append('"');
        }
        if (chunk.upToDate()) {
            json.append(",\"upToDate\":true");
        }
        return SseEvent.tight("control", json.append('}').toString().getBytes(US_ASCII));
    }
}
