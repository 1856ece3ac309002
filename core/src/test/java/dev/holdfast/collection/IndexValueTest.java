package dev.holdfast.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.filter.FieldPath;
import dev.holdfast.filter.Filter;
import dev.holdfast.filter.JsonOrder;
import dev.holdfast.filter.Operand;
import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

class IndexValueTest {
    private static final int ROUNDS = 200_000;

    @Test
    void sortsAsJsonDoes() {
        long seed = System.nanoTime();
        RandomJson json = new RandomJson(new SplittableRandom(seed));

        for (int i = 0; i < ROUNDS; i++) {
            JsonNode a = json.value(2);
            JsonNode b = json.value(2);
            byte[] one = IndexValue.of(a);
            byte[] other = IndexValue.of(b);
            int order = Integer.signum(JsonOrder.values().compare(a, b));
            int bytes = Integer.signum(Arrays.compareUnsigned(one, other));
            boolean cut = one.length == IndexValue.FIELD_BYTES_MAX && other.length == IndexValue.FIELD_BYTES_MAX;
            boolean agree = bytes == order || (cut && bytes == 0);
            assertThat(agree).as("seed=%d: %s and %s", seed, a, b).isTrue();
        }
    }

    @Test
    void sortsBehindEqualFields() {
        long seed = System.nanoTime();
        RandomJson json = new RandomJson(new SplittableRandom(seed));

        for (int i = 0; i < ROUNDS; i++) {
            List<byte[]> a =
                    Stream.generate(() -> IndexValue.of(json.value(1))).limit(3).toList();
            List<byte[]> b =
                    Stream.generate(() -> IndexValue.of(json.value(1))).limit(3).toList();
            int byField = 0;
            for (int k = 0; k < 3 && byField == 0; k++) {
                byField = Integer.signum(Arrays.compareUnsigned(a.get(k), b.get(k)));
            }
            int joined = Integer.signum(Arrays.compareUnsigned(
                    IndexBytes.concat(a.toArray(byte[][]::new)), IndexBytes.concat(b.toArray(byte[][]::new))));
            assertThat(joined).as("seed=%d", seed).isEqualTo(byField);
        }
    }

    @Test
    void rangesOfABeginningHoldExactlyTheTextsThatStartWithIt() {
        long seed = System.nanoTime();
        RandomJson json = new RandomJson(new SplittableRandom(seed));

        for (int i = 0; i < ROUNDS; i++) {
            String prefix = json.text();
            String text = json.text();
            if (prefix.isEmpty()) {
                continue;
            }
            byte[] first = IndexValue.prefix(prefix);
            boolean inside = isInside(IndexValue.of(StringNode.valueOf(text)), first, first);
            boolean starts = Filter.where(FieldPath.root()).startsWith(prefix).matches(StringNode.valueOf(text));
            // An open first half of a pair and what is cut may hold more.
            boolean exact = first.length < IndexValue.FIELD_BYTES_MAX
                    && !Character.isHighSurrogate(prefix.charAt(prefix.length() - 1));
            assertThat(exact ? inside == starts : inside || !starts)
                    .as("seed=%d: %s in %s", seed, StringNode.valueOf(text), StringNode.valueOf(prefix))
                    .isTrue();
        }
    }

    @Test
    void aRangeHoldsWhatItsEndsHold() {
        long seed = System.nanoTime();
        RandomJson json = new RandomJson(new SplittableRandom(seed));

        for (int i = 0; i < ROUNDS; i++) {
            BigDecimal end = decimal(json);
            JsonNode value = json.number();
            Operand operand = Operand.of(end);
            byte[] encoded = IndexValue.of(value);
            boolean atMost = isInside(encoded, IndexValue.typeStart(operand), IndexValue.of(operand));
            boolean atLeast = Arrays.compareUnsigned(encoded, IndexValue.of(operand)) >= 0
                    && Arrays.compareUnsigned(encoded, IndexValue.typeEnd(operand)) < 0;
            Filter root = Filter.where(FieldPath.root()).lte(end);
            assertThat(atMost || !root.matches(value))
                    .as("seed=%d: %s <= %s", seed, value, end)
                    .isTrue();
            assertThat(atLeast || !Filter.where(FieldPath.root()).gte(end).matches(value))
                    .as("seed=%d: %s >= %s", seed, value, end)
                    .isTrue();
        }
    }

    @Test
    void equalNumbersAreEqualBytesHoweverTheyAreWritten() {
        List<byte[]> ones = Stream.of("1", "1.0", "1E0", "10E-1", "{\"__type\":\"bigint\",\"value\":\"01\"}")
                .map(Json::parse)
                .map(IndexValue::of)
                .toList();

        assertThat(ones).allSatisfy(bytes -> assertThat(bytes).isEqualTo(IndexValue.of(Operand.of(1))));
    }

    @Test
    void aFieldTakesNoMoreThanItsBytes() {
        assertThat(IndexValue.of(StringNode.valueOf("x".repeat(100_000)))).hasSize(IndexValue.FIELD_BYTES_MAX);
        assertThat(IndexValue.of(StringNode.valueOf("x".repeat(254)))).hasSize(IndexValue.FIELD_BYTES_MAX);
        assertThat(IndexValue.of(MissingNode.getInstance())).hasSize(1);
    }

    @Test
    void uniqueKeysDifferHoweverLongTheValuesAre() {
        String same = "x".repeat(10_000);

        byte[] one = IndexValue.uniqueKey(List.of(StringNode.valueOf(same + "a")));
        byte[] other = IndexValue.uniqueKey(List.of(StringNode.valueOf(same + "b")));

        assertThat(one).hasSize(33).isNotEqualTo(other);
        assertThat(IndexValue.uniqueKey(List.of(StringNode.valueOf(same + "a"))))
                .isEqualTo(one);
        assertThat(IndexValue.uniqueKey(List.of(StringNode.valueOf("a")))).hasSize(3);
    }

    private static boolean isInside(byte[] value, byte[] first, byte[] last) {
        return Arrays.compareUnsigned(value, first) >= 0
                && Arrays.compareUnsigned(value, IndexBytes.append(last, IndexValue.AFTER)) < 0;
    }

    private static BigDecimal decimal(RandomJson json) {
        JsonNode number = json.number();
        return number.isNumber() ? number.decimalValue() : BigDecimal.ONE;
    }
}
