package dev.holdfast.collection;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls that read documents in order to write them: updates, upserts, deletions. */
final class DocumentEdits {
    private static final int CHUNK = 256;
    /** Every run that meets a conflict means that another commit got through. */
    private static final int RUNS_MAX = 1_000;

    private final Session session;
    private final String name;
    private final CollectionRoom room;

    DocumentEdits(Session session, String name, CollectionRoom room) {
        this.session = session;
        this.name = name;
        this.room = room;
    }

    Document upsert(Object document) {
        DocumentInput input = DocumentInput.of(document, room::newId, room.limits());
        return room.catalog().writeMaking(inTurn(input.id()), UnitKind.OPERATION, name, (tx, state) -> {
            Optional<Document> before = read(tx, state, input.id());
            return before.isPresent() ? replace(tx, state, before.get(), input) : insertMissing(tx, state, input);
        });
    }

    Document upsert(Filter where, Object document) {
        DocumentUpdate.Merge merge = DocumentUpdate.merge(document);
        DocumentQuery first = DocumentQuery.where(where).sort("id").limit(1);
        return room.catalog().writeMaking(session, UnitKind.DECISION, name, (tx, state) -> {
            Iterator<Document> found = new QueryRun(tx, room, name, first, Optional.empty());
            if (found.hasNext()) {
                Document before = found.next();
                return replace(tx, state, before, DocumentInput.updated(merge, before, room.limits()));
            }
            return insertMissing(tx, state, DocumentInput.of(merge.values(), room::newId, room.limits()));
        });
    }

    long update(Filter where, DocumentUpdate update) {
        // A function of the user's must not run where others share the commit.
        UnitKind kind = update instanceof DocumentUpdate.Apply ? UnitKind.USER : UnitKind.DECISION;
        return inChunks(
                where,
                kind,
                (batch, document) -> batch.replace(document, DocumentInput.updated(update, document, room.limits())));
    }

    long delete(Filter where) {
        return inChunks(where, UnitKind.DECISION, DocumentBatch::delete);
    }

    Optional<Document> update(String id, DocumentUpdate update, Optional<Versionstamp> expected) {
        Objects.requireNonNull(update, "update");
        if (!DocumentId.isValid(id)) {
            return Optional.empty();
        }
        if (update instanceof DocumentUpdate.Apply function) {
            return apply(id, function, expected);
        }
        return room.catalog().write(inTurn(id), UnitKind.OPERATION, name, (tx, state) -> {
            Optional<Document> before = state.flatMap(known -> read(tx, known, id));
            before.ifPresent(document -> require(document, expected));
            return before.map(document ->
                    replace(tx, state.orElseThrow(), document, DocumentInput.updated(update, document, room.limits())));
        });
    }

    /** Calls the function on what was read outside, and writes its result if nothing came between. */
    private Optional<Document> apply(String id, DocumentUpdate.Apply function, Optional<Versionstamp> expected) {
        for (int run = 0; run < RUNS_MAX; run++) {
            Optional<Document> read = session.readOne(tx -> room.documents().get(tx, name, id));
            if (read.isEmpty()) {
                return read;
            }
            require(read.get(), expected);
            DocumentInput next = DocumentInput.updated(function, read.get(), room.limits());
            Optional<Document> written = room.catalog()
                    .write(
                            session,
                            UnitKind.OPERATION,
                            name,
                            (tx, state) -> state.flatMap(known -> read(tx, known, id))
                                    .filter(now ->
                                            now.versionstamp().equals(read.get().versionstamp()))
                                    .map(now -> replace(tx, state.orElseThrow(), now, next)));
            if (written.isPresent()) {
                return written;
            }
        }
        throw new ConflictException(
                "collection.contended", "other commits kept changing the document (runs=" + RUNS_MAX + ")");
    }

    boolean delete(String id, Optional<Versionstamp> expected) {
        if (!DocumentId.isValid(id)) {
            return false;
        }
        return room.catalog().write(inTurn(id), UnitKind.OPERATION, name, (tx, state) -> {
            Optional<Document> before = state.flatMap(known -> read(tx, known, id));
            before.ifPresent(document -> {
                require(document, expected);
                DocumentBatch batch = new DocumentBatch(state.orElseThrow());
                batch.delete(document);
                room.writer().write(tx, batch, state.orElseThrow(), true);
            });
            return before.isPresent();
        });
    }

    /**
     * Does something to every document that matches, in one transaction. Documents that are read in the order of their
     * ids are written as they come: none of them can come again. In any other order a document may move to where it has
     * yet to be read, so the ids are gathered first. While others share the commit all documents are gathered, as far
     * as they may be many, so that nothing was written when they are too many.
     */
    private long inChunks(Filter where, UnitKind kind, BiConsumer<DocumentBatch, Document> edit) {
        return Allowance.orAlone(
                kind,
                UnitKind.USER,
                turn -> room.catalog()
                        .write(
                                session,
                                turn,
                                name,
                                (tx, state) -> state.isEmpty()
                                        ? 0L
                                        : inChunks(tx, state.get(), DocumentQuery.where(where), edit)));
    }

