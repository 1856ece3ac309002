package dev.holdfast.kv;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.engine.WatchLoop;
import dev.holdfast.engine.WatchLoop.Part;
import dev.holdfast.engine.WatchLoop.Turn;
import dev.holdfast.key.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A running watch. It ends when it is closed, or when the store is; {@link #onClose} tells.
 *
 * <p>The change log says which keys changed; what they are now is read when the listener is ready for it. So a slow
 * listener costs memory for the keys that wait, never for their states; beyond a bound it is told everything anew.
 */
public final class KvWatch implements AutoCloseable {
    private final Session session;
    private final KvRoom room;
    private final KvPresent present;
    private final Predicate<Key> covered;
    private final Consumer<Event> listener;
    private final Signals.Registration expiring;
    private final WatchLoop<Key, KvPresent.Place> loop;
    /** The watching thread's own. */
    private final KvTold told = new KvTold();

    KvWatch(Session session, KvRoom room, KvWatchOptions options, Consumer<Event> listener) {
        this.session = session;
        this.room = room;
        this.present = new KvPresent(session, room.sql(), options);
        this.covered = options.covers();
        this.listener = listener;
        this.expiring = room.sweeper().watched(session.namespace());
        try {
            this.loop = new WatchLoop<>(session, KvRoom.NAME, options.after(), new Watching());
        } catch (RuntimeException | Error e) {
            expiring.close();
            throw e;
        }
        loop.begin(options.initial() && options.after().isEmpty());
    }

    /**
     * Ends the watch; the listener is not called again after a call that runs now. May be called again without effect.
     */
    @Override
    public void close() {
        expiring.close();
        loop.close();
    }

    /**
     * Runs an action when the watch has ended, whether it was closed or the store was; at once when it has ended
     * already. The action runs on the thread of the watch, after the listener's last call, or on the caller's; it must
     * not wait for long. What it throws is lost.
     */
    public void onClose(Runnable action) {
        loop.onClose(action);
    }

    /** A part of the present entries, and after the last one what the listener knows and was not told anew. */
    private Part<Key, KvPresent.Place> present(Turn<Key, KvPresent.Place> turn, KvPresent.Place from) {
        KvPresent.Part part = present.read(from);
        if (turn.lost()) {
            told.restart();
        }
        part.updates().forEach(update -> isNews(update.key(), update.entry()));
        Map<Key, Change.Kind> rest = new LinkedHashMap<>();
        if (part.next() == null) {
            // It may be gone, or have changed, without a trace in the log.
            told.takeUnseen().forEach(key -> rest.put(key, Change.Kind.DELETE));
        }
        return new Part<>(
                Optional.ofNullable(part.next()),
                rest,
                position -> tell(part.updates(), turn.first(), turn.lost(), position));
    }

    /** The state of keys that changed, unless it was told already; of the first ones, when there are many bytes. */
    private Part<Key, KvPresent.Place> changed(Map<Key, Change.Kind> changes) {
        List<Key> keys = List.copyOf(changes.keySet());
        KvSql.Some some = session.read(tx -> room.sql().getSome(tx, tx.ns(), keys, tx.now()));
        Map<Key, KvEntry> found = new HashMap<>();
        some.entries().forEach(entry -> found.put(entry.key(), entry));
        List<Update> updates = new ArrayList<>();
        for (Key key : keys.subList(0, some.keys())) {
            Optional<KvEntry> entry = Optional.ofNullable(found.get(key));
            if (isNews(key, entry)) {
                Change.Kind kind = changes.get(key) == Change.Kind.EXPIRE ? Change.Kind.EXPIRE : Change.Kind.DELETE;
                updates.add(new Update(key, entry, entry.isPresent() ? Change.Kind.SET : kind));
            }
        }
        Map<Key, Change.Kind> rest = new LinkedHashMap<>(changes);
        rest.keySet().removeAll(keys.subList(0, some.keys()));
        return new Part<>(Optional.empty(), rest, position -> tell(updates, false, false, position));
    }

    private void tell(List<Update> updates, boolean everything, boolean evenNothing, Versionstamp position) {
        if (evenNothing || !updates.isEmpty()) {
            listener.accept(new Event(updates, everything, position));
        }
    }

    /** Whether this state differs from what was told last; from now on it is what was told last. */
    private boolean isNews(Key key, Optional<KvEntry> entry) {
        entry.flatMap(KvEntry::expiresAt)
                .ifPresent(at -> room.sweeper().expect(session.namespace(), at.toEpochMilli()));
        return told.isNews(key, entry.map(KvEntry::versionstamp));
    }

    /** What the loop asks of this watch. */
    private final class Watching implements WatchLoop.Watched<Key, KvPresent.Place> {
        @Override
        public void changed(WatchLoop<Key, KvPresent.Place> following, Change change) {
            Key key = Key.decode(change.id());
            if (covered.test(key)) {
                following.await(key, change.kind());
            }
        }

        @Override
        public KvPresent.Place start(WatchLoop<Key, KvPresent.Place> following, boolean all) {
            return KvPresent.Place.start(all);
        }

        @Override
        public Part<Key, KvPresent.Place> read(Turn<Key, KvPresent.Place> turn) {
            return turn.from().map(from -> present(turn, from)).orElseGet(() -> KvWatch.this.changed(turn.changed()));
        }

        @Override
        public void ended() {
            expiring.close();
        }
    }

    /**
     * What a listener is told.
     *
     * @param updates each key once
     * @param everything whether these are the present entries, not changes: at the beginning, of each prefix as many as
     *     the initial limit says, and all of them when changes were lost to the pruning of the log. Then it comes even
     *     if there are none, and events after it tell the present entries beyond 8 MiB of values, and what became of
     *     other keys that this watch has told, of the latest 10,000
     * @param position goes on from here when given to {@link KvWatchOptions#after}: everything that was not told is
     *     told then; some of what was told may be told again
     */
    public record Event(List<Update> updates, boolean everything, Versionstamp position) {
        /** Keeps its own copy. */
        public Event {
            updates = List.copyOf(updates);
        }
    }

    /**
     * The state of one key.
     *
     * @param key the key
     * @param entry its entry; none when it does not exist
     * @param kind {@link Change.Kind#SET}, or why it does not exist
     */
    public record Update(Key key, Optional<KvEntry> entry, Change.Kind kind) {}
}
