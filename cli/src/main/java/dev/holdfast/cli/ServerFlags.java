package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.server.ProtocolOptions;
import dev.holdfast.server.durablestreams.DurableStreamsOptions;
import dev.holdfast.server.http.HttpLimits;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Tls;
import dev.holdfast.server.keyval.KeyvalOptions;
import dev.holdfast.server.kvconnect.KvConnectLimits;
import dev.holdfast.server.records.RecordsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and how a server listens, as flags. */
final class ServerFlags {
    private static final String TLS_PASSWORD = "HOLDFAST_TLS_PASSWORD";

    @Option(names = "--host", description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "Port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port = HttpServerOptions.PORT_DEFAULT;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "The address that clients use, when a proxy stands in front.")
    private @Nullable URI publicUrl;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Speak TLS with this certificate chain in PEM form; needs --tls-key.")
    private @Nullable Path tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The private key of --tls-cert, in PEM form (PKCS #8, no password).")
    private @Nullable Path tlsKey;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "Speak TLS with the key in this PKCS #12 or JKS file; its password comes from " + TLS_PASSWORD
                    + ".")
    private @Nullable Path tlsKeystore;

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "Browser origin that may read answers, scheme://host or scheme://host:port, or * for all;"
                    + " may be repeated. Default: none.")
    private List<String> corsOrigins = List.of();

    @Option(
            names = "--stop-timeout",
            paramLabel = "DURATION",
            description = "How long stopping waits for requests. Default: 5s.")
    private Duration stopTimeout = HttpServerOptions.defaults().stopTimeout();

    @Option(
            names = "--idle-timeout",
            paramLabel = "DURATION",
            description = "How long a connection may be silent. Default: 10m.")
    private Duration idleTimeout = HttpServerOptions.defaults().idleTimeout();

    @Option(
            names = "--ping-interval",
            paramLabel = "DURATION",
            description = "How often an idle event stream gets a sign of life. Default: 15s.")
    private Duration pingInterval = HttpServerOptions.defaults().pingInterval();

    @Option(names = "--max-body", paramLabel = "SIZE", description = "Largest request body. Default: 16MiB.")
    private @Nullable ByteSize maxBody;

    @Option(names = "--max-url", paramLabel = "SIZE", description = "Longest URL. Default: as --max-header.")
    private @Nullable ByteSize maxUrl;

    @Option(
            names = "--max-header",
            paramLabel = "SIZE",
            description = "Largest request line or header section. Default: 32KiB.")
    private @Nullable ByteSize maxHeader;

    @Option(names = "--max-json-depth", paramLabel = "N", description = "Levels in a JSON body. Default: 256.")
    private @Nullable Integer maxJsonDepth;

    @Option(names = "--max-connections", paramLabel = "N", description = "Connections open at once. Default: 20000.")
    private @Nullable Integer maxConnections;

    @Option(
            names = "--max-requests-per-second",
            paramLabel = "N",
            description = "Requests of one token, or one address without tokens. Default: 0, as many as come.")
    private @Nullable Integer maxRequestsPerSecond;

    @Option(
            names = "--max-stream-buffer",
            paramLabel = "SIZE",
            description = "Bytes that may wait for one reader of an event stream. Default: 1MiB.")
    private @Nullable ByteSize maxStreamBuffer;

    @Option(
            names = "--long-poll-timeout",
            paramLabel = "DURATION",
            description = "How long a reader of a durable stream waits in a long-poll. Default: 30s.")
    private Duration longPollTimeout = DurableStreamsOptions.defaults().longPollTimeout();

    @Option(
            names = "--sse-max-age",
            paramLabel = "DURATION",
            description = "After how long an event stream of a durable stream ends in order, so that its reader comes"
                    + " again. Default: 60s.")
    private Duration sseMaxAge = DurableStreamsOptions.defaults().sseMaxAge();

    @Option(
            names = "--stream-chunk",
            paramLabel = "SIZE",
            description = "About how much of a durable stream one answer holds. Default: 1MiB.")
    private @Nullable ByteSize streamChunk;

    @Option(
            names = "--max-stream-readers",
            paramLabel = "N",
            description = "Readers of durable streams that wait at once. Default: 20000.")
    private int maxStreamReaders = DurableStreamsOptions.defaults().liveReadersMax();

    @Option(
            names = "--allow-loopback-webhooks",
            description = "Subscriptions of durable streams may call localhost and 127.x.x.x, also without TLS: for"
                    + " development.")
    private boolean loopbackWebhooks;

    @Option(
            names = "--max-webhook-calls",
            paramLabel = "N",
            description = "Webhooks of subscriptions that are called at once. Default: 32.")
    private int maxWebhookCalls = DurableStreamsOptions.defaults().webhookCallsMax();

