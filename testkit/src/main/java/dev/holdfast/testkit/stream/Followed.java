package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamFollower;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A follower of a stream of JSON that keeps what it was handed, and finds that nothing was left out or doubled. */
final class Followed implements AutoCloseable {
    private static final int SECONDS_MAX = 25;

    private final Semaphore hints = new Semaphore(0);
    private final List<String> messages = new ArrayList<>();
    private final StreamFollower follower;
    private final int bytesMax;

    Followed(DurableStream stream, long offset, int bytesMax) {
        this.bytesMax = bytesMax;
        this.follower = stream.follow(offset, hints::release);
    }

    Followed(DurableStream stream, long offset) {
        this(stream, offset, StreamSuite.ALL);
    }

    long offset() {
        return follower.offset();
    }

    /** What was handed out by now, after so many messages came in all; only a hint makes it look again. */
    List<String> take(int count) {
        while (messages.size() < count) {
            if (poll().isEmpty()) {
                awaitHint();
            }
        }
        return List.copyOf(messages);
    }

    /** What was handed out in all when the stream has ended. */
    List<String> takeAll() {
        while (!poll().atEnd()) {
            if (hints.tryAcquire()) {
                hints.drainPermits();
            } else {
                awaitHint();
            }
        }
        return List.copyOf(messages);
    }

    /** Asks once. */
    StreamChunk poll() {
        long before = follower.offset();
        StreamChunk chunk = follower.poll(bytesMax);
        JsonNode array = Json.parse(chunk.toBytes());
        assertThat(chunk.start()).as("where a chunk begins").isEqualTo(before);
        assertThat(chunk.next()).as("where a chunk ends").isEqualTo(before + array.size());
        assertThat(follower.offset()).isEqualTo(chunk.next());
        array.valueStream().map(JsonNode::toString).forEach(messages::add);
        return chunk;
    }

    /** Waits until somebody says that there may be something. */
    void awaitHint() {
        try {
            assertThat(hints.tryAcquire(SECONDS_MAX, TimeUnit.SECONDS))
                    .as("the follower at " + follower.offset() + " is woken")
                    .isTrue();
            hints.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a hint", e);
        }
    }

    /** Forgets the hints that came so far. */
    void ignoreHints() {
        hints.drainPermits();
    }

    /** How many hints came since they were last looked at. */
    int hints() {
        return hints.availablePermits();
    }

    @Override
    public void close() {
        follower.close();
    }
}
