package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import dev.holdfast.engine.Tx;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.RetryPolicy;
import dev.holdfast.server.kvconnect.wire.Datapath;
import java.time.Duration;
import java.util.List;

/**
 * Where the messages of an atomic write go: into the queue {@code default}, in the transaction of the write. Nobody can
 * listen over KV Connect; workers of the library and clients of the KeyVal interface do.
 */
final class KvConnectQueue {
    /** The queue that KeyVal serves too. */
    private static final String NAME = "default";

    /** What Deno waits before each further attempt when a message does not say. */
    private static final RetryPolicy BACKOFF = RetryPolicy.delays(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1));

    private KvConnectQueue() {}

    static void enqueue(Tx tx, List<Message> messages) {
        Queue queue = Queue.in(tx, NAME);
        for (Message message : messages) {
            Duration delay = Duration.ofMillis(Math.max(0, message.dueMillis - tx.now()));
            queue.enqueue(message.payload, message.options.withDelay(delay));
        }
    }

    /**
     * A message.
     *
     * @param dueMillis since 1970; it is not delivered before
     * @param options all but the delay. An exhausted message leaves its fallback keys behind and is no dead job, as
     *     Deno has it
     */
    record Message(KvValue payload, long dueMillis, JobOptions options) {
        /** A message as it came; its fallback keys must be some that can be stored. */
        static Message of(Datapath.Enqueue enqueue) {
            Key[] fallback = enqueue.getKeysIfUndeliveredList().stream()
                    .map(ByteString::toByteArray)
                    .map(KeyWire::decode)
                    .toArray(Key[]::new);
            Duration[] backoff = enqueue.getBackoffScheduleList().stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);
            JobOptions options = JobOptions.defaults()
                    .withRetry(backoff.length == 0 ? BACKOFF : RetryPolicy.delays(backoff))
                    .withFallbackKeys(fallback)
                    .withDeadLetter(false);
            KvValue payload = KvValue.v8(enqueue.getPayload().toByteArray());
            return new Message(payload, enqueue.getDeadlineMs(), options);
        }
    }
}
