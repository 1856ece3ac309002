package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tx;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.server.kvconnect.wire.Datapath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Where the messages of an atomic write go. */
@FunctionalInterface
interface KvConnectQueue {
    /** Takes messages in the transaction of the write that they came with. */
    void enqueue(Tx tx, List<Message> messages);

    /** Takes none: the write is refused as a whole. */
    static KvConnectQueue none() {
        return (tx, messages) -> {
            throw new InvalidInputException(
                    "kvconnect.no_queue",
                    "This server has no queue: the write was not applied (messages=" + messages.size() + ").");
        };
    }

    /**
     * A message.
     *
     * @param payload a V8 value
     * @param due not delivered before
     * @param keysIfUndelivered where the payload is written when all attempts have failed
     * @param backoff waited before each further attempt; empty for the queue's own
     */
    record Message(byte[] payload, Instant due, List<Key> keysIfUndelivered, List<Duration> backoff) {
        /** Copies the lists. */
        public Message {
            keysIfUndelivered = List.copyOf(keysIfUndelivered);
            backoff = List.copyOf(backoff);
        }

        /** A message as it came; its fallback keys must be some that can be stored. */
        static Message of(Datapath.Enqueue enqueue) {
            return new Message(
                    enqueue.getPayload().toByteArray(),
                    Instant.ofEpochMilli(enqueue.getDeadlineMs()),
                    enqueue.getKeysIfUndeliveredList().stream()
                            .map(ByteString::toByteArray)
                            .map(KeyWire::decode)
                            .toList(),
                    enqueue.getBackoffScheduleList().stream()
                            .map(Duration::ofMillis)
                            .toList());
        }
    }
}
