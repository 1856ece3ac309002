package dev.holdfast.collection;

import dev.holdfast.collection.DocumentSql.ByteRange;
import dev.holdfast.collection.DocumentSql.EntryPage;
import dev.holdfast.collection.DocumentSql.IdRange;
import dev.holdfast.collection.DocumentSql.Row;
import dev.holdfast.collection.QueryOrder.Position;
import dev.holdfast.engine.Tx;
import dev.holdfast.filter.SqlCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some candidates of a query, in the order of its plan.
 *
 * @param documents those that can match
 * @param last the place to go on behind; none when the batch was empty
 * @param exhausted whether nothing comes behind it
 * @param examined how many were looked at, those that cannot match included
 */
record QueryBatch(List<Document> documents, @Nullable Position last, boolean exhausted, int examined) {
    private static final int RANGES_AT_ONCE = 64;
    private static final byte[][] NO_KEYS = {};

    /**
     * Reads the next candidates.
     *
     * @param condition holds for every document that matches
     * @param after where the batch before ended
     * @param size rows at most
     */
    static QueryBatch read(
            DocumentSql sql,
            Tx tx,
            CollectionState state,
            QueryPlan plan,
            SqlCondition condition,
            @Nullable Position after,
            int size) {
        return switch (plan) {
            case QueryPlan.ByIds(List<String> ids) -> byIds(sql, tx, state, ids, after, size);
            case QueryPlan.Scan scan -> scan(sql, tx, state, scan, condition, after, size);
            case QueryPlan.Entries entries -> entries(sql, tx, state, entries, after, size);
        };
    }

    private static QueryBatch byIds(
            DocumentSql sql, Tx tx, CollectionState state, List<String> ids, @Nullable Position after, int size) {
        List<String> wanted = ids.stream()
                .filter(id -> after == null || DocumentId.ORDER.compare(id, after.id()) > 0)
                .limit(size)
                .toList();
        if (wanted.isEmpty()) {
            return new QueryBatch(List.of(), null, true, 0);
        }
        List<Row> rows = sql.first(tx, state, wanted);
        String last = DocumentSql.isCut(rows) ? rows.getLast().id() : wanted.getLast();
        return new QueryBatch(
                rows.stream().flatMap(Row::documents).toList(),
                new Position(NO_KEYS, last),
                last.equals(ids.getLast()),
                rows.size());
    }

    private static QueryBatch scan(
            DocumentSql sql,
            Tx tx,
            CollectionState state,
            QueryPlan.Scan scan,
            SqlCondition condition,
            @Nullable Position after,
            int size) {
        IdRange range = scan.range();
        if (after != null) {
            range = scan.reverse()
                    ? new IdRange(range.from(), after.id())
                    : new IdRange(DocumentId.after(after.id()), range.until());
        }
        if (range.isEmpty()) {
            return new QueryBatch(List.of(), null, true, 0);
        }
        List<Row> rows = sql.scan(tx, state, range, scan.reverse(), condition, size);
        return new QueryBatch(
                rows.stream().flatMap(Row::documents).toList(),
                rows.isEmpty() ? null : new Position(NO_KEYS, rows.getLast().id()),
                rows.size() < size && !DocumentSql.isCut(rows),
                rows.size());
    }

    private static QueryBatch entries(
            DocumentSql sql, Tx tx, CollectionState state, QueryPlan.Entries plan, @Nullable Position after, int size) {
        byte @Nullable [] place = after == null ? null : IndexBytes.concat(plan.given(), after.joined());
        List<ByteRange> rest = rest(plan, place);
        List<Row> rows = new ArrayList<>();
        int atOnce = sql.manyRangesAtOnce() ? RANGES_AT_ONCE : 1;
        for (int i = 0; i < rest.size() && rows.size() < size && !DocumentSql.isCut(rows); i += atOnce) {
            List<ByteRange> part = rest.subList(i, Math.min(rest.size(), i + atOnce));
            byte[] value = place;
            String id = after == null ? "" : after.id();
            if (value == null || !contains(part.getFirst(), value)) {
                value = plan.reverse()
                        ? part.getFirst().past()
                        : part.getFirst().first();
                id = "";
            }
            EntryPage page = new EntryPage(plan.index().number(), part, plan.reverse(), value, id, size - rows.size());
            rows.addAll(part.size() == 1 ? sql.entries(tx, state, page) : sql.manyEntries(tx, state, page));
        }
        List<Document> documents = rows.stream().flatMap(Row::documents).toList();
        return new QueryBatch(
                documents,
                documents.isEmpty() ? null : plan.order().position(documents.getLast()),
                rows.size() < size && !DocumentSql.isCut(rows),
                rows.size());
    }

    /** The ranges that are not wholly read, in the direction of the plan. */
    private static List<ByteRange> rest(QueryPlan.Entries plan, byte @Nullable [] place) {
        List<ByteRange> ranges = plan.reverse() ? plan.ranges().reversed() : plan.ranges();
        if (place == null) {
            return ranges;
        }
        return ranges.stream()
                .filter(range -> plan.reverse()
                        ? Arrays.compareUnsigned(range.first(), place) <= 0
                        : Arrays.compareUnsigned(range.past(), place) > 0)
                .toList();
    }

    private static boolean contains(ByteRange range, byte[] value) {
        return Arrays.compareUnsigned(range.first(), value) <= 0 && Arrays.compareUnsigned(value, range.past()) < 0;
    }
}
