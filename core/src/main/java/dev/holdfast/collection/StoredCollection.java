package dev.holdfast.collection;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Change;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The room over a session: decisions, no SQL. */
final class StoredCollection implements Collection {
    private static final int PAGE_MAX = 1_000;
    private static final long PAGE_BYTES_MAX = 16 << 20;
    private static final byte[] WHOLE_COLLECTION = {};

    private final Session session;
    private final String name;
    private final CollectionRoom room;
    private final DocumentEdits edits;

    StoredCollection(Session session, String name, CollectionRoom room) {
        this.session = session;
        this.name = name;
        this.room = room;
        this.edits = new DocumentEdits(session, name, room);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Document insert(Object document) {
        DocumentInput input = DocumentInput.of(document, room::newId, room.limits());
        Optional<Document> plain = room.catalog()
                .writeOne(
                        session,
                        name,
                        DocumentWriter::isPlain,
                        (tx, state) -> tx.single()
                                ? room.writer().insertPlain(tx, state, input)
                                : insert(tx, state, List.of(input)).getFirst());
        return plain.orElseGet(() -> insert(List.of(input)).getFirst());
    }

    @Override
    public List<Document> insertMany(List<?> documents) {
        room.limits().requireBatch(documents.size());
        List<DocumentInput> inputs = new ArrayList<>();
        documents.forEach(document -> inputs.add(DocumentInput.of(document, room::newId, room.limits())));
        return inputs.isEmpty() ? List.of() : insert(inputs);
    }

    private List<Document> insert(List<DocumentInput> inputs) {
        return room.catalog().writeMaking(session, UnitKind.OPERATION, name, (tx, state) -> insert(tx, state, inputs));
    }

    private List<Document> insert(Tx tx, CollectionState state, List<DocumentInput> inputs) {
        DocumentBatch batch = new DocumentBatch(state);
        inputs.forEach(batch::insert);
        long versionstamp = room.writer().write(tx, batch, state, true);
        return inputs.stream()
                .map(input -> DocumentWriter.document(input, versionstamp, tx.now()))
                .toList();
    }

    @Override
    public Document upsert(Object document) {
        return edits.upsert(document);
    }

    @Override
    public Document upsert(Filter where, Object document) {
        return edits.upsert(where, document);
    }

    @Override
    public Optional<Document> get(String id) {
        Objects.requireNonNull(id, "id");
        return DocumentId.isValid(id) ? session.readOne(tx -> room.documents().get(tx, name, id)) : Optional.empty();
    }

    @Override
    public Stream<Document> stream(DocumentQuery query) {
        QueryRun run = new QueryRun(session, room, name, query, Optional.empty());
        Iterable<Document> once = () -> run;
        return StreamSupport.stream(once.spliterator(), false).map(query.projection()::apply);
    }

    @Override
    public DocumentPage page(DocumentQuery query, Optional<String> cursor, int size) {
        if (size < 1 || size > PAGE_MAX) {
            throw new InvalidInputException(
                    "collection.page_size", "a page has 1 to " + PAGE_MAX + " documents (size=" + size + ")");
        }
        QueryRun run = new QueryRun(session, room, name, query.limit(size + 1L), cursor.map(DocumentCursor::parse));
        List<Document> documents = new ArrayList<>();
        DocumentPage.End end = DocumentPage.End.EXHAUSTED;
        long bytes = 0;
        while (end == DocumentPage.End.EXHAUSTED && run.hasNext()) {
            if (documents.size() == size) {
                end = DocumentPage.End.COUNT;
            } else if (bytes > PAGE_BYTES_MAX) {
                end = DocumentPage.End.BYTES;
            } else {
                Document document = run.next();
                bytes += document.body().length;
                documents.add(document);
            }
        }
        Optional<String> next = end == DocumentPage.End.EXHAUSTED
                ? Optional.empty()
                : Optional.of(run.cursor(documents.getLast()).text());
        return new DocumentPage(
                documents.stream().map(query.projection()::apply).toList(), next, end);
    }

    @Override
    public long count() {
        return session.scanOne(tx -> room.documents().count(tx, name));
    }

    @Override
    public long count(Filter where) {
        if (where.equals(Filter.all())) {
            return count();
        }
        Iterator<Document> run = new QueryRun(session, room, name, DocumentQuery.where(where), Optional.empty());
        long count = 0;
        while (run.hasNext()) {
            run.next();
            count++;
        }
        return count;
    }

    @Override
    public String explain(DocumentQuery query) {
        QueryPlanner planner = new QueryPlanner(query, Optional.empty());
        boolean free = query.sort().isEmpty();
        QueryPlan plan = planner.plan(storedIndexes(), free);
        return plan.explain() + (free || plan.order().equals(planner.asked()) ? "" : ", then sorted in memory");
    }

    @Override
    public long update(Filter where, DocumentUpdate update) {
        return edits.update(where, update);
    }

    @Override
    public Optional<Document> update(String id, DocumentUpdate update) {
        return edits.update(id, update, Optional.empty());
    }

    @Override
    public Optional<Document> update(String id, DocumentUpdate update, Versionstamp expected) {
        return edits.update(id, update, Optional.of(expected));
    }

    @Override
    public long delete(Filter where) {
        return edits.delete(where);
    }

    @Override
    public boolean delete(String id) {
        return edits.delete(id, Optional.empty());
    }

    @Override
    public boolean delete(String id, Versionstamp expected) {
        return edits.delete(id, Optional.of(expected));
    }

    @Override
    public boolean drop() {
        return Allowance.orAlone(
                UnitKind.OPERATION,
                UnitKind.ALONE,
                kind -> session.write(
                        kind,
                        tx -> room.catalog().change(tx, name, found -> {
                            found.ifPresent(state -> {
                                search().dropped(tx, state);
                                room.catalog().drop(tx, state);
                                tx.changed(CollectionRoom.NAME, state.scope(), WHOLE_COLLECTION, Change.Kind.DELETE);
                                tx.afterCommit(() -> room.builder().sweep(tx.namespace()));
                            });
                            return found.isPresent();
                        })));
    }

    @Override
    public void createIndex(DocumentIndex index) {
        room.builder().create(session, name, index);
    }

    @Override
    public List<IndexInfo> indexes() {
        return storedIndexes().stream()
                .map(index -> new IndexInfo(index.definition(), index.isComplete()))
                .toList();
    }

    private List<StoredIndex> storedIndexes() {
        return session.read(tx -> room.catalog().find(tx, name))
                .map(CollectionState::indexes)
                .orElse(List.of());
    }

    @Override
    public boolean dropIndex(String index) {
        return room.builder().drop(session, name, index);
    }

    @Override
    public CollectionOptions options() {
        return session.read(tx -> room.catalog().find(tx, name))
                .map(CollectionState::options)
                .orElseGet(CollectionOptions::defaults);
    }

    @Override
    public void options(CollectionOptions options) {
        options.schema().ifPresent(DocumentSchema::of);
        session.write(UnitKind.OPERATION, tx -> {
            room.catalog().require(tx, name);
            return room.catalog().change(tx, name, state -> {
                boolean text = state.orElseThrow().text().isPresent();
                room.catalog().setOptions(tx, name, options, text);
                return state;
            });
        });
    }

    @Override
    public CollectionSearch search() {
        return new CollectionSearch(session, name, room);
    }

    @Override
    public CollectionWatch watch(CollectionWatchOptions options, Consumer<CollectionWatch.Event> listener) {
        return new CollectionWatch(
                session,
                name,
                room,
                Objects.requireNonNull(options, "options"),
                Objects.requireNonNull(listener, "listener"));
    }
}
