package dev.holdfast.record;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A copy of what one query gave: the beginning in memory, what is beyond in a temporary file that has lost its name
 * already. First everything is added, then everything is read. For one thread at a time.
 */
final class RecordCopy implements AutoCloseable {
    /** About how much of a copy stays in memory. */
    static final long MEMORY_BYTES_MAX = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ABSENT = -1;

    private final ArrayDeque<RecordRow> head = new ArrayDeque<>();
    private long headBytes;
    private @Nullable FileChannel file;
    private @Nullable DataOutputStream out;
    private @Nullable DataInputStream in;
    /** Rows in the file that were not read yet. */
    private long left;

    /** Keeps another row. */
    void add(RecordRow row) {
        if (out == null && headBytes < MEMORY_BYTES_MAX) {
            headBytes += row.size();
            head.add(row);
            return;
        }
        try {
            write(out == null ? openFile() : out, row);
            left++;
        } catch (IOException e) {
            throw new UncheckedIOException("the copy of a log cannot be written", e);
        }
    }

    /** Keeps another id. */
    void add(String docId) {
        add(new RecordRow(0, docId, null, null));
    }

    /** Nothing more is added. */
    void finish() {
        if (out == null || file == null) {
            return;
        }
        try {
            out.flush();
            file.position(0);
        } catch (IOException e) {
            throw new UncheckedIOException("the copy of a log cannot be written", e);
        }
        in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES));
    }

    boolean hasNext() {
        return !head.isEmpty() || left > 0;
    }

    RecordRow next() {
        @Nullable RecordRow row = head.poll();
        if (row != null) {
            return row;
        }
        if (in == null || left == 0) {
            throw new NoSuchElementException("the copy was read to its end");
        }
        try {
            left--;
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the copy of a log cannot be read", e);
        }
    }

    private DataOutputStream openFile() throws IOException {
        Path path = Files.createTempFile("holdfast-records-", ".tmp");
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        DataOutputStream stream =
                new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
        file = channel;
        out = stream;
        return stream;
    }

    private static void write(DataOutputStream to, RecordRow row) throws IOException {
        to.writeInt(row.seq());
        writeBytes(to, row.kind().getBytes(StandardCharsets.UTF_8));
        String payload = row.payload();
        writeBytes(to, payload == null ? null : payload.getBytes(StandardCharsets.UTF_8));
        writeBytes(to, row.blob());
    }

    private static RecordRow read(DataInputStream from) throws IOException {
        int seq = from.readInt();
        byte[] kind = readBytes(from);
        byte[] payload = readBytes(from);
        byte[] blob = readBytes(from);
        return new RecordRow(
                seq,
                kind == null ? "" : new String(kind, StandardCharsets.UTF_8),
                payload == null ? null : new String(payload, StandardCharsets.UTF_8),
                blob);
    }

    private static void writeBytes(DataOutputStream to, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            to.writeInt(ABSENT);
        } else {
            to.writeInt(bytes.length);
            to.write(bytes);
        }
    }

    private static byte @Nullable [] readBytes(DataInputStream from) throws IOException {
        int length = from.readInt();
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = from.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the file is shorter than what was written to it");
        }
        return bytes;
    }

    /** Frees the file; may be called again without effect. */
    @Override
    public void close() {
        head.clear();
        left = 0;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the copy of a log cannot be removed", e);
            }
        }
    }
}
