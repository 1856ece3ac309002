package dev.holdfast.collection;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes indexes, fills them while others write, and clears away what was dropped.
 *
 * <p>First the index is declared: from that commit on every write keeps it. Then the documents that were there before
 * get their entries, batch by batch; an entry that a writer made meanwhile is left alone. When the last is done reads
 * may use it. A batch locks the documents it reads, so it never adds an entry for a version that a writer has just
 * replaced.
 *
 * <p>On PostgreSQL a writer may have taken its snapshot before a batch commits and replace a document of it after: it
 * cannot see the entry that it has to remove. A writer with one snapshot for each statement therefore looks again in a
 * second one ({@link DocumentWriter}). One with a single snapshot runs again, because a batch writes the rows of its
 * documents anew, as they are: to the database that is a change that came first.
 */
final class IndexBuilder {
    private static final int BATCH = 500;

    private final Database database;
    private final CollectionRoom room;

    IndexBuilder(Database database, CollectionRoom room) {
        this.database = database;
        this.room = room;
    }

    void create(Session session, String collection, DocumentIndex definition) {
        Optional<StoredIndex> declared = session.write(UnitKind.OPERATION, tx -> declare(tx, collection, definition));
        if (declared.isEmpty()) {
            return;
        }
        StoredIndex index = declared.get();
        try {
            Optional<String> last = Optional.of(index.builtTo());
            while (last.isPresent()) {
                String from = last.get();
                last = session.write(UnitKind.OPERATION, tx -> fill(tx, collection, index, from));
            }
        } catch (InvalidInputException e) {
            // Two documents have equal values: there can be no such index.
            drop(session, collection, definition.name());
            throw e;
        }
        session.write(
                UnitKind.OPERATION,
                tx -> room.catalog().change(tx, collection, state -> {
                    room.sql().setState(tx, tx.ns(), index.number(), StoredIndex.State.COMPLETE);
                    return state;
                }));
    }

    boolean drop(Session session, String collection, String name) {
        return session.write(
                UnitKind.OPERATION,
                tx -> room.catalog().change(tx, collection, state -> {
                    Optional<StoredIndex> index = state.map(known -> known.index(name));
                    index.ifPresent(found -> {
                        room.sql().dropIndex(tx, tx.ns(), found.number());
                        tx.afterCommit(() -> sweep(tx.namespace()));
                    });
                    return index.isPresent();
                }));
    }

    /** Clears away the entries of dropped indexes and the documents of dropped collections. */
    long sweep(String namespace) {
        Session session = database.session(namespace);
        long removed = 0;
        for (long index : session.readOne(tx -> room.sql().droppedIndexes(tx, tx.ns()))) {
            int batch;
            do {
                batch = session.write(UnitKind.OPERATION, tx -> room.writes().clearEntries(tx, index, BATCH));
                removed += batch;
            } while (batch > 0);
            session.write(UnitKind.OPERATION, tx -> {
                room.sql().forgetIndex(tx, tx.ns(), index);
                return index;
            });
        }
        for (int collection : session.readOne(tx -> room.sql().droppedCollections(tx, tx.ns()))) {
            int batch;
            do {
                batch = session.write(UnitKind.OPERATION, tx -> room.writes().clearDocuments(tx, collection, BATCH));
                removed += batch;
            } while (batch > 0);
            session.write(UnitKind.OPERATION, tx -> {
                room.sql().forgetCollection(tx, tx.ns(), collection);
                return collection;
            });
        }
        return removed;
    }

    /** The index that has to be filled; none when there is nothing to do. */
    private Optional<StoredIndex> declare(Tx tx, String collection, DocumentIndex definition) {
        if (!tx.single()) {
            throw new InvalidInputException(
                    "collection.in_transaction",
                    "an index is made outside of transactions, while others write (index=" + definition.name() + ")");
        }
        room.catalog().require(tx, collection);
        return room.catalog().change(tx, collection, state -> declare(tx, state.orElseThrow(), definition));
    }

    private Optional<StoredIndex> declare(Tx tx, CollectionState state, DocumentIndex definition) {
        @Nullable StoredIndex existing = state.index(definition.name());
        if (existing == null) {
            requireRoom(state);
            room.sql().createIndex(tx, tx.ns(), state.number(), definition);
            return Optional.of(room.sql()
                    .index(tx, tx.ns(), state.number(), definition.name())
                    .orElseThrow(() -> new ConflictException(
                            "collection.created", "another transaction made an index at the same time")));
        }
        if (!existing.definition().equals(definition)) {
            throw new InvalidInputException(
                    "collection.index_exists",
                    "there is another index of this name; drop it first (collection=" + state.name() + ", index="
                            + definition.name() + ")");
        }
        return existing.isComplete() ? Optional.empty() : Optional.of(existing);
    }

    /** Indexes the next documents; answers the last of them, or nothing when there are no more. */
    private Optional<String> fill(Tx tx, String collection, StoredIndex index, String from) {
        room.sql().hold(tx, tx.ns(), collection);
        Optional<CollectionState> found = room.catalog().find(tx, collection).filter(known -> has(known, index));
        if (found.isEmpty()) {
            return Optional.empty(); // dropped meanwhile
        }
        CollectionState state = found.get();
        List<Document> documents = room.writes().holdSome(tx, state, from, BATCH);
        if (documents.isEmpty()) {
            return Optional.empty();
        }
        DocumentBatch batch = new DocumentBatch(state);
        documents.forEach(document -> batch.index(index, document));
        room.writer().index(tx, batch, state);
        String last = documents.getLast().id();
        room.sql().setBuiltTo(tx, tx.ns(), index.number(), last);
        return Optional.of(last);
    }

    private static boolean has(CollectionState state, StoredIndex index) {
        return state.indexes().stream().anyMatch(one -> one.number() == index.number());
    }

    private static void requireRoom(CollectionState state) {
        if (state.indexes().size() >= CollectionLimits.INDEXES_MAX) {
            throw new InvalidInputException(
                    "collection.indexes",
                    "the collection has too many indexes (collection=" + state.name() + ", indexesMax="
                            + CollectionLimits.INDEXES_MAX + ")");
        }
    }
}
