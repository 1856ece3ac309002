package dev.holdfast.filter;

import static dev.holdfast.filter.Filter.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;

/** Filters as they are built, combined and written. */
class FilterTest {
    private static final Filter A = where("a").eq(1);
    private static final Filter B = where("b").eq(2);
    private static final Filter C = where("c").eq(3);

    @Test
    void readsLikeTheConditionItIs() {
        Filter filter = where("age")
                .gt(18)
                .and(where("name").startsWith("A"))
                .and(where("tags[0]").in("x", "y"));

        assertThat(filter.matches(Json.parse("{\"age\":30,\"name\":\"Ann\",\"tags\":[\"y\"]}")))
                .isTrue();
        assertThat(filter.matches(Json.parse("{\"age\":18,\"name\":\"Ann\",\"tags\":[\"y\"]}")))
                .isFalse();
        assertThat(filter.matches(Json.parse("{\"age\":30,\"name\":\"Bob\",\"tags\":[\"y\"]}")))
                .isFalse();
        assertThat(filter.matches(Json.parse("{\"age\":30,\"name\":\"Ann\",\"tags\":[]}")))
                .isFalse();
    }

    @Test
    void joinsWhatIsJoinedAlready() {
        assertThat(A.and(B).and(C)).isEqualTo(A.and(B.and(C))).isEqualTo(new Filter.And(List.of(A, B, C)));
        assertThat(A.or(B).or(C)).isEqualTo(A.or(B.or(C))).isEqualTo(new Filter.Or(List.of(A, B, C)));
        assertThat(A.and(B).or(C)).isEqualTo(new Filter.Or(List.of(new Filter.And(List.of(A, B)), C)));
        assertThat(A.and(Filter.all())).isEqualTo(A);
        assertThat(Filter.all().and(Filter.all())).isEqualTo(Filter.all());
        assertThat(Filter.allOf(List.of(A))).isEqualTo(Filter.anyOf(List.of(A))).isEqualTo(A);
        assertThat(A.not().not()).isEqualTo(A);
    }

    @Test
    void anOrNeedsAPart() {
        assertThat(Filter.allOf(List.of())).isEqualTo(Filter.all());
        assertThatThrownBy(() -> Filter.anyOf(List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("filter.no_parts: an or needs at least one part");
    }

    @Test
    void numbersAreEqualByValue() {
        Stream<Number> fives = Stream.of(
                (byte) 5,
                (short) 5,
                5,
                5L,
                5f,
                5d,
                new BigDecimal("5.000"),
                BigInteger.valueOf(5),
                new BigDecimal("0.5e1"));

        assertThat(fives.map(five -> where("a").eq(five)))
                .containsOnly(where("a").eq(5));
        assertThat(where("a").eq(0.1)).isEqualTo(where("a").eq(new BigDecimal("0.1")));
        assertThat(where("a").eq(0.1f)).isEqualTo(where("a").eq(new BigDecimal("0.1")));
        assertThat(where("a").eq(-0.0)).isEqualTo(where("a").eq(0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesNumbersThatJsonDoesNotHave(double value) {
        assertThatThrownBy(() -> where("a").lt(value)).hasMessageStartingWith("filter.operand: ");
        assertThatThrownBy(() -> where("a").in(List.of((float) value))).hasMessageStartingWith("filter.operand: ");
    }

    @Test
    void numbersThatJsonDoesNotHaveAreOfNoTypeInATree() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            JsonNode document = DoubleNode.valueOf(value);

            assertThat(where("$").ne(5).matches(document)).isFalse();
            assertThat(where("$").gt(5).or(where("$").lte(5)).matches(document)).isFalse();
            assertThat(where("$").isNull().matches(document)).isFalse();
        }
    }

    @Test
    void refusesOtherTypesAndTheOrderOfBooleans() {
        assertThatThrownBy(() -> where("a").in(List.of(Instant.EPOCH)))
                .hasMessage("filter.operand: a field is compared with text, a finite number or a boolean"
                        + " (type=java.time.Instant)");
        assertThatThrownBy(() -> new Filter.Compare(FieldPath.of("a"), Filter.Comparison.GT, new Operand.Bool(true)))
                .hasMessage("filter.operand: booleans are equal or not, they have no order");
    }

    @Test
    void aListMayBeChangedAfterwards() {
        List<Filter> parts = new java.util.ArrayList<>(List.of(A, B));
        Filter filter = Filter.allOf(parts);

        parts.clear();

        assertThat(filter).isEqualTo(A.and(B));
    }

    @Test
    void whatIsTooLargeCannotBeBuilt() {
        List<Filter> many = Collections.nCopies(500, A);
        assertThat(Filter.anyOf(many)).isInstanceOf(Filter.Or.class);

        assertThatThrownBy(() -> Filter.anyOf(many).and(B))
                .hasMessage("filter.too_many_conditions: a filter has too many conditions (conditions=501, max=500)");
        assertThatThrownBy(() -> IntStream.range(0, 20)
                        .mapToObj(i -> i)
                        .reduce(A, (f, i) -> f.and(B).or(C), Filter::and))
                .hasMessage("filter.too_deep: a filter has too many levels (levels=33, max=32)");
        assertThatThrownBy(() -> where("a").in(Collections.nCopies(1001, 1)))
                .hasMessage("filter.list_too_long: a list is too long (values=1001, max=1000)");
        assertThatThrownBy(() -> where("a").eq(new BigInteger("7".repeat(1001))))
                .hasMessage("filter.number_too_long: a number has too many digits (digits=1001, max=1000)");
    }

    @Test
    void writesOneObjectWhereThatSaysTheSame() {
        assertThat(Json.text(
                        where("age").between(1, 5).and(where("a.b").isNotNull()).toJson()))
                .isEqualTo("{\"age\":{\"$gte\":1,\"$lte\":5},\"a.b\":{\"$null\":false}}");
        assertThat(Json.text(
                        where("a").contains("x").and(where("a").contains("y")).toJson()))
                .isEqualTo("{\"$and\":[{\"a\":{\"$contains\":\"x\"}},{\"a\":{\"$contains\":\"y\"}}]}");
        assertThat(Json.text(A.or(B).not().toJson()))
                .isEqualTo("{\"$not\":{\"$or\":[{\"a\":{\"$eq\":1}},{\"b\":{\"$eq\":2}}]}}");
        assertThat(Json.text(Filter.all().toJson())).isEqualTo("{}");
    }

    @Test
    void writesNumbersThatAreReadBackExactly() {
        for (String number : new String[] {"100", "1E+400", "-1.5", "123456789012345678901234567890", "1E-30", "0"}) {
            Filter filter = where("a").lt(new BigDecimal(number));

            JsonNode read = Json.parse(Json.text(filter.toJson()));

            assertThat(read.path("a").path("$lt").decimalValue()).isEqualByComparingTo(number);
            assertThat(Filter.parse(read, Instant.EPOCH)).isEqualTo(filter);
        }
        assertThat(Json.text(where("a").eq(100).toJson())).isEqualTo("{\"a\":{\"$eq\":100}}");
    }
}
