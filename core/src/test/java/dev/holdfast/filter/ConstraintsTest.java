package dev.holdfast.filter;

import static dev.holdfast.filter.Filter.where;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConstraintsTest {
    private static final FieldPath A = FieldPath.of("a");

    @Test
    void tellsWhatAnIndexCanAnswer() {
        assertThat(where("a").eq("x").constraints()).containsExactly(oneOf("x"));
        assertThat(where("a").in("x", "y").constraints()).containsExactly(oneOf("x", "y"));
        assertThat(where("a").startsWith("x").constraints()).containsExactly(new FieldConstraint.Prefix(A, "x"));
        assertThat(where("a").gt(1).constraints()).containsExactly(range(Optional.of(1), Optional.empty()));
        assertThat(where("a").lte(1).constraints()).containsExactly(range(Optional.empty(), Optional.of(1)));
        assertThat(where("a").between(1, 2).constraints()).containsExactly(range(Optional.of(1), Optional.of(2)));
    }

    @Test
    void keepsTheOrderOfThePaths() {
        Filter filter = where("b").eq(1).and(where("a").gt(2)).and(where("b").gt(0));

        assertThat(filter.constraints()).extracting(FieldConstraint::path).containsExactly(FieldPath.of("b"), A);
    }

    @Test
    void tellsNothingForWhatMayBeOtherwise() {
        Stream<Filter> filters = Stream.of(
                Filter.all(),
                where("a").eq(1).or(where("b").eq(1)),
                where("a").eq(1).not(),
                where("a").ne(1),
                where("a").notIn(1, 2),
                where("a").isNull(),
                where("a").isNotEmpty(),
                where("a").in(Arrays.asList("x", null)),
                where("a").contains("x"),
                where("a").endsWith("x"),
                where("a").startsWith(""),
                where("a").startsWithIgnoreCase("x"));

        assertThat(filters)
                .allSatisfy(filter -> assertThat(filter.constraints()).isEmpty());
    }

    @Test
    void keepsTheNarrowestOfAPath() {
        Filter list = where("a").in("x", "y");
        Filter prefix = where("a").startsWith("x");
        Filter range = where("a").gt("w");

        assertThat(range.and(prefix).and(list).constraints()).containsExactly(oneOf("x", "y"));
        assertThat(list.and(range).and(where("a").eq("y")).constraints()).containsExactly(oneOf("y"));
        assertThat(range.and(prefix).constraints()).isEqualTo(prefix.constraints());
        assertThat(prefix.and(range).constraints()).isEqualTo(prefix.constraints());
        assertThat(prefix.and(where("a").startsWith("xyz")).constraints())
                .containsExactly(new FieldConstraint.Prefix(A, "xyz"));
        assertThat(prefix.and(where("a").startsWith("")).constraints()).isEqualTo(prefix.constraints());
    }

    @Test
    void cutsRangesOfOneType() {
        Filter filter = where("a")
                .gt(1)
                .and(where("a").lt(9))
                .and(where("a").gte(3))
                .and(where("a").lte(100));

        assertThat(filter.constraints()).containsExactly(range(Optional.of(3), Optional.of(9)));
        assertThat(where("a").gt("b").and(where("a").gt("a")).constraints())
                .containsExactly(range(Optional.of("b"), Optional.empty()));
        assertThat(where("a").gt(1).and(where("a").lt("x")).constraints())
                .containsExactly(range(Optional.of(1), Optional.empty()));
    }

    @Test
    void aListWithoutValuesIsAConstraintThatNothingSatisfies() {
        assertThat(where("a").in(List.of()).constraints()).containsExactly(oneOf());
    }

    private static FieldConstraint oneOf(Object... values) {
        return new FieldConstraint.OneOf(A, Stream.of(values).map(Operand::of).toList());
    }

    private static FieldConstraint range(Optional<Object> low, Optional<Object> high) {
        return new FieldConstraint.Range(A, low.map(Operand::of), high.map(Operand::of));
    }
}
