package dev.holdfast.collection;

import dev.holdfast.collection.DocumentSql.IdRange;
import dev.holdfast.filter.FieldConstraint;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.filter.Operand;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how the candidates of a query are found: by their ids, through one index, or by looking at every document.
 * The choice depends on the query and the declared indexes alone, so it is the same on every engine.
 *
 * <p>Plans are compared by the share of the collection that they are guessed to read. The guesses are crude and only
 * have to rank: an equality beats a range, a range beats an open one, and a plan that gives the order beats one that
 * has to sort, above all where sorting could meet a limit.
 */
final class QueryPlanner {
    private static final FieldPath ID = FieldPath.of(DocumentId.FIELD);
    private static final double EQUALITY = 0.01;
    private static final double UNIQUE = 0.000_001;
    private static final double BETWEEN = 0.1;
    private static final double OPEN = 0.3;
    /** A plan in order stops at the limit. */
    private static final double STOPS_EARLY = 0.1;
    /** Reading through an index costs more for each document than reading all of them. */
    private static final double DETOUR = 1.5;
    /** Sorting everything may meet a limit that an order by index does not have. */
    private static final double SORTS_EVERYTHING = 10;

    private final DocumentQuery query;
    private final Map<FieldPath, FieldConstraint> constraints = new HashMap<>();
    private final Map<FieldPath, FieldConstraint> elements = new HashMap<>();
    private final QueryOrder asked;

    /**
     * A planner of a query.
     *
     * @param order what a cursor says, instead of the sort of the query
     */
    QueryPlanner(DocumentQuery query, Optional<QueryOrder> order) {
        this.query = query;
        query.where().constraints().forEach(constraint -> constraints.put(constraint.path(), constraint));
        query.elements()
                .forEach(element -> elements.putIfAbsent(
                        element.path(), new FieldConstraint.OneOf(element.path(), List.of(element.value()))));
        this.asked = order.orElseGet(() -> QueryOrder.of(query.sort(), constants()));
    }

    /** The order that the query asks for. */
    QueryOrder asked() {
        return asked;
    }

    /**
     * The plan.
     *
     * @param free whether the order is the plan's to choose
     */
    QueryPlan plan(List<StoredIndex> indexes, boolean free) {
        Candidate best = byId(free);
        for (StoredIndex index : indexes) {
            if (index.isComplete()) {
                @Nullable Candidate next = index.definition().multi() ? byElement(index, free) : byIndex(index, free);
                best = next != null && next.cost < best.cost ? next : best;
            }
        }
        return best.plan;
    }

    /** The fields that have one value in every document that matches. */
    private Set<FieldPath> constants() {
        Set<FieldPath> constant = new HashSet<>();
        constraints.forEach((path, constraint) -> {
            if (constraint instanceof FieldConstraint.OneOf(FieldPath p, List<Operand> values) && values.size() == 1) {
                constant.add(path);
            }
        });
        return constant;
    }

    private Candidate byId(boolean free) {
        @Nullable FieldConstraint onId = constraints.get(ID);
        if (onId instanceof FieldConstraint.OneOf(FieldPath path, List<Operand> values)) {
            return new Candidate(new QueryPlan.ByIds(ids(values)), 0);
        }
        boolean reverse = !free && asked.isById() && asked.idDescending();
        QueryPlan.Scan scan = new QueryPlan.Scan(onId == null ? IdRange.ALL : range(onId), reverse);
        double share = onId == null ? 1 : BETWEEN;
        return new Candidate(scan, cost(share, free || asked.isById()));
    }

    private static List<String> ids(List<Operand> values) {
        return values.stream()
                .flatMap(value -> value instanceof Operand.Text(String text) ? Stream.of(text) : Stream.empty())
                .filter(DocumentId::isValid)
                .distinct()
                .sorted(DocumentId.ORDER)
                .toList();
    }

    private static IdRange range(FieldConstraint constraint) {
        return switch (constraint) {
            case FieldConstraint.OneOf one -> IdRange.ALL;
            case FieldConstraint.Prefix(FieldPath path, String text) ->
                isText(text) ? new IdRange(text, DocumentId.afterPrefix(text)) : IdRange.ALL;
            case FieldConstraint.Range range -> {
                if (range.low().or(range::high).orElseThrow() instanceof Operand.Num) {
                    yield new IdRange(DocumentId.FIRST, DocumentId.FIRST); // ids are text
                }
                yield new IdRange(
                        text(range.low()).orElse(DocumentId.FIRST),
                        text(range.high()).map(DocumentId::after).orElse(DocumentId.LAST));
            }
        };
    }

    /** A bound that the databases can hold; another is left out, and the filter decides. */
    private static Optional<String> text(Optional<Operand> bound) {
        return bound.filter(operand -> operand instanceof Operand.Text(String text) && isText(text))
                .map(operand -> ((Operand.Text) operand).value());
    }

    private static boolean isText(String text) {
        return text.isEmpty() || DocumentId.isValid(text);
    }

    private @Nullable Candidate byElement(StoredIndex index, boolean free) {
        FieldPath path = index.definition().paths().getFirst();
        if (!elements.containsKey(path)) {
            return null;
        }
        boolean gives = !free && asked.isById();
        IndexRanges ranges = IndexRanges.of(index, elements);
        QueryPlan plan =
                new QueryPlan.Entries(index, ranges.ranges(), ranges.given(), gives ? asked : QueryOrder.byId());
        return new Candidate(plan, cost(EQUALITY * DETOUR, free || gives));
    }

    private @Nullable Candidate byIndex(StoredIndex index, boolean free) {
        IndexRanges ranges = IndexRanges.of(index, constraints);
        List<FieldPath> paths = index.definition().paths();
        QueryOrder natural = QueryOrder.ascending(paths.subList(ranges.fixed(), paths.size()));
        boolean gives = !free && natural.paths().equals(asked.paths()) && asked.isOneWay();
        if (!ranges.isBounded() && (free || !gives)) {
            return null;
        }
        QueryPlan plan = new QueryPlan.Entries(index, ranges.ranges(), ranges.given(), gives ? asked : natural);
        return new Candidate(plan, cost(share(index, ranges) * DETOUR, free || gives));
    }

    private static double share(StoredIndex index, IndexRanges ranges) {
        int equal = ranges.fixed() + ranges.listed();
        if (index.definition().unique() && equal == index.definition().paths().size()) {
            return UNIQUE * ranges.ranges().size();
        }
        double share = Math.min(
                1, Math.pow(EQUALITY, equal) * Math.max(1, ranges.ranges().size()));
        return switch (ranges.bounds()) {
            case 0 -> share;
            case 1 -> share * OPEN;
            default -> share * BETWEEN;
        };
    }

    private double cost(double share, boolean inOrder) {
        if (inOrder) {
            return query.limit() > 0 ? share * STOPS_EARLY : share;
        }
        return query.limit() > 0 ? share : share * SORTS_EVERYTHING;
    }

    /** A plan and the share of the collection it is guessed to read. */
    private record Candidate(QueryPlan plan, double cost) {}
}
