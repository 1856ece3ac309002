package dev.holdfast.collection;

import dev.holdfast.engine.Session;
import java.util.List;

/** The collections of one namespace. */
public final class Collections {
    private final Session session;
    private final CollectionRoom room;

    private Collections(Session session, CollectionRoom room) {
        this.session = session;
        this.room = room;
    }

    /** The collections of a session: of one namespace, or of one open transaction. */
    public static Collections in(Session session) {
        return new Collections(session, CollectionRoom.of(session.database()));
    }

    /** The collection of a name; see {@link Collection#in}. */
    public Collection collection(String name) {
        return Collection.in(session, name);
    }

    /** Those that have a document, an index or an option, sorted by name. All documents are counted. */
    public List<CollectionInfo> list() {
        return session.readOne(tx -> room.sql().names(tx, tx.ns()));
    }
}
