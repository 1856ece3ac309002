package dev.holdfast.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one row holds: an append, or several that were sealed into one.
 *
 * @param units bytes, or messages of a JSON stream
 * @param data the bytes, or the texts of the messages with commas between them
 * @param ends where messages and appends end, see {@link StreamPieces}; null for a single append of bytes or of one
 *     message
 * @param events whether some message is a state event, with the offset behind its append in its headers
 * @param sealed whether there may be several appends, whose ends {@code ends} tells
 */
record StreamContent(int units, byte[] data, byte @Nullable [] ends, boolean events, boolean sealed) {
    /** Bytes as they came. */
    static StreamContent bytes(byte[] data) {
        return new StreamContent(data.length, data, null, false, false);
    }

    /**
     * Several rows, one behind the other, as one.
     *
     * @param json whether units are messages
     */
    static StreamContent seal(List<StreamContent> rows, boolean json) {
        int units = 0;
        int bytes = json ? rows.size() - 1 : 0;
        boolean events = false;
        var pieces = new StreamPieces.Writer();
        for (StreamContent row : rows) {
            units += row.units;
            bytes += row.data.length;
            events |= row.events;
            pieces.add(row, json);
        }
        byte[] data = new byte[bytes];
        int at = 0;
        for (StreamContent row : rows) {
            if (json && at > 0) {
                data[at++] = ',';
            }
            System.arraycopy(row.data, 0, data, at, row.data.length);
            at += row.data.length;
        }
        return new StreamContent(units, data, pieces.toBytes(), events, true);
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
        StreamPieces pieces = pieces(true);
        return Arrays.copyOfRange(data, pieces.start(from), pieces.start(until) - 1);
    }

    /** Behind the last unit of the append that a unit belongs to. */
    int appendEnd(int unit, boolean json) {
        return sealed ? pieces(json).appendEnd(unit) : units;
    }

    /** The first unit of the append that a unit belongs to. */
    int appendStart(int unit, boolean json) {
        return sealed ? pieces(json).appendStart(unit) : 0;
    }

    /** Behind the append with which the content from a unit on has so many bytes; all units when it has not. */
    int appendsUpTo(int from, long bytes, boolean json) {
        return sealed && data.length > bytes ? pieces(json).appendsUpTo(from, bytes) : units;
    }

    /** The appends from a unit up to another, which need not be where one begins or ends. */
    List<byte[]> appends(int from, int until, boolean json) {
        if (!sealed) {
            return List.of(cut(from, until, json));
        }
        List<byte[]> all = new ArrayList<>();
        StreamPieces pieces = pieces(json);
        for (int at = from; at < until; ) {
            int end = Math.min(until, pieces.appendEnd(at));
            all.add(Arrays.copyOfRange(data, pieces.start(at), json ? pieces.start(end) - 1 : end));
            at = end;
        }
        return all;
    }

    private StreamPieces pieces(boolean json) {
        return StreamPieces.of(this, json);
    }

    @Override
    public String toString() {
        return units + " units, " + new String(data, 0, Math.min(data.length, 40), StandardCharsets.UTF_8);
    }
}