    @Option(
            names = "--max-deno-value",
            paramLabel = "SIZE",
            description = "Bytes of a value that a client of Deno KV writes. Default: 64KiB.")
    private @Nullable ByteSize maxDenoValue;

    @Option(
            names = "--max-deno-write",
            paramLabel = "SIZE",
            description = "Bytes of the keys and values of one commit of Deno KV. Default: 800KiB.")
    private @Nullable ByteSize maxDenoWrite;

    @Option(names = "--max-deno-watch", paramLabel = "N", description = "Keys of one watch of Deno KV. Default: 10.")
    private int maxDenoWatch = KvConnectLimits.defaults().watchKeysMax();

    @Option(
            names = "--max-record-batch",
            paramLabel = "SIZE",
            description = "Largest batch of records that is appended to a record store at once. Default: 64MiB.")
    private @Nullable ByteSize maxRecordBatch;

    @Option(
            names = "--queue-lock",
            paramLabel = "DURATION",
            description = "How long a message of the KeyVal queue is locked for whoever took it. Default: 30s.")
    private Duration queueLock = KeyvalOptions.defaults().queueLock();

    /** The options of a server. */
    HttpServerOptions options() {
        HttpServerOptions options = HttpServerOptions.defaults()
                .withHost(host)
                .withPort(port)
                .withLimits(limits())
                .withCorsOrigins(corsOrigins)
                .withStopTimeout(stopTimeout)
                .withIdleTimeout(idleTimeout)
                .withPingInterval(pingInterval);
        if (publicUrl != null) {
            options = options.withPublicUrl(publicUrl);
        }
        Optional<Tls> tls = tls();
        return tls.isPresent() ? options.withTls(tls.get()) : options;
    }

    /** How the protocols are served that have options of their own. */
    ProtocolOptions protocols() {
        return new ProtocolOptions(streams(), KeyvalOptions.defaults().withQueueLock(queueLock), denoKv(), records());
    }

    private RecordsOptions records() {
        RecordsOptions options = RecordsOptions.defaults();
        return maxRecordBatch == null
                ? options
                : options.withBatchBytesMax(maxRecordBatch.intBytes("--max-record-batch"));
    }

    private DurableStreamsOptions streams() {
        DurableStreamsOptions options = DurableStreamsOptions.defaults()
                .withLongPollTimeout(longPollTimeout)
                .withSseMaxAge(sseMaxAge)
                .withLiveReadersMax(maxStreamReaders)
                .withLoopbackWebhooks(loopbackWebhooks)
                .withWebhookCallsMax(maxWebhookCalls);
        return streamChunk == null ? options : options.withChunkBytes(streamChunk.intBytes("--stream-chunk"));
    }

    private KvConnectLimits denoKv() {
        KvConnectLimits limits = KvConnectLimits.defaults().withWatchKeysMax(maxDenoWatch);
        if (maxDenoValue != null) {
            limits = limits.withValueBytesMax(maxDenoValue.intBytes("--max-deno-value"));
        }
        return maxDenoWrite == null ? limits : limits.withWriteBytesMax(maxDenoWrite.intBytes("--max-deno-write"));
    }

    private HttpLimits limits() {
        HttpLimits limits = HttpLimits.defaults();
        if (maxBody != null) {
            limits = limits.withBodyBytes(maxBody.intBytes("--max-body"));
        }
        if (maxHeader != null) {
            limits = limits.withHeaderBytes(maxHeader.intBytes("--max-header"));
        }
        if (maxUrl != null) {
            limits = limits.withUrlBytes(maxUrl.intBytes("--max-url"));
        }
        if (maxJsonDepth != null) {
            limits = limits.withJsonDepth(maxJsonDepth);
        }
        if (maxConnections != null) {
            limits = limits.withConnections(maxConnections);
        }
        if (maxRequestsPerSecond != null) {
            limits = limits.withRequestsPerSecond(maxRequestsPerSecond);
        }
        if (maxStreamBuffer != null) {
            limits = limits.withStreamBytes(maxStreamBuffer.intBytes("--max-stream-buffer"));
        }
        return limits;
    }

    private Optional<Tls> tls() {
        if ((tlsCert == null) != (tlsKey == null) || (tlsCert != null && tlsKeystore != null)) {
            throw new InvalidInputException(
                    "cli.tls", "TLS takes either --tls-cert with --tls-key, or --tls-keystore alone");
        }
        if (tlsCert != null && tlsKey != null) {
            return Optional.of(new Tls.Pem(tlsCert, tlsKey));
        }
        if (tlsKeystore == null) {
            return Optional.empty();
        }
        String password = System.getenv(TLS_PASSWORD);
        if (password == null) {
            throw new InvalidInputException("cli.tls", "--tls-keystore needs its password in " + TLS_PASSWORD);
        }
        return Optional.of(new Tls.Keystore(tlsKeystore, password));
    }
}
