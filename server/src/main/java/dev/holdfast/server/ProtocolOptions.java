package dev.holdfast.server;

import dev.holdfast.server.durablestreams.DurableStreamsOptions;
import dev.holdfast.server.keyval.KeyvalOptions;
import dev.holdfast.server.kvconnect.KvConnectLimits;
import dev.holdfast.server.records.RecordsOptions;
import java.util.Objects;

/**
 * How the protocols are served that have options of their own.
 *
 * @param streams Durable Streams
 * @param keyval the KeyVal interface with its queue
 * @param denoKv what clients of Deno KV may ask for
 * @param records record stores
 */
public record ProtocolOptions(
        DurableStreamsOptions streams, KeyvalOptions keyval, KvConnectLimits denoKv, RecordsOptions records) {
    /** Checks for null. */
    public ProtocolOptions {
        Objects.requireNonNull(streams, "streams");
        Objects.requireNonNull(keyval, "keyval");
        Objects.requireNonNull(denoKv, "denoKv");
        Objects.requireNonNull(records, "records");
    }

    /** The defaults of each. */
    public static ProtocolOptions defaults() {
        return new ProtocolOptions(
                DurableStreamsOptions.defaults(),
                KeyvalOptions.defaults(),
                KvConnectLimits.defaults(),
                RecordsOptions.defaults());
    }

    /** The same with streams served otherwise. */
    public ProtocolOptions withStreams(DurableStreamsOptions options) {
        return new ProtocolOptions(options, keyval, denoKv, records);
    }

    /** The same with record stores served otherwise. */
    public ProtocolOptions withRecords(RecordsOptions options) {
        return new ProtocolOptions(streams, keyval, denoKv, options);
    }
}
