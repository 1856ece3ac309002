package dev.holdfast.stream;

import dev.holdfast.engine.Session;
import java.util.List;

/** The streams of one namespace. */
public final class Streams {
    /** Names in one page at most. */
    public static final int PAGE_MAX = 1_000;

    private final Session session;
    private final StreamRoom room;

    private Streams(Session session, StreamRoom room) {
        this.session = session;
        this.room = room;
    }

    /** The streams of a session: of one namespace, or of one open transaction. */
    public static Streams in(Session session) {
        return new Streams(session, StreamRoom.of(session.database()));
    }

    /** The stream of a name; see {@link DurableStream#in}. */
    public DurableStream stream(String name) {
        return DurableStream.in(session, name);
    }

    /**
     * Streams in the order of their names, by the bytes of UTF-8; not those whose time has passed or that are kept for
     * their forks alone.
     *
     * @param prefix what the names begin with; empty: all
     * @param after a name; only later ones are listed; empty: from the first on
     * @param limit 1 to {@value #PAGE_MAX}
     */
    public List<StreamInfo> list(String prefix, String after, int limit) {
        int size = Math.clamp(limit, 1, PAGE_MAX);
        return session.readOne(tx -> room.sql().list(tx, tx.ns(), tx.now(), new StreamSql.Page(prefix, after, size)));
    }
}
