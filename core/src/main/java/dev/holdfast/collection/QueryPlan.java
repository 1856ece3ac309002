package dev.holdfast.collection;

import dev.holdfast.collection.DocumentSql.ByteRange;
import dev.holdfast.collection.DocumentSql.IdRange;
import java.util.List;

/**
 * How the candidates of a query are found. Every matching document is among them; whether a candidate matches is always
 * decided by the filter itself.
 */
sealed interface QueryPlan {
    /** The order in which the candidates come. */
    QueryOrder order();

    /** The plan in words. */
    default String explain() {
        return switch (this) {
            case ByIds(List<String> wanted) -> wanted.size() + " ids";
            case Scan(IdRange range, boolean reverse) ->
                range.equals(IdRange.ALL) ? "every document" : "every document in a range of ids";
            case Entries entries ->
                "index " + entries.index.definition().name() + ", " + entries.ranges.size() + " ranges";
        };
    }

    /** These documents, in the order of their ids. */
    record ByIds(List<String> ids) implements QueryPlan {
        public ByIds {
            ids = List.copyOf(ids);
        }

        @Override
        public QueryOrder order() {
            return QueryOrder.byId();
        }
    }

    /** All documents with ids in a range, in the order of their ids or against it. */
    record Scan(IdRange range, boolean reverse) implements QueryPlan {
        @Override
        public QueryOrder order() {
            return new QueryOrder(List.of(), reverse);
        }
    }

    /**
     * What an index holds in some ranges, in its order or against it.
     *
     * @param ranges ascending, apart from each other
     * @param given the bytes that all entries in the ranges begin with: the fields that are given by equality
     * @param order of the fields behind those
     */
    record Entries(StoredIndex index, List<ByteRange> ranges, byte[] given, QueryOrder order) implements QueryPlan {
        public Entries {
            ranges = List.copyOf(ranges);
        }

        boolean reverse() {
            return order.idDescending();
        }
    }
}