    private long inChunks(Tx tx, CollectionState state, DocumentQuery query, BiConsumer<DocumentBatch, Document> edit) {
        Allowance allowance = Allowance.in(tx);
        QueryRun run = QueryRun.spending(tx, room, name, query, allowance);
        if (allowance.isLimited()) {
            return gathered(tx, state, run, allowance, edit);
        }
        boolean any = run.hasNext();
        return any && !run.order().isById() ? byIds(tx, state, run, edit) : asTheyCome(tx, state, run, edit);
    }

    private long gathered(
            Tx tx, CollectionState state, QueryRun run, Allowance allowance, BiConsumer<DocumentBatch, Document> edit) {
        List<Document> documents = new ArrayList<>();
        run.forEachRemaining(document -> {
            allowance.spend(0, document.body().length);
            documents.add(document);
        });
        documents.sort(Comparator.comparing(Document::id, DocumentId.ORDER));
        for (int i = 0; i < documents.size(); i += CHUNK) {
            DocumentBatch batch = new DocumentBatch(state);
            documents
                    .subList(i, Math.min(documents.size(), i + CHUNK))
                    .forEach(document -> edit.accept(batch, document));
            room.writer().write(tx, batch, state, false);
        }
        return documents.size();
    }

    private long asTheyCome(Tx tx, CollectionState state, QueryRun run, BiConsumer<DocumentBatch, Document> edit) {
        long count = 0;
        while (run.hasNext()) {
            DocumentBatch batch = new DocumentBatch(state);
            while (batch.size() < CHUNK && run.hasNext()) {
                edit.accept(batch, run.next());
            }
            room.writer().write(tx, batch, state, false);
            count += batch.size();
        }
        return count;
    }

    private long byIds(Tx tx, CollectionState state, QueryRun run, BiConsumer<DocumentBatch, Document> edit) {
        List<String> ids = new ArrayList<>();
        run.forEachRemaining(document -> ids.add(document.id()));
        ids.sort(DocumentId.ORDER);
        for (int i = 0; i < ids.size(); i += CHUNK) {
            DocumentBatch batch = new DocumentBatch(state);
            List<String> chunk = ids.subList(i, Math.min(ids.size(), i + CHUNK));
            room.documents().some(tx, state, chunk).stream()
                    .flatMap(DocumentSql.Row::documents)
                    .forEach(document -> edit.accept(batch, document));
            room.writer().write(tx, batch, state, false);
        }
        return ids.size();
    }

    /** Writes documents of an export, over those with the same ids, in one transaction. */
    void restore(List<DocumentRestore> documents) {
        List<String> ids = documents.stream()
                .map(document -> document.input().id())
                .sorted(DocumentId.ORDER)
                .toList();
        room.catalog().writeMaking(session, UnitKind.OPERATION, name, (tx, state) -> {
            Map<String, Document> before = room.documents().some(tx, state, ids).stream()
                    .flatMap(DocumentSql.Row::documents)
                    .collect(Collectors.toMap(Document::id, document -> document));
            DocumentBatch batch = DocumentBatch.ofStored(state);
            for (DocumentRestore document : documents) {
                @Nullable Document old = before.get(document.input().id());
                if (old == null) {
                    batch.insert(document.input());
                } else {
                    batch.replace(old, document.input());
                }
            }
            room.writer().write(tx, batch, state, true);
            room.writes().setTimes(tx, state, documents);
            return documents;
        });
    }

    /** The session for those who meet in one document: otherwise all but one of them would have to run again. */
    private Session inTurn(String id) {
        return session.inTurn(31L * name.hashCode() + id.hashCode());
    }

    private Optional<Document> read(Tx tx, CollectionState state, String id) {
        return room.documents().some(tx, state, List.of(id)).stream()
                .flatMap(DocumentSql.Row::documents)
                .findFirst();
    }

    private Document replace(Tx tx, CollectionState state, Document before, DocumentInput after) {
        DocumentBatch batch = new DocumentBatch(state);
        batch.replace(before, after);
        long versionstamp = room.writer().write(tx, batch, state, true);
        return DocumentWriter.document(batch.replacements.getFirst(), versionstamp, tx.now());
    }

    /** Inserts a document that was looked for and is missing. */
    private Document insertMissing(Tx tx, CollectionState state, DocumentInput input) {
        DocumentBatch batch = new DocumentBatch(state);
        batch.insert(input);
        batch.insertsMissing = true;
        return DocumentWriter.document(input, room.writer().write(tx, batch, state, true), tx.now());
    }

    private void require(Document document, Optional<Versionstamp> expected) {
        if (expected.isPresent() && !document.versionstamp().equals(expected.get())) {
            throw new InvalidInputException(
                    "collection.changed",
                    "the document is not at the expected version any more (collection=" + name + ")");
        }
    }
}
