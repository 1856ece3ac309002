package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.stream.ProducerStamp;
import java.util.concurrent.CompletableFuture;

/**
 * Appends to a stream so that each message is stored once, however often its request has to be sent, and in the order
 * in which the appends came. Several requests are under way at a time; appends that come meanwhile go together in the
 * next one. The first request of an epoch goes alone, since nothing may come before it.
 *
 * <p>A request whose answer was lost is sent again with its number, and the server recognises it. One that the server
 * finds ahead of another (409) waits for that one and is sent again. When somebody else has taken over (403), the
 * producer fails, or takes a higher epoch and sends again what was not stored ({@link ProducerOptions#autoClaim}); an
 * append that was stored, but whose answer was lost before, is stored a second time then, and nowhere else.
 *
 * <p>When the server refuses an append at every attempt, it and all that wait behind it fail, {@link #flush} throws
 * once, and the producer may be used on: nothing of what failed was stored. When it stays unknown whether something was
 * stored, the producer is of no more use: a request had no answer or an error of the server, and then the policy of
 * repeating allowed no more attempts, or the server refused the next one, for a token that had ended meanwhile for
 * instance. What failed may have been stored then; read the stream's end, and go on with a higher epoch.
 *
 * <p>It may be used by many threads. It holds no thread while nothing is under way, and needs no end: leave it, or
 * {@link #detach} it, or {@link #close} the stream with it.
 */
public final class StreamProducer {
    private final RemoteStream stream;
    private final String id;
    private final ProducerLane lane;

    StreamProducer(RemoteStream stream, String id, ProducerOptions options) {
        this.stream = stream;
        // Says now what would be wrong with the id.
        this.id = new ProducerStamp(requireNonNull(id, "id"), options.epoch(), 0).id();
        this.lane = new ProducerLane(requireNonNull(options, "options"), stream.path(), this::send);
    }

    /** The id. */
    public String id() {
        return id;
    }

    /** The epoch that it works in; higher than the one it began with after a claim. */
    public long epoch() {
        return lane.epoch();
    }

    /**
     * Appends without waiting for the answer. Blocks while too much waits, and before the first append to ask for the
     * content type of the stream.
     *
     * <p>What is chained to the future runs on a thread that sends, and must not block it.
     *
     * @param content not empty, and the caller's again when this returns; for a stream of JSON one JSON value, of which
     *     an array is several messages
     * @return what came of the request that it went in
     * @throws dev.holdfast.engine.ClosedException the producer was detached or has closed the stream
     * @throws InvalidInputException {@code client.empty}, {@code json.malformed}
     * @throws ClientException the producer is of no more use
     */
    public CompletableFuture<RemoteAppended> append(byte[] content) {
        if (content.length == 0) {
            throw new InvalidInputException("client.empty", "there is nothing to append (bytes=0)");
        }
        requireContent(content);
        return lane.add(content);
    }

    private void requireContent(byte[] content) {
        if (Wire.isJson(stream.contentType())) {
            Bodies.requireJson(content);
            if (Bodies.isEmptyArray(content)) {
                throw new InvalidInputException("client.empty", "there is nothing to append (messages=0)");
            }
        }
    }

    /**
     * Waits until everything that was appended before is stored, and its futures are done.
     *
     * @throws ClientException the first failure since the last call, once
     */
    public void flush() {
        lane.flush();
    }

    /**
     * Closes the stream behind everything that was appended; the producer takes no more then. Called again it answers
     * the same.
     *
     * @throws ClientException {@link ClientException.Reason#CLOSED}: it was closed by somebody else; others as
     *     {@link #flush}
     */
    public RemoteAppended close() {
        return close(new byte[0]);
    }

    /** The same with a last message, in one step; empty for none. */
    public RemoteAppended close(byte[] last) {
        if (last.length > 0) {
            requireContent(last);
        }
        try {
            return Waits.result(lane.close(last), stream.path());
        } catch (ClientException e) {
            lane.told(e);
            throw e;
        }
    }

    /** Waits until everything is stored, and takes no more; the stream stays open. */
    public void detach() {
        lane.detach();
    }

    private RemoteAppended send(ProducerBatch batch, long epoch) {
        return stream.post(batch.append(stream.contentType(), new ProducerStamp(id, epoch, batch.seq())));
    }
}
