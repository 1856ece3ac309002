package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.StateException;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of the appends to a stream: those that wait when the stream's row is locked run in one transaction, in their
 * order.
 *
 * <p>What is refused before it has changed anything has its own answer. Whatever else goes wrong undoes all, and each
 * of them runs again by itself; but not when the commit failed, which may have taken effect: then nobody does.
 */
final class CombinedAppends {
    private final StreamRoom room;
    private final String name;
    private final StreamQueue queue;
    private final AppendCall leader;
    /** The leader's first; null as long as the row was not locked. */
    private @Nullable List<AppendCall> calls;
    /** Whether nothing was left to do but the commit. */
    private boolean complete;

    CombinedAppends(StreamRoom room, String name, StreamQueue queue, AppendCall leader) {
        this.room = room;
        this.name = name;
        this.queue = queue;
        this.leader = leader;
    }

    /** Runs them; afterwards those who were not given back to the queue have been told. */
    void run(Session session) {
        try {
            session.write(UnitKind.OPERATION, tx -> {
                append(tx);
                return name;
            });
        } catch (Throwable e) {
            if (calls != null && calls.size() > 1 && !complete) {
                queue.giveBack(calls.subList(1, calls.size()));
                leader.alone = true;
                new CombinedAppends(room, name, queue, leader).run(session);
                return;
            }
            all().forEach(call -> call.refuse(e));
        }
        for (AppendCall call : all()) {
            call.finish();
            if (call != leader) {
                call.tell();
            }
        }
    }

    private List<AppendCall> all() {
        return calls == null ? List.of(leader) : calls;
    }

    private void append(Tx tx) {
        complete = false;
        CombinedState state = new CombinedState(tx, room, name);
        if (calls == null) {
            calls = queue.take(leader);
        }
        calls.forEach(call -> call.append.producer().ifPresent(stamp -> state.expect(stamp.id())));
        if (calls.size() == 1) {
            leader.answer(room.writer().append(tx, state, name, leader.append, leader.content));
        } else {
            calls.forEach(call -> append(tx, state, call));
        }
        state.writeOut();
        tx.atEnd(() -> complete = true);
    }

    private void append(Tx tx, CombinedState state, AppendCall call) {
        try {
            call.answer(room.writer().append(tx, state, name, call.append, call.content));
        } catch (StateException | InvalidInputException e) {
            call.refuse(e);
        }
    }
}
