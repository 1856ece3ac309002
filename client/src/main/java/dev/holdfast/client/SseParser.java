package dev.holdfast.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes an event stream apart, by the rules of the HTML standard: lines end with CR LF, CR or LF and with nothing else;
 * one blank behind the colon of a field is cut; comments and unknown fields are skipped; what stands at the end without
 * an empty line behind it is no event. Other than there, an event whose data is empty is one: an append may be empty.
 */
final class SseParser {
    private static final int BUFFER_BYTES = 16 * 1_024;
    private static final String MARK = "\uFEFF";

    private final InputStream in;
    private final int bytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean afterReturn;
    private boolean begun;

    /**
     * An event.
     *
     * @param type {@code message} when it was not named
     * @param data its lines, with LF between them
     */
    record Event(String type, String data) {}

    /**
     * Reads a stream.
     *
     * @param bytesMax how many bytes one event may have
     */
    SseParser(InputStream in, int bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    /**
     * The next event, waiting for it; null at the end of the stream.
     *
     * @throws AnswerTooLarge an event has more bytes than it may
     */
    @Nullable
    Event next() throws IOException {
        String type = "";
        List<String> data = new ArrayList<>();
        long bytes = 0;
        while (true) {
            ByteArrayOutputStream read = line(bytes);
            if (read == null) {
                return null;
            }
            bytes += read.size();
            String line = decoded(read);
            if (line.isEmpty()) {
                if (!type.isEmpty() || !data.isEmpty()) {
                    return new Event(type.isEmpty() ? "message" : type, String.join("\n", data));
                }
                bytes = 0;
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            if (field.equals("data")) {
                data.add(value(line, colon));
            } else if (field.equals("event")) {
                type = value(line, colon);
            }
        }
    }

    private static String value(String line, int colon) {
        if (colon < 0) {
            return "";
        }
        String value = line.substring(colon + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    /**
     * The next line without its end; null when the stream ends before one.
     *
     * @param before how many bytes the event has by now
     */
    private @Nullable ByteArrayOutputStream line(long before) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (at == end && !fill()) {
                return null;
            }
            int from = at;
            if (afterReturn && buffer[from] == '\n') {
                from++;
            }
            afterReturn = false;
            at = from;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            line.write(buffer, from, at - from);
            if (before + line.size() > bytesMax) {
                throw new AnswerTooLarge(before + line.size(), bytesMax);
            }
            if (at < end) {
                afterReturn = buffer[at] == '\r';
                at++;
                return line;
            }
        }
    }

    private String decoded(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        boolean first = !begun;
        begun = true;
        return first && text.startsWith(MARK) ? text.substring(1) : text;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(read, 0);
        return read > 0;
    }
}
