package dev.holdfast.server.records;

import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException.Reason;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.HttpException;
import java.io.IOException;
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
    public List<StoreRecord> read(byte[] body) {
        List<StoreRecord> records = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(body);
        while (in.remaining() >= Integer.BYTES) {
            long length = Integer.toUnsignedLong(in.getInt());
            if (length == 0) {
                requireWhole(in, records.size());
                return records;
            }
            if (length > RecordStore.RECORD_BYTES_MAX) {
                throw HttpException.of(
                        413,
                        Reason.RECORD_TOO_LARGE.code(),
                        "a record is larger than the limit (recordBytes=" + length + ", recordBytesMax="
                                + RecordStore.RECORD_BYTES_MAX + ")");
            }
            if (length > in.remaining()) {
                throw RecordRefusals.incomplete("the batch ends inside a frame");
            }
            records.add(Envelope.read(in.slice(in.position(), (int) length)));
            in.position(in.position() + (int) length);
        }
        throw RecordRefusals.incomplete("the batch ends without its marker (records=" + records.size() + ")");
    }

    private static void requireWhole(ByteBuffer in, int records) {
        if (in.remaining() < Integer.BYTES) {
            throw RecordRefusals.incomplete("the batch ends inside its marker");
        }
        if (Integer.toUnsignedLong(in.getInt()) != records) {
            throw RecordRefusals.incomplete("the marker does not say how many records came (records=" + records + ")");
        }
        if (in.hasRemaining()) {
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
