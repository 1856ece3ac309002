package dev.holdfast.stream;

import dev.holdfast.stream.StreamSealSql.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * What one step of sealing does with some rows of a stream.
 *
 * @param runs those that become one row each
 * @param until the offset before which no row need be looked at again; 0 when nothing is done
 * @param more whether another step may have something to do
 */
record StreamSealPlan(List<List<Size>> runs, long until, boolean more) {
    /** Bytes that one step writes, about. */
    private static final long STEP_BYTES = 1 << 20;

    /** For the next rows of a stream, of which there are more when these are {@link StreamSealer#ROWS_MAX}. */
    static StreamSealPlan of(List<Size> rows, int segmentBytes) {
        List<List<Size>> runs = new ArrayList<>();
        long written = 0;
        int at = 0;
        while (at < rows.size() && written < STEP_BYTES) {
            int end = at;
            long bytes = 0;
            while (end < rows.size() && bytes < segmentBytes && fits(rows, at, end, bytes, segmentBytes)) {
                bytes += rows.get(end).bytes();
                end++;
            }
            boolean isFull = bytes >= segmentBytes || end < rows.size() || end - at == StreamSealer.ROWS_MAX;
            if (!isFull) {
                break;
            }
            if (end - at > 1) {
                runs.add(rows.subList(at, end));
                written += bytes;
            }
            at = Math.max(end, at + 1);
        }
        boolean more = at > 0 && (rows.size() == StreamSealer.ROWS_MAX || at < rows.size());
        return new StreamSealPlan(runs, at == 0 ? 0 : rows.get(at - 1).end(), more);
    }

    boolean isEmpty() {
        return until == 0;
    }

    /** Whether a row may join those before it: large ones stay alone, and each goes on where the last one ended. */
    private static boolean fits(List<Size> rows, int first, int next, long before, int segmentBytes) {
        Size row = rows.get(next);
        return row.bytes() <= segmentBytes / 4
                && before + row.bytes() <= 2L * segmentBytes
                && (next == first || rows.get(next - 1).end() == row.start());
    }
}
