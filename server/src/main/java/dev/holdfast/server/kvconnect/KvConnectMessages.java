package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWire;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.kvconnect.wire.Datapath;

/** What travels in both directions: protobuf messages, entries, values. */
final class KvConnectMessages {
    /** Clients compare it literally. */
    static final ContentType TYPE = ContentType.of("application/x-protobuf");

    private KvConnectMessages() {}

    static <M> M parse(Parser<M> parser, byte[] bytes) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidInputException("kvconnect.protobuf", "Request protobuf is invalid: " + e.getMessage(), e);
        }
    }

    static void respond(Exchange exchange, MessageLite message) {
        exchange.respond(200, TYPE, message.toByteArray());
    }

    /** An entry as clients read it. */
    static Datapath.KvEntry entry(KvWire.Entry entry) {
        KvValue value = KvWire.seen(entry.entry().value());
        return Datapath.KvEntry.newBuilder()
                .setKey(shared(entry.wire()))
                .setValue(shared(value.encoded()))
                .setEncoding(encoding(value.encoding()))
                .setVersionstamp(stamp(entry.entry().versionstamp()))
                .build();
    }

    static ByteString stamp(Versionstamp stamp) {
        return shared(stamp.bytes());
    }

    /** A value as it came. */
    static KvValue value(Datapath.KvValue value) {
        byte[] data = value.getData().toByteArray();
        return switch (value.getEncoding()) {
            case VE_V8 -> KvValue.v8(data);
            case VE_LE64 -> KvValue.u64(data);
            case VE_BYTES -> KvValue.bytes(data);
            case VE_UNSPECIFIED, UNRECOGNIZED ->
                throw new InvalidInputException(
                        "kvconnect.encoding", "The value encoding " + value.getEncodingValue() + " is unknown.");
        };
    }

    private static Datapath.ValueEncoding encoding(Encoding encoding) {
        return switch (encoding) {
            case V8 -> Datapath.ValueEncoding.VE_V8;
            case U64 -> Datapath.ValueEncoding.VE_LE64;
            case BYTES -> Datapath.ValueEncoding.VE_BYTES;
            case JSON -> throw new IllegalStateException("JSON does not travel in KV Connect");
        };
    }

    /** Without a copy: nobody changes what is stored. */
    private static ByteString shared(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
