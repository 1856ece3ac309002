package dev.holdfast.collection;

import dev.holdfast.collection.QueryOrder.Position;
import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.filter.SqlCondition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Goes through the documents of a query, batch by batch, holding nothing open between two. Each batch is planned anew,
 * so indexes may come and go; the order is settled with the first. For one thread.
 */
final class QueryRun implements Iterator<Document> {
    private static final int BATCH_FIRST = 32;
    private static final int BATCH_MAX = 256;
    /** Rows of a scan cost little where the filter leaves out their bodies. */
    private static final int SCAN_FACTOR = 8;

    private static final int SCAN_BATCH = 1_000;
    private static final long BATCH_BYTES = 4 << 20;

    private final Session session;
    private final CollectionRoom room;
    private final String collection;
    private final DocumentQuery query;
    private final Predicate<JsonNode> predicate;
    private final @Nullable Allowance allowance;
    private @Nullable QueryOrder order;
    private @Nullable Position after;
    private Iterator<Document> batch = List.<Document>of().iterator();
    private boolean exhausted;
    private long left;
    private int size;

    /**
     * A run of a query.
     *
     * @param from where another run ended
     */
    QueryRun(
            Session session,
            CollectionRoom room,
            String collection,
            DocumentQuery query,
            Optional<DocumentCursor> from) {
        this(session, room, collection, query, from, null);
    }

    /** The same inside an operation that spends what the run looks at. */
    static QueryRun spending(Tx tx, CollectionRoom room, String collection, DocumentQuery query, Allowance allowance) {
        return new QueryRun(tx, room, collection, query, Optional.empty(), allowance);
    }

    private QueryRun(
            Session session,
            CollectionRoom room,
            String collection,
            DocumentQuery query,
            Optional<DocumentCursor> from,
            @Nullable Allowance allowance) {
        this.allowance = allowance;
        this.session = session;
        this.room = room;
        this.collection = collection;
        this.query = query;
        this.predicate = query.isEverything() ? any -> true : query.predicate();
        this.left = query.limit() > 0 ? query.limit() : Long.MAX_VALUE;
        this.size = (int) Math.min(left, BATCH_FIRST);
        from.ifPresent(cursor -> {
            order = cursor.requireFor(query, new QueryPlanner(query, Optional.empty()).asked())
                    .order();
            after = cursor.last();
        });
    }

    /** The order in which the documents come; settled once {@link #hasNext} was asked. */
    QueryOrder order() {
        return order == null ? new QueryPlanner(query, Optional.empty()).asked() : order;
    }

    /** Where to go on behind a document. */
    DocumentCursor cursor(Document last) {
        return new DocumentCursor(order(), order().position(last));
    }

    @Override
    public boolean hasNext() {
        while (left > 0 && !batch.hasNext() && !exhausted) {
            batch = nextBatch().iterator();
        }
        return left > 0 && batch.hasNext();
    }

    @Override
    public Document next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        left--;
        return batch.next();
    }

    /** The next matching documents; may be none though more follow. */
    private List<Document> nextBatch() {
        List<Document> documents = new ArrayList<>();
        @Nullable QueryOrder settled = order;
        boolean sort = room.catalog().read(session, collection, (tx, state) -> {
            // What an attempt with an outdated state made of it is forgotten.
            documents.clear();
            order = settled;
            if (state.isEmpty()) {
                exhausted = true;
                return false;
            }
            QueryPlan plan = plan(state.get());
            if (!plan.order().equals(order())) {
                room.catalog().requireCurrent(tx, state.get());
                return true;
            }
            documents.addAll(inOrder(tx, state.get(), plan));
            return false;
        });
        return sort ? room.catalog().readWhole(session, collection, this::sorted) : documents;
    }

    private QueryPlan plan(CollectionState state) {
        QueryPlanner planner = new QueryPlanner(query, Optional.ofNullable(order));
        boolean free = order == null && query.sort().isEmpty();
        QueryPlan plan = planner.plan(state.indexes(), free);
        if (order == null) {
            order = free ? plan.order() : planner.asked();
        }
        return plan;
    }

    private List<Document> inOrder(Tx tx, CollectionState state, QueryPlan plan) {
        SqlCondition condition = condition(plan);
        int rows = condition.isAlwaysTrue() ? size : Math.min(SCAN_BATCH, size * SCAN_FACTOR);
        QueryBatch read = QueryBatch.read(room.documents(), tx, state, plan, condition, after, rows);
        if (allowance != null) {
            allowance.spend(read.examined(), 0);
        }
        List<Document> matching = read.documents().stream()
                .filter(document -> predicate.test(document.json()))
                .toList();
        after = read.last() == null ? after : read.last();
        exhausted = read.exhausted();
        grow(read.documents());
        return matching;
    }

    private SqlCondition condition(QueryPlan plan) {
        return plan instanceof QueryPlan.Scan ? room.condition(query.where()) : CollectionRoom.NO_CONDITION;
    }

    /** Few documents first, as few may be wanted; then more, as long as they are small. */
    private void grow(List<Document> read) {
        long bytes = 1;
        for (Document document : read) {
            bytes += document.body().length;
        }
        long fit = BATCH_BYTES * Math.max(1, read.size()) / bytes;
        size = Math.clamp(Math.min(size * 2L, fit), 1, BATCH_MAX);
    }

    /** All that is left of the query, for a plan that has another order. */
    private List<Document> sorted(Tx tx, Optional<CollectionState> state) {
        exhausted = true;
        if (state.isEmpty()) {
            return List.of();
        }
        QueryPlan plan = plan(state.get());
        SortBuffer buffer = new SortBuffer(order(), query.limit() > 0 ? left : 0, room.limits());
        SqlCondition condition = condition(plan);
        var comparator = order().comparator();
        @Nullable Position place = null;
        boolean done = false;
        while (!done) {
            QueryBatch read = QueryBatch.read(room.documents(), tx, state.get(), plan, condition, place, BATCH_MAX);
            for (Document document : read.documents()) {
                if (predicate.test(document.json())
                        && (after == null || comparator.compare(order().position(document), after) > 0)) {
                    buffer.add(document);
                }
            }
            place = read.last();
            done = read.exhausted() || place == null;
        }
        return buffer.sorted();
    }
}
