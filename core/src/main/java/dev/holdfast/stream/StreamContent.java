package dev.holdfast.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one append holds.
 *
 * @param units bytes, or messages of a JSON stream
 * @param data the bytes, or the texts of the messages with commas between them
 * @param ends the lengths of the messages as variable-length numbers; null for bytes and for a single message
 * @param events whether some message is a state event, with the offset behind the append in its headers
 */
record StreamContent(int units, byte[] data, byte @Nullable [] ends, boolean events) {
    /** Bytes as they came. */
    static StreamContent bytes(byte[] data) {
        return new StreamContent(data.length, data, null, false);
    }

    /**
     * Some of the units.
     *
     * @param from the first, from 0
     * @param until behind the last
     * @param json whether units are messages
     */
    byte[] cut(int from, int until, boolean json) {
        if (from == 0 && until == units) {
            return data;
        }
        if (!json) {
            return Arrays.copyOfRange(data, from, until);
        }
        int[] starts = starts();
        return Arrays.copyOfRange(data, starts[from], starts[until] - 1);
    }

    /** Where each message begins, and where one behind the last would. */
    private int[] starts() {
        int[] starts = new int[units + 1];
        if (ends == null) {
            starts[1] = data.length + 1;
            return starts;
        }
        int at = 0;
        for (int i = 0; i < units; i++) {
            int length = 0;
            int shift = 0;
            byte next;
            do {
                next = ends[at++];
                length |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            starts[i + 1] = starts[i] + length + 1;
        }
        return starts;
    }

    @Override
    public String toString() {
        return units + " units, " + new String(data, 0, Math.min(data.length, 40), StandardCharsets.UTF_8);
    }
}
