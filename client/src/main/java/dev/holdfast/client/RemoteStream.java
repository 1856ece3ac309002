package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Codecs;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a server. It has the words of {@link dev.holdfast.stream.DurableStream}, and is none for three reasons:
 * offsets are opaque texts here, since other servers count in other ways; what follows is read as it comes and not
 * polled; and a call can fail without anybody knowing whether it took effect, which no caller of a store expects.
 *
 * <p>Every method blocks unless it says otherwise, and may be called by many threads. Errors are
 * {@link ClientException}s. Requests are repeated as {@link ClientOptions#retry} says. So a plain append whose answer
 * was lost may be stored twice; a {@link #producer} stores each message once.
 */
public final class RemoteStream {
    private final Transport transport;
    private final ClientOptions options;
    private final StreamAddress address;
    private final AppendQueue queue;
    private volatile @Nullable String knownType;

    RemoteStream(Transport transport, ClientOptions options, StreamAddress address) {
        this.transport = transport;
        this.options = options;
        this.address = address;
        this.queue = new AppendQueue(this::post, options, address.path());
    }

    /** A view whose messages are of one Java type, of a stream of JSON; see {@link Codecs#json(Class)}. */
    public <T> RemoteView<T> as(Class<T> type) {
        return as(Codecs.json(type));
    }

    /** A view whose messages go through a codec that writes JSON. */
    public <T> RemoteView<T> as(Codec<T> codec) {
        return new RemoteView<>(this, codec);
    }

    /** The name. */
    public String name() {
        return address.name();
    }

    /** The path on the server, as errors name it. */
    public String path() {
        return address.path();
    }

    /**
     * Another handle that sends a header with every request, besides those of this one; its value is asked for each
     * time. Appends through it are not joined with those through this one.
     */
    public RemoteStream withHeader(String header, Supplier<String> value) {
        return other(with(address.headers(), header, value), address.params());
    }

    /** Another handle that puts a parameter into every query; see {@link #withHeader}. */
    public RemoteStream withParam(String param, Supplier<String> value) {
        return other(address.headers(), with(address.params(), param, value));
    }

    private RemoteStream other(Map<String, Supplier<String>> headers, Map<String, Supplier<String>> params) {
        RemoteStream other = new RemoteStream(
                transport, options, new StreamAddress(address.base(), address.name(), headers, params));
        other.knownType = knownType;
        return other;
    }

    /**
     * Another handle that takes the stream to be of a content type, which others ask the server for before their first
     * append and before they read events.
     */
    public RemoteStream ofType(String contentType) {
        RemoteStream other = other(address.headers(), address.params());
        other.knownType = requireNonNull(contentType, "contentType");
        return other;
    }

    private static Map<String, Supplier<String>> with(
            Map<String, Supplier<String>> known, String name, Supplier<String> value) {
        Map<String, Supplier<String>> more = new LinkedHashMap<>(known);
        more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return more;
    }

    /**
     * Makes the stream, or confirms that it was made in the same way. Offsets of forks are those of this project's
     * servers; the source of a fork is a stream of the same server.
     *
     * @throws ClientException {@link ClientException.Reason#OCCUPIED}, {@link ClientException.Reason#BAD_REQUEST};
     *     {@link ClientException.Reason#NOT_FOUND}: there is no source to fork
     */
    public RemoteCreated create(StreamSpec spec) {
        WireRequest request = WireRequest.of("PUT").content(spec.content());
        if (spec.contentType().isPresent()) {
            request = request.header(Wire.CONTENT_TYPE, spec.contentType().get());
        }
        if (spec.ttlSeconds().isPresent()) {
            request = request.header(Wire.TTL, Long.toString(spec.ttlSeconds().getAsLong()));
        }
        if (spec.expiresAt().isPresent()) {
            request = request.header(Wire.EXPIRES_AT, spec.expiresAt().get());
        }
        if (spec.closed()) {
            request = request.header(Wire.CLOSED, Wire.TRUE);
        }
        if (spec.fork().isPresent()) {
            request = forked(request, spec.fork().get());
        }
        Answer answer = transport.call(address, request, options.requestTimeout());
        String type = answer.text(Wire.CONTENT_TYPE);
        if (!type.isEmpty()) {
            knownType = type;
        }
        return new RemoteCreated(answer.status() == 201, type, answer.text(Wire.NEXT_OFFSET), answer.says(Wire.CLOSED));
    }

    private WireRequest forked(WireRequest request, StreamFork fork) {
        WireRequest forked = request.header(Wire.FORKED_FROM, address.path(fork.source()));
        if (fork.offset().isPresent()) {
            forked = forked.header(
                    Wire.FORK_OFFSET, StreamOffset.text(fork.offset().getAsLong()));
        }
        return fork.sub() == 0 ? forked : forked.header(Wire.FORK_SUB_OFFSET, Long.toString(fork.sub()));
    }

    /**
     * The stream as it stands. Asking does not extend its lifetime.
     *
     * @throws ClientException {@link ClientException.Reason#NOT_FOUND}, {@link ClientException.Reason#GONE}
     */
    public RemoteInfo head() {
        Answer answer = transport.call(address, WireRequest.of("HEAD"), options.requestTimeout());
        String type = answer.text(Wire.CONTENT_TYPE);
        String expires = answer.text(Wire.EXPIRES_AT);
        knownType = type.isEmpty() ? StreamSpec.OCTETS : type;
        return new RemoteInfo(
                name(),
                type.isEmpty() ? StreamSpec.OCTETS : type,
                answer.text(Wire.NEXT_OFFSET),
                answer.says(Wire.CLOSED),
                Wire.number(answer.headers(), Wire.TTL),
                expires.isEmpty() ? Optional.empty() : Optional.of(expires));
    }

    /** The content type, which is asked for once. */
    String contentType() {
        String known = knownType;
        return known == null ? head().contentType() : known;
    }

    /** Appends content; see {@link #append(StreamAppend)}. */
    public RemoteAppended append(byte[] content) {
        return append(StreamAppend.of(content));
    }

    /**
     * Appends content, closes the stream, or both in one step. When it returns, what was appended is durable on the
     * server. Appends of several threads that overlap go in one request, in the order in which they came; they stay
     * what they are, and one that is refused harms no other.
     *
     * @throws ClientException {@link ClientException.Reason#NOT_FOUND}, {@link ClientException.Reason#CLOSED},
     *     {@link ClientException.Reason#CONTENT_TYPE}, {@link ClientException.Reason#SEQUENCE},
     *     {@link ClientException.Reason#STALE_EPOCH}, {@link ClientException.Reason#GAP}
     * @throws InvalidInputException {@code json.malformed}: the stream holds JSON and this is none;
     *     {@code client.empty}: there is nothing to append
     */
    public RemoteAppended append(StreamAppend append) {
        return Waits.result(appendAsync(append), path());
    }

    /**
     * Appends without waiting for the answer: appends one after the other go in few requests. It blocks only while
     * {@link ClientOptions#waitingBytesMax} bytes wait, and before the first append to ask for the content type.
     *
     * <p>What is chained to the future runs on the thread that sends, and must not block it.
     *
     * @return fails as {@link #append(StreamAppend)}
     */
    public CompletableFuture<RemoteAppended> appendAsync(StreamAppend append) {
        boolean empty = append.content().length == 0;
        if (empty && !append.close()) {
            throw new InvalidInputException("client.empty", "there is nothing to append (bytes=0)");
        }
        StreamAppend typed = empty || append.contentType().isPresent() ? append : append.as(contentType());
        if (!empty && typed.contentType().filter(Wire::isJson).isPresent()) {
            Bodies.requireJson(append.content());
        }
        return queue.add(typed);
    }

    /** Closes the stream, without effect on a closed one. */
    public RemoteAppended close() {
        return append(StreamAppend.closing());
    }

    /**
     * Deletes the stream. A repetition of the request that finds nothing left counts as done.
     *
     * @throws ClientException {@link ClientException.Reason#NOT_FOUND}, {@link ClientException.Reason#GONE}
     */
    public void delete() {
        knownType = null;
        try {
            transport.call(address, WireRequest.of("DELETE"), options.requestTimeout());
        } catch (ClientException e) {
            boolean repeated = e.getSuppressed().length > 0;
            if (!repeated || e.reason() != ClientException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Reads; see {@link Reading}. Nothing is asked before the first chunk is. */
    public Reading<RemoteChunk> read(ReadOptions how) {
        return read(how, chunk -> chunk);
    }

    <T> Reading<T> read(ReadOptions how, Function<RemoteChunk, T> form) {
        return new Reading<>(
                new ChunkSource(transport, address, options, requireNonNull(how, "how"), this::contentType), form);
    }

    /** The same as a publisher: each subscriber reads for itself, and is told on a virtual thread of its own. */
    public Flow.Publisher<RemoteChunk> publish(ReadOptions how) {
        return new ReadingPublisher<>(() -> read(how));
    }

    /**
     * A producer on this stream; see {@link StreamProducer}. At most one of an id should be at work.
     *
     * @param id chosen by the caller, the same in each run of a program; ASCII, as all that is sent in headers
     */
    public StreamProducer producer(String id, ProducerOptions how) {
        return new StreamProducer(this, id, how);
    }

    /** Sends one append; its content type is given unless it is empty. */
    RemoteAppended post(StreamAppend append) {
        WireRequest request = WireRequest.of("POST").content(append.content());
        if (append.contentType().isPresent() && append.content().length > 0) {
            request = request.header(Wire.CONTENT_TYPE, append.contentType().get());
        }
        if (append.close()) {
            request = request.header(Wire.CLOSED, Wire.TRUE);
        }
        if (append.sequence().isPresent()) {
            request = request.header(Wire.SEQ, append.sequence().get());
        }
        if (append.producer().isPresent()) {
            ProducerStamp stamp = append.producer().get();
            request = request.header(Wire.PRODUCER_ID, stamp.id())
                    .header(Wire.PRODUCER_EPOCH, Long.toString(stamp.epoch()))
                    .header(Wire.PRODUCER_SEQ, Long.toString(stamp.seq()));
        }
        try {
            return appended(append, transport.call(address, request, options.requestTimeout()));
        } catch (ClientException e) {
            if (e.reason() == ClientException.Reason.CONTENT_TYPE) {
                // The stream was made anew, or is not what the caller took it for: it is asked again.
                knownType = null;
            }
            throw e;
        }
    }

    /** With content, 200 says that a producer's append was stored and 204 that it is a repeat. */
    private static RemoteAppended appended(StreamAppend append, Answer answer) {
        Optional<ProducerStamp> taken = append.producer().map(stamp -> {
            OptionalLong epoch = Wire.number(answer.headers(), Wire.PRODUCER_EPOCH);
            OptionalLong seq = Wire.number(answer.headers(), Wire.PRODUCER_SEQ);
            return new ProducerStamp(stamp.id(), epoch.orElse(stamp.epoch()), seq.orElse(stamp.seq()));
        });
        boolean repeated = append.producer().isPresent() && append.content().length > 0 && answer.status() == 204;
        return new RemoteAppended(answer.text(Wire.NEXT_OFFSET), answer.says(Wire.CLOSED), repeated, taken);
    }
}
