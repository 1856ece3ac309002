package dev.holdfast.collection;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.engine.WatchLoop;
import dev.holdfast.engine.WatchLoop.Part;
import dev.holdfast.engine.WatchLoop.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running watch of a collection. It ends when it is closed, or when the store is; {@link #onClose} tells.
 *
 * <p>The change log says which documents changed; what they are now is read when the listener is ready for it. So a
 * slow listener costs memory for the ids that wait, never for documents; beyond a bound it is told everything anew.
 */
public final class CollectionWatch implements AutoCloseable {
    private final Session session;
    private final String collection;
    private final CollectionRoom room;
    private final WatchReader reader;
    private final Consumer<Event> listener;
    private final WatchLoop<Changed, WatchReader.Place> loop;
    /** The watching thread's own. */
    private final WatchView view;

    /**
     * The scope of the collection's changes; null while it is not known, or there is no such collection. Guarded by the
     * loop's lock, like what was dropped.
     */
    private @Nullable String scope;

    /** The scopes that were dropped since the collection was last looked up. */
    private final Set<String> dropped = new HashSet<>();

    CollectionWatch(
            Session session,
            String collection,
            CollectionRoom room,
            CollectionWatchOptions options,
            Consumer<Event> listener) {
        this.session = session;
        this.collection = collection;
        this.room = room;
        this.reader = new WatchReader(room, collection, options);
        this.listener = listener;
        this.view = new WatchView(options.where());
        options.after().ifPresent(position -> view.reached(position.value()));
        this.loop = new WatchLoop<>(session, CollectionRoom.NAME, options.after(), new Watching());
        boolean beginning = options.after().isEmpty();
        if (beginning && !options.initial()) {
            learn();
        }
        loop.begin(beginning && options.initial());
    }

    /**
     * Reads what is there without telling it. It is done before the caller can write anything more: read later, what
     * was written meanwhile would count as told.
     */
    private void learn() {
        loop.guarded(() -> {
            loop.forget();
            return loop;
        });
        try {
            know(session.scan(tx -> reader.present(tx, settle(tx).state, WatchReader.Place.untold(), view)), true);
        } catch (RuntimeException | Error e) {
            loop.close();
            throw e;
        }
    }

    /**
     * Ends the watch; the listener is not called again after a call that runs now. May be called again without effect.
     */
    @Override
    public void close() {
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

    /** A part of the present documents; nothing when they are another collection's by now, which is told anew. */
    private Part<Changed, WatchReader.Place> present(boolean first, WatchReader.Place from) {
        Optional<WatchReader.Present> read = session.scan(tx -> {
            Settled settled = settle(tx);
            return settled.another && !first
                    ? Optional.empty()
                    : Optional.of(reader.present(tx, settled.state, from, view));
        });
        if (read.isEmpty()) {
            return new Part<>(Optional.empty(), Map.of(), position -> {});
        }
        WatchReader.Present found = read.get();
        know(found, first);
        List<Update> updates = found.documents().stream()
                .map(document -> new Update(document.id(), Kind.ADDED, Optional.of(document)))
                .toList();
        return new Part<>(found.next(), Map.of(), position -> tell(updates, first, position));
    }

    /** What became of documents that may have changed; of the first ones, when there are many bytes. */
    private Part<Changed, WatchReader.Place> changed(Map<Changed, Change.Kind> changes) {
        WatchReader.Found found = session.scan(tx -> {
            Optional<CollectionState> state = settle(tx).state;
            List<String> ids = state.stream()
                    .flatMap(now -> changes.keySet().stream().filter(one -> one.scope.equals(now.scope())))
                    .map(Changed::id)
                    .toList();
            return reader.changed(tx, state.orElse(null), ids);
        });
        List<Update> updates = new ArrayList<>();
        for (String id : found.ids()) {
            view.update(id, Optional.ofNullable(found.documents().get(id))).ifPresent(updates::add);
        }
        Map<Changed, Change.Kind> rest = new LinkedHashMap<>(changes);
        rest.keySet().removeIf(one -> !found.rest().contains(one.id));
        return new Part<>(Optional.empty(), rest, position -> tell(updates, false, position));
    }

    /** Notes what the listener knows once it is told a part of the present documents. */
    private void know(WatchReader.Present present, boolean first) {
        if (first) {
            view.restart(present.versions());
            // Who was made later is told as new, in whatever part it comes.
            view.reached(present.position());
        } else {
            view.know(present.versions());
        }
    }

    private void tell(List<Update> updates, boolean everything, Versionstamp position) {
        view.reached(position.value());
        if (everything || !updates.isEmpty()) {
            listener.accept(new Event(updates, everything, position));
        }
    }

    /**
     * The collection as it is read; its scope is known from now on. The log and what is read may each be ahead of the
     * other: when either says that a collection was dropped which the listener knows of, everything is told anew.
     */
    private Settled settle(Tx tx) {
        Optional<CollectionState> state = room.catalog().find(tx, collection);
        return loop.guarded(() -> {
            @Nullable String now = state.map(CollectionState::scope).orElse(null);
            boolean gone = now != null && dropped.contains(now);
            boolean another = scope != null && !scope.equals(now);
            if (gone || another) {
                loop.anew();
            }
            scope = gone ? null : now;
            dropped.clear();
            return new Settled(state, gone || another);
        });
    }

    /** What the loop asks of this watch. */
    private final class Watching implements WatchLoop.Watched<Changed, WatchReader.Place> {
        @Override
        public void changed(WatchLoop<Changed, WatchReader.Place> following, Change change) {
            boolean mine = scope == null || scope.equals(change.scope());
            if (mine && change.id().length == 0) {
                // The next collection of this name has another scope.
                dropped.add(change.scope());
                if (scope != null) {
                    following.anew();
                }
                scope = null;
            } else if (mine) {
                following.await(new Changed(change.scope(), DocumentId.of(change.id())), change.kind());
            }
        }

        @Override
        public WatchReader.Place start(WatchLoop<Changed, WatchReader.Place> following, boolean all) {
            following.forget();
            scope = null;
            return reader.start(all);
        }

        @Override
        public Part<Changed, WatchReader.Place> read(Turn<Changed, WatchReader.Place> turn) {
            return turn.from()
                    .map(from -> present(turn.first(), from))
                    .orElseGet(() -> CollectionWatch.this.changed(turn.changed()));
        }
    }

    /** A document that may have changed. */
    private record Changed(String scope, String id) {}

    /**
     * The collection as it was read.
     *
     * @param another whether it is not the one that the listener was told of, so that everything is told anew
     */
    private record Settled(Optional<CollectionState> state, boolean another) {}

    /** What happened to a document, as the listener sees it. */
    public enum Kind {
        /** It is there, or matches, for the first time. */
        ADDED,
        /** It has another state. */
        CHANGED,
        /** It is gone, or matches no more. */
        REMOVED
    }

    /**
     * What a listener is told.
     *
     * @param updates each document once
     * @param everything whether these are the present documents: at the beginning as many as the initial limit says,
     *     and all of them when the collection was dropped and when changes were lost to the pruning of the log. Others
     *     that were told before are gone. Present documents beyond 8 MiB are told as added by the events after it
     * @param position goes on from here when given to {@link CollectionWatchOptions#after}; some of what was told may
     *     then be told again
     */
    public record Event(List<Update> updates, boolean everything, Versionstamp position) {
        /** Keeps its own copy. */
        public Event {
            updates = List.copyOf(updates);
        }
    }

    /**
     * The state of one document.
     *
     * @param id its id
     * @param kind what happened to it
     * @param document its present state; none when it was removed
     */
    public record Update(String id, Kind kind, Optional<Document> document) {}
}
