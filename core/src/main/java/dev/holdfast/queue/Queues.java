package dev.holdfast.queue;

import dev.holdfast.engine.Session;
import java.util.List;

/** The queues of one namespace. */
public final class Queues {
    private final Session session;
    private final QueueRoom room;

    private Queues(Session session, QueueRoom room) {
        this.session = session;
        this.room = room;
    }

    /** The queues of a session: of one namespace, or of one open transaction. */
    public static Queues in(Session session) {
        return new Queues(session, QueueRoom.of(session.database()));
    }

    /** The queue of a name; see {@link Queue#in}. */
    public Queue queue(String name) {
        return Queue.in(session, name);
    }

    /**
     * The names of all queues that hold a job, dead ones too, or of which something was said, by the bytes of UTF-8.
     * Reads them all.
     */
    public List<String> list() {
        return session.scanOne(tx -> room.sql().names(tx, tx.ns()));
    }
}
