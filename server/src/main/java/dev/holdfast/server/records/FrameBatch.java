package dev.holdfast.server.records;

import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException.Reason;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.HttpException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch as frames: of each record a length of 32 bits, high byte first, and its {@link Envelope}; then a length of 0
 * and the number of records in 32 bits.
 */
record FrameBatch() implements BatchFormat {
    private static final ContentType TYPE = ContentType.of("application/x-record-frames");

    @Override
    public ContentType type() {
        return TYPE;
    }

    @Override
    public List<StoreRecord> read(InputStream body) throws IOException {
        List<StoreRecord> records = new ArrayList<>();
        while (true) {
            byte[] head = body.readNBytes(Integer.BYTES);
            if (head.length < Integer.BYTES) {
                throw RecordRefusals.incomplete("the batch ends without its marker (records=" + records.size() + ")");
            }
            long length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
            if (length == 0) {
                requireWhole(body, records.size());
                return records;
            }
            records.add(Envelope.read(ByteBuffer.wrap(envelope(body, length))));
        }
    }

    private static byte[] envelope(InputStream body, long length) throws IOException {
        if (length > RecordStore.RECORD_BYTES_MAX) {
            throw HttpException.of(
                    413,
                    Reason.RECORD_TOO_LARGE.code(),
                    "a record is larger than the limit (recordBytes=" + length + ", recordBytesMax="
                            + RecordStore.RECORD_BYTES_MAX + ")");
        }
        byte[] envelope = body.readNBytes((int) length);
        if (envelope.length < length) {
            throw RecordRefusals.incomplete("the batch ends inside a frame");
        }
        return envelope;
    }

    private static void requireWhole(InputStream body, int records) throws IOException {
        byte[] count = body.readNBytes(Integer.BYTES);
        if (count.length < Integer.BYTES) {
            throw RecordRefusals.incomplete("the batch ends inside its marker");
        }
        if (Integer.toUnsignedLong(ByteBuffer.wrap(count).getInt()) != records) {
            throw RecordRefusals.incomplete("the marker does not say how many records came (records=" + records + ")");
        }
        if (body.read() >= 0) {
            throw RecordRefusals.incomplete("something stands behind the marker");
        }
    }

    @Override
    public void write(OutputStream out, StoreRecord record) throws IOException {
        byte[] envelope = Envelope.of(record);
        out.write(number(envelope.length));
        out.write(envelope);
    }

    @Override
    public void end(OutputStream out, long count) throws IOException {
        out.write(number(0));
        out.write(number((int) count));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
