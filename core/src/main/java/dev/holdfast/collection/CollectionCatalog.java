package dev.holdfast.collection;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.json.Json;
import dev.holdfast.search.SearchIndex;
import dev.holdfast.search.SearchRoom;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known about collections: their numbers, options and indexes.
 *
 * <p>A write that does not know of an index would leave it wrong for ever, and several processes may share a database.
 * So nothing remembered is trusted: on SQLite every unit reads the version of its collection first; on PostgreSQL,
 * where that would be a round trip, each statement names the version it was made for and does nothing when there is
 * another, see {@link StaleStateException}. Whatever else is decided by what is remembered - to refuse a document, to
 * sort in memory - has to ask for the version first, see {@link #requireCurrent}. Versions are random numbers, so one
 * of a rolled back transaction never comes again.
 */
final class CollectionCatalog {
    private static final int REMEMBER_MAX = 10_000;
    private static final byte[] NO_PREFIX = {};

    private final CollectionSql sql;
    private final Database database;
    private final boolean postgres;
    private final ConcurrentHashMap<Name, CollectionState> states = new ConcurrentHashMap<>();

    CollectionCatalog(Database database, CollectionSql sql) {
        this.sql = sql;
        this.database = database;
        this.postgres = database.dialect() == Dialect.POSTGRES;
    }

    /** The collection as this transaction sees it. */
    Optional<CollectionState> find(Tx tx, String name) {
        if (tx.ns() == 0) {
            return Optional.empty();
        }
        Name key = new Name(tx.namespace(), name);
        Optional<Long> version = sql.version(tx, tx.ns(), name);
        @Nullable CollectionState known = states.get(key);
        if (known != null && version.isPresent() && version.get() == known.version()) {
            return Optional.of(known);
        }
        return version.isEmpty() ? Optional.empty() : load(tx, key);
    }

    /** The collection as this transaction sees it, made when it is missing. */
    CollectionState require(Tx tx, String name) {
        Optional<CollectionState> found = find(tx, name);
        if (found.isPresent()) {
            return found.get();
        }
        sql.create(tx, tx.ns(), name, newVersion(), tx.now());
        return load(tx, new Name(tx.namespace(), name))
                .orElseThrow(() -> new ConflictException(
                        "collection.created", "another transaction made a collection at the same time"));
    }

    /**
     * Changes something about a collection. Writers who do not know of it have ended by then, and no others begin
     * before this transaction has ended.
     *
     * @param work is given the collection, if there is one
     */
    <R> R change(Tx tx, String name, Function<Optional<CollectionState>, R> work) {
        // The row is locked by its first update; what is read after it is newer than every write of others.
        sql.setVersion(tx, tx.ns(), name, newVersion());
        R result = work.apply(find(tx, name));
        sql.setVersion(tx, tx.ns(), name, newVersion());
        return result;
    }

    /** Sets the options of a collection. */
    void setOptions(Tx tx, String name, CollectionOptions options, boolean text) {
        sql.setOptions(tx, tx.ns(), name, options.stored(text));
    }

    /** Takes the name away from a collection. */
    void drop(Tx tx, CollectionState state) {
        sql.dropCollection(tx, tx.ns(), state.name(), state.number(), newVersion(), tx.now());
    }

    /**
     * Runs a read of one snapshot, or of one statement on PostgreSQL; an absent state means that there is no such
     * collection.
     */
    <R> R read(Session session, String name, BiFunction<Tx, Optional<CollectionState>, R> work) {
        if (!postgres) {
            return session.scan(tx -> work.apply(tx, find(tx, name)));
        }
        return session.scanOne(tx -> untilCurrent(tx, name, work));
    }

    /** Runs a read of several statements that must belong to one snapshot. */
    <R> R readWhole(Session session, String name, BiFunction<Tx, Optional<CollectionState>, R> work) {
        return session.scan(tx -> postgres ? untilCurrent(tx, name, work) : work.apply(tx, find(tx, name)));
    }

    /** Runs a write in a collection that exists; an absent state means that there is none. */
    <R> R write(Session session, UnitKind kind, String name, BiFunction<Tx, Optional<CollectionState>, R> work) {
        if (!postgres) {
            return session.write(kind, tx -> work.apply(tx, find(tx, name)));
        }
        return session.write(kind, tx -> untilCurrent(tx, name, work));
    }

    /** Runs a write in a collection, which is made when it is missing. */
    <R> R writeMaking(Session session, UnitKind kind, String name, BiFunction<Tx, CollectionState, R> work) {
        if (!postgres) {
            return session.write(kind, tx -> work.apply(tx, require(tx, name)));
        }
        return write(session, kind, name, (tx, state) -> work.apply(tx, state.orElseGet(() -> require(tx, name))));
    }

    /**
     * PostgreSQL: runs a write of exactly one atomic statement, if the collection is known and fit for it.
     *
     * @return empty when the write has to be done in another way
     */
    <R> Optional<R> writeOne(
            Session session, String name, Predicate<CollectionState> fit, BiFunction<Tx, CollectionState, R> work) {
        @Nullable CollectionState known = postgres ? states.get(new Name(session.namespace(), name)) : null;
        if (known == null || !fit.test(known)) {
            return Optional.empty();
        }
        try {
            return Optional.of(session.writeOne(tx -> refusingIfCurrent(tx, known, () -> work.apply(tx, known))));
        } catch (StaleStateException e) {
            states.remove(new Name(session.namespace(), name));
            return Optional.empty();
        }
    }

    /** Throws {@link StaleStateException} unless a collection is as this transaction sees it. */
    void requireCurrent(Tx tx, CollectionState state) {
        if (postgres && !sql.version(tx, tx.ns(), state.name()).equals(Optional.of(state.version()))) {
            throw new StaleStateException();
        }
    }

    /** Runs work whose refusals count only if it knew the collection as it is. */
    private <R> R refusingIfCurrent(Tx tx, CollectionState state, Supplier<R> work) {
        try {
            return work.get();
        } catch (InvalidInputException e) {
            requireCurrent(tx, state);
            throw e;
        }
    }

    /** What was known last, or what is true now. */
    private Optional<CollectionState> remembered(Tx tx, String name) {
        @Nullable CollectionState known = states.get(new Name(tx.namespace(), name));
        return known != null ? Optional.of(known) : find(tx, name);
    }

    private <R> R untilCurrent(Tx tx, String name, BiFunction<Tx, Optional<CollectionState>, R> work) {
        while (true) {
            Optional<CollectionState> state = remembered(tx, name);
            try {
                return state.isEmpty()
                        ? work.apply(tx, state)
                        : refusingIfCurrent(tx, state.get(), () -> work.apply(tx, state));
            } catch (StaleStateException e) {
                states.remove(new Name(tx.namespace(), name));
            }
        }
    }

    private Optional<CollectionState> load(Tx tx, Name key) {
        Optional<CollectionState> loaded = sql.load(tx, tx.ns(), key.name).map(row -> {
            JsonNode stored = Json.parse(row.options());
            CollectionOptions options = CollectionOptions.ofStored(stored);
            Optional<SearchIndex> text = CollectionOptions.isText(stored)
                    ? SearchRoom.of(database).index(tx, CollectionState.textScope(row.number()), NO_PREFIX)
                    : Optional.empty();
            return new CollectionState(
                    key.name,
                    row.number(),
                    row.version(),
                    options,
                    options.schema().map(DocumentSchema::of),
                    row.indexes(),
                    text);
        });
        if (states.size() >= REMEMBER_MAX) {
            states.clear();
        }
        loaded.ifPresent(state -> states.put(key, state));
        return loaded;
    }

    private static long newVersion() {
        return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    }

    /** A collection's name in a namespace; should both be deleted and made anew, the version tells. */
    private record Name(String namespace, String name) {}
}
