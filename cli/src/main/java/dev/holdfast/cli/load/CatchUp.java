package dev.holdfast.cli.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads every stream from its beginning to its tail, several at once, each in as many answers as it takes. */
final class CatchUp implements LoadRequests {
    private static final int OFFSET_BYTES_MAX = 256;
    private static final String BEGINNING = "-1";

    private final byte[] before;
    private final byte[] after;
    private final boolean scanning;
    private final long[] messages;
    private final long[] sums;
    private final Deque<Place> due = new ArrayDeque<>();
    private final @Nullable String[] asked;
    private int next;
    private long bytes;
    private long answers;

    /** Where one stream is to be read on. */
    private record Place(int stream, String offset) {}

    /** What one answer has brought so far. */
    private final class Found implements LoadSink {
        private final StampScanner scanner = new StampScanner(this::add);
        private long count;
        private long sum;

        private void add(long stamp) {
            count++;
            sum += stamp;
        }

        @Override
        public void take(ByteBuffer part) {
            bytes += part.remaining();
            if (scanning) {
                scanner.take(part);
            } else {
                part.position(part.limit());
            }
        }

        void into(int stream) {
            messages[stream] += count;
            sums[stream] += sum;
            count = 0;
            sum = 0;
        }
    }

    /**
     * Of streams that are numbered from 0.
     *
     * @param scanning whether messages are counted, not only bytes
     */
    CatchUp(LoadTarget target, int streams, boolean scanning) {
        this.before = LoadTarget.ascii("GET " + target.path() + "/");
        this.after = LoadTarget.ascii(target.headers() + "\r\n");
        this.scanning = scanning;
        this.messages = new long[streams];
        this.sums = new long[streams];
        this.asked = new String[streams];
    }

    @Override
    public int bytesMax() {
        return before.length + after.length + OFFSET_BYTES_MAX + "2147483647?offset=".length();
    }

    @Override
    public boolean hasNext() {
        return !due.isEmpty() || next < messages.length;
    }

    @Override
    public int next(ByteBuffer out, long stamp) {
        Place place = due.isEmpty() ? new Place(next++, BEGINNING) : due.pop();
        asked[place.stream()] = place.offset();
        out.put(before);
        out.put(LoadTarget.ascii(place.stream() + "?offset=" + place.offset()));
        out.put(after);
        return place.stream();
    }

    @Override
    public void answered(int number, long stamp, LoadSink sink, LoadParser answer) throws IOException {
        answers++;
        ((Found) sink).into(number);
        if (answer.header("stream-up-to-date").isEmpty()) {
            String offset = answer.header("stream-next-offset")
                    .orElseThrow(() -> new IOException("an answer has no Stream-Next-Offset"));
            if (offset.equals(asked[number]) || offset.length() > OFFSET_BYTES_MAX) {
                throw new IOException("reading does not go on from Stream-Next-Offset " + offset);
            }
            due.push(new Place(number, offset));
        }
    }

    @Override
    public void refused(int number, int status) throws IOException {
        throw new IOException("reading a stream is answered " + status);
    }

    @Override
    public void lost(int number) {
        // Its messages are missing then, and the comparison says so.
    }

    @Override
    public LoadSink sink() {
        return new Found();
    }

    long messages(int stream) {
        return messages[stream];
    }

    long sum(int stream) {
        return sums[stream];
    }

    long messages() {
        return Arrays.stream(messages).sum();
    }

    long bytes() {
        return bytes;
    }

    long answers() {
        return answers;
    }
}
