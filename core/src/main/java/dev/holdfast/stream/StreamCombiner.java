package dev.holdfast.stream;

import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets appends to one stream that wait for each other share a transaction, on engines where callers who meet in one row
 * queue in the process. One that meets nobody does what it would do anyway.
 */
final class StreamCombiner {
    private final StreamRoom room;
    private final ConcurrentHashMap<Place, StreamQueue> queues = new ConcurrentHashMap<>();

    StreamCombiner(StreamRoom room) {
        this.room = room;
    }

    /**
     * Appends to a stream.
     *
     * @param session in which the append queues
     */
    StreamAppended append(Session session, String name, StreamAppend append, AppendContent content) {
        Optional<Duration> limit = session.turnLimit();
        if (limit.isEmpty()) {
            return session.write(UnitKind.OPERATION, tx -> room.writer().append(tx, name, append, content));
        }
        AppendCall call = new AppendCall(append, content);
        Place place = new Place(session, name);
        StreamQueue queue = queues.compute(place, (key, have) -> (have == null ? new StreamQueue() : have).entered());
        try {
            queue.await(call, limit.get());
            if (!call.isDone()) {
                lead(session, name, queue, call);
            }
            return call.outcome();
        } finally {
            queues.computeIfPresent(place, (key, have) -> have.left());
        }
    }

    private void lead(Session session, String name, StreamQueue queue, AppendCall call) {
        try {
            new CombinedAppends(room, name, queue, call).run(session);
        } finally {
            queue.pass();
        }
    }

    /** A stream, as somebody means it: sessions of one namespace are equal. */
    private record Place(Session session, String name) {}
}
