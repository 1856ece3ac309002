package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import java.util.List;

/** Removes what is no longer reachable: streams whose time has passed, rows of streams that were removed. */
final class StreamSweeper {
    private static final int STREAMS = 100;

    private final Database database;
    private final StreamRoom room;

    StreamSweeper(Database database, StreamRoom room) {
        this.database = database;
        this.room = room;
    }

    long sweep(String namespace) {
        Session session = database.session(namespace);
        long removed = expire(session);
        forget(session);
        while (true) {
            List<Long> garbage = session.readOne(tx -> room.data().garbage(tx, tx.ns(), STREAMS));
            for (long stream : garbage) {
                clear(session, stream);
            }
            if (garbage.size() < STREAMS) {
                room.trimmer().sweep(session);
                room.sealer().sweep(session);
                return removed;
            }
        }
    }

    void sweep(String namespace, String stream) {
        Session session = database.session(namespace);
        room.trimmer().sweep(session, alive(session, stream));
    }

    /** The number of a stream that is there. */
    long alive(Session session, String stream) {
        return session.readOne(tx -> room.sql()
                .find(tx, tx.ns(), stream)
                .orElseThrow(StreamRow::notFound)
                .requireAlive(tx.now())
                .id());
    }

    /** Removes what subscriptions hold that are no more. */
    private void forget(Session session) {
        boolean any = session.readOne(
                tx -> !room.subscriptionSql().buried(tx, tx.ns(), 1).isEmpty());
        while (any) {
            any = session.write(UnitKind.OPERATION, tx -> room.subscriptions().sweep(tx));
        }
    }

    /** Removes streams whose time has passed, batch by batch. */
    long expire(Session session) {
        long removed = 0;
        while (true) {
            List<String> due = session.readOne(tx -> room.sql().due(tx, tx.ns(), tx.now(), STREAMS));
            if (due.isEmpty()) {
                return removed;
            }
            removed += session.write(UnitKind.OPERATION, tx -> room.writer().expire(tx, due));
            if (due.size() < STREAMS) {
                return removed;
            }
        }
    }

    private void clear(Session session, long stream) {
        while (!session.write(UnitKind.OPERATION, tx -> {
            boolean all = room.writer().clear(tx, stream);
            if (all) {
                room.data().removeGarbage(tx, tx.ns(), stream);
            }
            return all;
        })) {
            // Each batch is a transaction of its own, so that others come in between.
        }
    }
}
