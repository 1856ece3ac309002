package dev.holdfast.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryPlannerTest {
    private final List<StoredIndex> indexes = new ArrayList<>();

    @Test
    void readsEverythingWithoutAnIndex() {
        assertThat(plan(DocumentQuery.where(Filter.where("a").eq(1)))).isEqualTo("every document");
        assertThat(plan(DocumentQuery.all())).isEqualTo("every document");
    }

    @Test
    void readsIdsByTheirKey() {
        index("i", "id", "a");

        assertThat(plan(where("id", "x").and(Filter.where("a").eq(1)))).isEqualTo("1 ids");
        assertThat(plan(DocumentQuery.where(Filter.where("id").in("x", "y", "", "\u0000", "x"))))
                .isEqualTo("2 ids");
        assertThat(plan(DocumentQuery.where(Filter.where("id").startsWith("x"))))
                .isEqualTo("every document in a range of ids");
        assertThat(plan(DocumentQuery.where(Filter.where("id").gte("x")).sort("-id")))
                .isEqualTo("every document in a range of ids");
        assertThat(plan(DocumentQuery.where(Filter.where("id").gte(5)))).isEqualTo("every document in a range of ids");
    }

    @Test
    void takesTheIndexWithTheMostEqualFields() {
        index("one", "a");
        index("two", "a", "b");
        index("other", "c");

        assertThat(plan(where("a", "x"))).isEqualTo("index one, 1 ranges");
        assertThat(plan(where("a", "x").and(Filter.where("b").eq(1)))).isEqualTo("index two, 1 ranges");
        assertThat(plan(where("a", "x").and(Filter.where("b").in(1, 2, 3)))).isEqualTo("index two, 3 ranges");
    }

    @Test
    void prefersAUniqueIndex() {
        index("a_and_b", "a", "b");
        indexes.add(stored(DocumentIndex.on("unique_c", "c").asUnique()));

        assertThat(plan(where("a", "x")
                        .and(Filter.where("b").eq(1))
                        .and(Filter.where("c").eq(1))))
                .isEqualTo("index unique_c, 1 ranges");
    }

    @Test
    void takesARangeOverAnOpenOneAndBothOverEverything() {
        index("open", "a");
        index("between", "b");

        DocumentQuery open = DocumentQuery.where(Filter.where("a").gt(1));
        assertThat(plan(open)).isEqualTo("index open, 1 ranges");
        assertThat(plan(open.and(Filter.where("b").between(1, 5)))).isEqualTo("index between, 1 ranges");
        assertThat(plan(open.and(Filter.where("b").startsWith("x")))).isEqualTo("index between, 1 ranges");
    }

    @Test
    void doesNotUseAnIndexForWhatItCannotAnswer() {
        index("i", "a", "b");

        assertThat(plan(DocumentQuery.where(Filter.where("b").eq(1)))).isEqualTo("every document");
        assertThat(plan(DocumentQuery.where(Filter.where("a").isNull()))).isEqualTo("every document");
        assertThat(plan(DocumentQuery.where(Filter.where("a").ne(1)))).isEqualTo("every document");
        assertThat(plan(DocumentQuery.where(
                        Filter.where("a").eq(1).or(Filter.where("c").eq(1)))))
                .isEqualTo("every document");
    }

    @Test
    void doesNotUseAnIndexThatIsBeingBuilt() {
        indexes.add(new StoredIndex(1, DocumentIndex.on("i", "a"), StoredIndex.State.BUILDING, ""));

        assertThat(plan(where("a", "x"))).isEqualTo("every document");
    }

    @Test
    void anIndexGivesTheOrderOfTheFieldsBehindTheEqualOnes() {
        index("i", "a", "b", "c");

        assertSorted(where("a", "x").sort("b", "c"), true);
        assertSorted(where("a", "x").sort("-b", "-c"), true);
        assertSorted(where("a", "x").sort("a", "b", "c"), true);
        assertSorted(DocumentQuery.all().sort("a", "b", "c"), true);
        assertSorted(DocumentQuery.where(Filter.where("a").gt(1)).sort("-a", "-b", "-c"), true);
        assertSorted(where("a", "x").sort("b"), false);
        assertSorted(where("a", "x").sort("b", "-c"), false);
        assertSorted(where("a", "x").sort("c", "b"), false);
    }

    @Test
    void whatIsEqualInAllDocumentsNeedsNoSorting() {
        index("i", "a");

        assertSorted(where("a", "x").sort("a"), true);
        assertSorted(where("a", "x").sort("-a"), true);
        assertSorted(where("a", "x").sort("a", "id", "b"), true);
        assertSorted(where("a", "x").sort("b"), false);
    }

    @Test
    void theOrderOfIdsNeedsNoIndex() {
        assertSorted(DocumentQuery.all().sort("id"), true);
        assertSorted(DocumentQuery.all().sort("-id", "a"), true);
    }

    @Test
    void anIndexThatGivesTheOrderBeatsSortingEverything() {
        index("filtered", "a");
        index("sorted", "b");

        DocumentQuery open = DocumentQuery.where(Filter.where("a").gt(1)).sort("b");
        assertThat(plan(open)).isEqualTo("index sorted, 1 ranges");
        assertThat(plan(open.limit(10))).isEqualTo("index sorted, 1 ranges");
        assertThat(plan(where("a", "x").sort("b").limit(10))).isEqualTo("index filtered, 1 ranges");
    }

    @Test
    void usesFewerFieldsWhenThereWouldBeTooManyRanges() {
        index("i", "a", "b", "c");
        String[] words =
                java.util.stream.IntStream.range(0, 40).mapToObj(i -> "w" + i).toArray(String[]::new);

        DocumentQuery query = DocumentQuery.where(Filter.where("a").in(words))
                .and(Filter.where("b").in(words));

        assertThat(plan(query)).isEqualTo("index i, 40 ranges");
    }

    @Test
    void anEmptyListNeedsNothing() {
        index("i", "a");

        assertThat(plan(DocumentQuery.where(Filter.where("a").in(new String[0]))))
                .isEqualTo("index i, 0 ranges");
    }

    private void index(String name, String... paths) {
        indexes.add(stored(DocumentIndex.on(name, paths)));
    }

    private StoredIndex stored(DocumentIndex definition) {
        return new StoredIndex(indexes.size() + 1, definition, StoredIndex.State.COMPLETE, "");
    }

    private static DocumentQuery where(String path, String value) {
        return DocumentQuery.where(Filter.where(path).eq(value));
    }

    private String plan(DocumentQuery query) {
        return new QueryPlanner(query, Optional.empty())
                .plan(indexes, query.sort().isEmpty())
                .explain();
    }

    private void assertSorted(DocumentQuery query, boolean byPlan) {
        QueryPlanner planner = new QueryPlanner(query, Optional.empty());
        QueryPlan plan = planner.plan(indexes, false);
        assertThat(plan.order().equals(planner.asked())).as(plan.explain()).isEqualTo(byPlan);
    }
}
