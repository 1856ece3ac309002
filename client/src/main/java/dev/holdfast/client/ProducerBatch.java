package dev.holdfast.client;

import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Appends of a producer that go in one request. Its lock guards all of it until the batch is sent. */
final class ProducerBatch {
    private final List<byte[]> contents = new ArrayList<>();
    private final CompletableFuture<RemoteAppended> result = new CompletableFuture<>();
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

    void add(byte[] content) {
        contents.add(content);
        bytes += content.length;
    }

    long bytes() {
        return bytes;
    }

    /** What becomes of all its appends. */
    CompletableFuture<RemoteAppended> result() {
        return result;
    }

    /** Its number in the epoch that it is sent in. */
    long seq() {
        return seq;
    }

    void number(long next) {
        seq = next;
    }

    /** The append that is sent. */
    StreamAppend append(String contentType, ProducerStamp stamp) {
        byte[] content = contents.isEmpty() ? new byte[0] : Bodies.join(Wire.isJson(contentType), contents);
        StreamAppend append = StreamAppend.of(content).as(contentType).by(stamp);
        return closing ? append.andClose() : append;
    }
}
