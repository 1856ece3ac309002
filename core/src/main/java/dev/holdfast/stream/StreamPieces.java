package dev.holdfast.stream;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Where the pieces of a row stand in its data: the messages of a JSON stream, or the appends of another.
 *
 * <p>They are stored as their lengths, each a number of seven bits a byte, the lowest first and the highest bit of all
 * bytes but the last set. In a sealed row a length is doubled, and has one more where an append ends.
 */
final class StreamPieces {
    private final boolean json;
    private final int count;
    /** Where each piece begins in the data, and where one behind the last would. */
    private final int[] starts;
    /** Whether an append ends with a piece. */
    private final boolean[] last;

    private StreamPieces(boolean json, int count, int[] starts, boolean[] last) {
        this.json = json;
        this.count = count;
        this.starts = starts;
        this.last = last;
    }

    /** The pieces of a row. */
    static StreamPieces of(StreamContent row, boolean json) {
        byte[] ends = row.ends();
        int behind = json ? 1 : 0; // the comma
        if (ends == null) {
            return new StreamPieces(json, 1, new int[] {0, row.data().length + behind}, new boolean[] {true});
        }
        int max = ends.length;
        int[] starts = new int[max + 1];
        boolean[] last = new boolean[max];
        int count = 0;
        for (int at = 0; at < ends.length; count++) {
            int number = 0;
            int shift = 0;
            byte next;
            do {
                next = ends[at++];
                number |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            last[count] = row.sealed() && (number & 1) != 0;
            starts[count + 1] = starts[count] + (row.sealed() ? number >>> 1 : number) + behind;
        }
        last[count - 1] = true;
        return new StreamPieces(json, count, starts, last);
    }

    /** Whether what a sealed row says of its pieces is what it holds: so many units, and so many bytes. */
    static boolean fit(byte[] ends, boolean json, long units, long bytes) {
        long pieces = 0;
        long length = 0;
        long number = 0;
        int shift = 0;
        for (byte next : ends) {
            number |= (long) (next & 0x7f) << shift;
            shift += 7;
            if (next >= 0) {
                pieces++;
                length += number >>> 1;
                number = 0;
                shift = 0;
            }
        }
        boolean ended = ends.length > 0 && shift == 0 && (ends[ends.length - 1] >= 0);
        return ended && (json ? pieces == units && length + pieces - 1 == bytes : length == units && length == bytes);
    }

    /** Where a unit begins in the data; for all units, where one behind the last would. */
    int start(int unit) {
        return json ? starts[unit] : unit;
    }

    int appendEnd(int unit) {
        int piece = piece(unit);
        while (!last[piece]) {
            piece++;
        }
        return unit(piece + 1);
    }

    int appendStart(int unit) {
        int piece = piece(unit);
        while (piece > 0 && !last[piece - 1]) {
            piece--;
        }
        return unit(piece);
    }

    int appendsUpTo(int from, long bytes) {
        int piece = piece(from);
        int begin = start(from);
        while (piece < count - 1 && (!last[piece] || starts[piece + 1] - begin < bytes)) {
            piece++;
        }
        return unit(piece + 1);
    }

    private int piece(int unit) {
        if (json) {
            return unit;
        }
        int found = Arrays.binarySearch(starts, 0, count, unit);
        return found >= 0 ? found : -found - 2;
    }

    private int unit(int piece) {
        return json ? piece : starts[piece];
    }

    /** Writes one length. */
    static void write(ByteArrayOutputStream out, int number) {
        int rest = number;
        while (rest >>> 7 != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** Collects the pieces of a sealed row. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void add(StreamContent row, boolean json) {
            StreamPieces pieces = of(row, json);
            for (int i = 0; i < pieces.count; i++) {
                int length = pieces.starts[i + 1] - pieces.starts[i] - (json ? 1 : 0);
                write(out, length << 1 | (pieces.last[i] ? 1 : 0));
            }
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }
}
