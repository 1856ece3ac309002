package dev.holdfast.client;

import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Appends of a producer that go in one request. The lock of its lane guards all of it until the batch is sent. Each
 * append has a future of its own, so that what one caller does to his does nothing to another's.
 */
final class ProducerBatch {
    /** What an append needs besides its content, so that many small ones are bounded too. */
    static final int ENTRY_BYTES = 64;

    private final List<byte[]> contents = new ArrayList<>();
    private final List<CompletableFuture<RemoteAppended>> results = new ArrayList<>();
    private final boolean closing;
    private long bytes;
    private long seq = -1;

    /**
     * An empty batch.
     *
     * @param closing whether it closes the stream, so that nothing comes behind it
     */
    ProducerBatch(boolean closing) {
        this.closing = closing;
    }

    /** Whether so many bytes may still come to it. */
    boolean takes(int size, ProducerOptions options) {
        return !closing
                && contents.size() < options.batchMessagesMax()
                && (contents.isEmpty() || bytes + size <= options.batchBytesMax());
    }

    /** Adds an append, a copy of it; an empty one is that of a batch that only closes. */
    CompletableFuture<RemoteAppended> add(byte[] content) {
        CompletableFuture<RemoteAppended> result = new CompletableFuture<>();
        results.add(result);
        if (content.length > 0) {
            contents.add(content.clone());
            bytes += content.length;
        }
        return result;
    }

    /** What it counts of what may wait. */
    long cost() {
        return bytes + (long) results.size() * ENTRY_BYTES;
    }

    /** Its number in the epoch that it is sent in. */
    long seq() {
        return seq;
    }

    void number(long next) {
        seq = next;
    }

    void succeed(RemoteAppended answer) {
        results.forEach(result -> result.complete(answer));
    }

    void fail(RuntimeException failure) {
        results.forEach(result -> result.completeExceptionally(failure));
    }

    /** The append that is sent. */
    StreamAppend append(String contentType, ProducerStamp stamp) {
        byte[] content = contents.isEmpty() ? new byte[0] : Bodies.join(Wire.isJson(contentType), contents);
        StreamAppend append = StreamAppend.of(content).as(contentType).by(stamp);
        return closing ? append.andClose() : append;
    }
}
