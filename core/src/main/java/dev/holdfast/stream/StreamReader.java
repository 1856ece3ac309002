package dev.holdfast.stream;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tx;
import dev.holdfast.stream.StreamDataSql.Stored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads what streams hold, in one snapshot: what a fork shares with its source comes from there. */
final class StreamReader {
    /** What is read at once where everything is read. */
    private static final int EXPORT_BYTES = 1 << 20;

    private final StreamSql sql;
    private final StreamDataSql data;

    StreamReader(StreamSql sql, StreamDataSql data) {
        this.sql = sql;
        this.data = data;
    }

    /** What a stream holds from an offset on; see {@link DurableStream#read}. */
    StreamChunk read(Tx tx, StreamRow row, long offset, int bytesMax) {
        return read(tx, row, offset, bytesMax, false);
    }

    private StreamChunk read(Tx tx, StreamRow row, long offset, int bytesMax, boolean apart) {
        long from = place(row, offset);
        if (from >= row.tail()) {
            return new StreamChunk(row.info(), row.tail(), row.tail(), List.of());
        }
        List<byte[]> parts = new ArrayList<>();
        long begin = from;
        long at = from;
        long left = bytesMax;
        for (Span span : spans(tx, row, from)) {
            for (Stored append : data.range(tx, tx.ns(), span.owner, at, span.until, left)) {
                if (append.start() > at) {
                    if (StreamOffset.generation(append.start()) == StreamOffset.generation(at)) {
                        throw missing(at, row);
                    }
                    // No unit is missing, but it goes on in a later generation: a chunk of its own.
                    if (!parts.isEmpty()) {
                        return new StreamChunk(row.info(), begin, at, parts);
                    }
                    begin = append.start();
                    at = begin;
                }
                // Of a sealed row as many whole appends as there is room for.
                long until = Math.min(append.appendsUpTo(at, left, row.json()), span.until);
                for (byte[] part : cut(append, at, until, row.json(), apart)) {
                    parts.add(part);
                    left -= part.length;
                }
                at = until;
                if (left <= 0) {
                    break;
                }
            }
            if (left <= 0 || (at < span.until && !parts.isEmpty())) {
                break;
            }
        }
        boolean earlier = StreamOffset.generation(at) < StreamOffset.generation(row.tail());
        if (earlier && (parts.isEmpty() || StreamOffset.units(at) == StreamOffset.units(row.tail()))) {
            at = row.tail(); // nothing was appended in the later generations
        }
        return new StreamChunk(row.info(), parts.isEmpty() ? at : begin, at, parts);
    }

    /** What is left from an offset on of the next append; a fork shares no more than it took in. */
    private Extent appendAt(Tx tx, StreamRow row, long offset) {
        for (Span span : spans(tx, row, offset)) {
            List<Stored> stored = data.range(tx, tx.ns(), span.owner, offset, span.until, 1);
            if (!stored.isEmpty()) {
                Stored append = stored.getFirst();
                long from = Math.max(offset, append.start());
                return new Extent(from, Math.min(span.until, append.appendEnd(from, row.json())));
            }
        }
        return new Extent(offset, offset);
    }

    private static long place(StreamRow row, long offset) {
        if (offset == DurableStream.NOW) {
            return row.tail();
        }
        if (offset == DurableStream.BEGINNING) {
            return row.first();
        }
        if (offset < row.first()) {
            throw new StreamException(
                    StreamException.Reason.TRIMMED,
                    "what stood at this offset was removed (offset=" + offset + ", first=" + row.first() + ")");
        }
        return offset;
    }

    /** Who holds what from an offset on, in the order of the offsets. */
    private List<Span> spans(Tx tx, StreamRow row, long from) {
        Deque<Span> spans = new ArrayDeque<>();
        StreamRow owner = row;
        long until = row.tail();
        spans.push(new Span(owner.id(), until));
        while (owner.isFork() && from < owner.forkAt()) {
            until = Math.min(until, owner.forkAt());
            owner = sql.byId(tx, tx.ns(), owner.source()).orElseThrow(StreamRow::notFound);
            spans.push(new Span(owner.id(), until));
        }
        return List.copyOf(spans);
    }

    /**
     * A part of a row; the offset in its state events must not point behind what the stream shares.
     *
     * @param apart whether each append is a part of its own
     */
    private static List<byte[]> cut(Stored row, long from, long until, boolean json, boolean apart) {
        StreamContent content = row.content();
        int first = (int) (from - row.start());
        int behind = (int) (until - row.start());
        boolean whole = behind == content.units();
        int shared = !whole && content.events() && content.appendEnd(behind - 1, json) > behind
                ? Math.max(first, content.appendStart(behind - 1, json))
                : behind;
        List<byte[]> parts = new ArrayList<>();
        if (shared > first) {
            parts.addAll(apart ? content.appends(first, shared, json) : List.of(content.cut(first, shared, json)));
        }
        if (shared < behind) {
            byte[] messages = content.cut(shared, behind, json);
            parts.add(JsonMessages.parse(asArray(messages), Integer.MAX_VALUE)
                    .content(until)
                    .data());
        }
        return parts;
    }

    /** Messages with commas between them as a JSON array. */
    static byte[] asArray(byte[] messages) {
        byte[] array = new byte[messages.length + 2];
        array[0] = '[';
        System.arraycopy(messages, 0, array, 1, messages.length);
        array[array.length - 1] = ']';
        return array;
    }

    /** Hands out everything that a stream holds, in chunks whose parts are appends; the last one may be empty. */
    void chunks(Tx tx, StreamRow row, Consumer<StreamChunk> out) {
        long at = row.first();
        while (at < row.tail()) {
            StreamChunk chunk = read(tx, row, at, EXPORT_BYTES, true);
            if (chunk.isEmpty() && !chunk.upToDate()) {
                throw missing(at, row);
            }
            out.accept(chunk);
            at = chunk.next();
        }
    }

    static EngineException missing(long at, StreamRow row) {
        return new EngineException(
                "stream.missing",
                "a stream does not hold what lies before its tail (offset=" + at + ", tail=" + row.tail() + ")");
    }

    /**
     * A part of a stream.
     *
     * @param owner number of the stream whose rows hold it
     * @param until the offset behind it
     */
    private record Span(long owner, long until) {}

    /** Units from an offset up to another. */
    private record Extent(long from, long until) {}

    /** Where a fork shall be made: the offset that was asked for with the units behind it. */
    long forkAt(Tx tx, StreamRow source, OptionalLong offset, long sub) {
        long at = offset.orElse(source.tail());
        if (at > source.tail()) {
            throw badFork("a fork begins at the tail or before it", at, sub, source);
        }
        if (at < source.first()) {
            throw new StreamException(
                    StreamException.Reason.TRIMMED,
                    "what stood at this offset was removed (offset=" + at + ", first=" + source.first() + ")");
        }
        if (sub == 0) {
            return at;
        }
        Extent next = appendAt(tx, source, at);
        if (sub > next.until - next.from) {
            throw badFork("the next append behind the offset holds fewer units", at, sub, source);
        }
        return next.from + sub;
    }

    private static RuntimeException badFork(String what, long at, long sub, StreamRow source) {
        return new InvalidInputException(
                "stream.fork", what + " (offset=" + at + ", sub=" + sub + ", tail=" + source.tail() + ")");
    }
}
