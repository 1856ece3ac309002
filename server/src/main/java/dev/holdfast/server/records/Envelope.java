package dev.holdfast.server.records;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.record.Bytes;
import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Encoding;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.PayloadData;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A record as bytes, as Kyneta's stores keep it in LevelDB: a byte of flags; of metadata then its JSON; of an entry the
 * version and, where there is one, the lineage, each behind its length in 32 bits, high byte first; then the data to
 * the end.
 */
final class Envelope {
    private static final int SINCE = 0x01;
    private static final int BINARY = 0x02;
    private static final int BYTES = 0x04;
    private static final int META = 0x08;
    private static final int LINEAGE = 0x10;
    private static final int UNKNOWN = 0xe0;

    private Envelope() {}

    static byte[] of(StoreRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        switch (record) {
            case StoreRecord.Meta(StoreMeta meta) -> {
                out.write(META);
                out.writeBytes(Json.bytes(RecordJson.of(meta)));
            }
            case StoreRecord.Entry(Payload payload, String version) -> {
                out.write(flags(payload));
                write(out, version);
                payload.lineage().ifPresent(lineage -> write(out, lineage));
                switch (payload.data()) {
                    case Text(String text) -> out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                    case Bytes bytes -> out.writeBytes(bytes.toByteArray());
                }
            }
        }
        return out.toByteArray();
    }

    private static int flags(Payload payload) {
        return (payload.kind() == Kind.SINCE ? SINCE : 0)
                | (payload.encoding() == Encoding.BINARY ? BINARY : 0)
                | (payload.data() instanceof Bytes ? BYTES : 0)
                | (payload.lineage().isPresent() ? LINEAGE : 0);
    }

    private static void write(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    /**
     * Reads a record.
     *
     * @param in at least one byte, all of which belong to it
     */
    static StoreRecord read(ByteBuffer in) {
        int flags = Byte.toUnsignedInt(in.get());
        if ((flags & UNKNOWN) != 0 || ((flags & META) != 0 && flags != META)) {
            throw RecordRefusals.malformed("the flags of an envelope are not known (flags=" + flags + ")");
        }
        return flags == META ? new StoreRecord.Meta(meta(text(in, in.remaining()))) : entry(in, flags);
    }

    private static StoreMeta meta(String text) {
        try {
            return RecordJson.readMeta(Json.parse(text));
        } catch (InvalidInputException e) {
            throw RecordRefusals.malformed("the metadata of an envelope is no JSON");
        }
    }

    private static StoreRecord entry(ByteBuffer in, int flags) {
        String version = text(in, length(in));
        Optional<String> lineage = (flags & LINEAGE) == 0 ? Optional.empty() : Optional.of(text(in, length(in)));
        PayloadData data;
        if ((flags & BYTES) == 0) {
            data = new Text(text(in, in.remaining()));
        } else {
            byte[] bytes = new byte[in.remaining()];
            in.get(bytes);
            data = Bytes.copyOf(bytes);
        }
        return new StoreRecord.Entry(
                new Payload(
                        (flags & SINCE) == 0 ? Kind.ENTIRETY : Kind.SINCE,
                        (flags & BINARY) == 0 ? Encoding.JSON : Encoding.BINARY,
                        data,
                        lineage),
                version);
    }

    private static int length(ByteBuffer in) {
        if (in.remaining() < Integer.BYTES) {
            throw RecordRefusals.malformed("an envelope ends inside a length");
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw RecordRefusals.malformed("a length goes beyond its envelope");
        }
        return length;
    }

    private static String text(ByteBuffer in, int length) {
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException e) {
            throw RecordRefusals.malformed("a text of an envelope is not UTF-8");
        }
    }
}
