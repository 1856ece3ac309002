package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Arithmetic of the small store. */
public abstract class SimpleKvMathContract extends SimpleKvSuite {
    private static final BigInteger TEN = BigInteger.TEN;

    /** A suite over the stores of one engine. */
    protected SimpleKvMathContract() {}

    @Test
    void numbersAreDoubles() {
        assertThat(computed(10, "+", 5)).isEqualTo(15L);
        assertThat(computed(10, "-", 2)).isEqualTo(8L);
        assertThat(computed(10, "*", 3)).isEqualTo(30L);
        assertThat(computed(10, "/", 4)).isEqualTo(2.5);
        assertThat(computed(10, "^", 2)).isEqualTo(100L);
        assertThat(computed(10, "%", 7)).isEqualTo(3L);
        assertThat(computed(0.1, "+", 0.2)).isEqualTo(0.30000000000000004);
        assertThat(computed(2, "^", -1)).isEqualTo(0.5);
        assertThat(computed(-7, "%", 2)).isEqualTo(-1L);
        assertThat(computed(2.0, "*", (byte) 2)).isEqualTo(4L);
        assertThat(computed(1L << 53, "*", 4)).isEqualTo((double) (1L << 55));
    }

    @Test
    void bigIntegersAreExact() {
        kv.set("n", TEN);

        assertThat(kv.math("n", "+", 5)).isEqualTo(BigInteger.valueOf(15));
        assertThat(kv.math("n", "/", BigInteger.valueOf(4))).isEqualTo(BigInteger.valueOf(3));
        assertThat(kv.math("n", "^", 2)).isEqualTo(BigInteger.valueOf(9));
        assertThat(kv.get("n")).contains(BigInteger.valueOf(9));

        assertThat(computed(BigInteger.valueOf(7), "/", BigInteger.TWO)).isEqualTo(BigInteger.valueOf(3));
        assertThat(computed(BigInteger.valueOf(-7), "/", BigInteger.TWO)).isEqualTo(BigInteger.valueOf(-3));
        assertThat(computed(BigInteger.valueOf(-7), "%", BigInteger.TWO)).isEqualTo(BigInteger.valueOf(-1));
        assertThat(computed(10, "*", BigInteger.TWO.pow(80)))
                .isEqualTo(BigInteger.TWO.pow(80).multiply(TEN));
        assertThat(computed(0x1p100, "-", BigInteger.ONE))
                .isEqualTo(BigInteger.TWO.pow(100).subtract(BigInteger.ONE));
        assertThat(computed(1, "+", Long.MAX_VALUE))
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE));
    }

    @Test
    void powersOfSmallBigIntegersAreCheap() {
        BigInteger huge = BigInteger.ONE.shiftLeft(2_000);

        assertThat(computed(BigInteger.ZERO, "^", 0)).isEqualTo(BigInteger.ONE);
        assertThat(computed(BigInteger.ZERO, "^", huge)).isEqualTo(BigInteger.ZERO);
        assertThat(computed(BigInteger.ONE, "^", huge)).isEqualTo(BigInteger.ONE);
        assertThat(computed(BigInteger.ONE.negate(), "^", huge)).isEqualTo(BigInteger.ONE);
        assertThat(computed(BigInteger.ONE.negate(), "^", huge.add(BigInteger.ONE)))
                .isEqualTo(BigInteger.ONE.negate());
        refuses(BigInteger.TWO, "^", huge, "bitsMax=1000000");
        refuses(BigInteger.valueOf(-3), "^", 1_000_001, "bitsMax=1000000");
        refuses(BigInteger.ONE.shiftLeft(600_000), "*", BigInteger.ONE.shiftLeft(600_000), "bitsMax=1000000");
    }

    @Test
    void whatCannotBeComputedIsRefusedAndChangesNothing() {
        assertThatThrownBy(() -> kv.math("nope", "+", 1)).satisfies(e -> says(e, "Key 'nope' does not exist"));
        assertThatThrownBy(() -> kv.math("nope.a", "+", 1)).satisfies(e -> says(e, "Key 'nope.a' does not exist"));
        refuses("text", "+", 1, "Value at key 'x' is not numeric. Expected number or bigint, got string");
        refuses(true, "+", 1, "Value at key 'x' is not numeric. Expected number or bigint, got boolean");
        refuses(Instant.EPOCH, "+", 1, "Value at key 'x' is not numeric. Expected number or bigint, got object");
        refuses(10, "/", 0, "Division by zero");
        refuses(TEN, "/", 0, "Division by zero");
        refuses(10, "/", -0.0, "Division by zero");
        refuses(10, "%", 0, "Modulo by zero");
        refuses(TEN, "%", BigInteger.ZERO, "Modulo by zero");
        refuses(TEN, "^", -1, "Exponentiation with negative exponent is not supported for bigint");
        refuses(10, "&", 1, "Invalid operator: &");
        refuses(TEN, "&", 1, "Invalid operator: &");
        refuses(TEN, "+", 1.5, "The number 1.5 cannot be converted to a BigInt because it is not an integer");
        refuses(1.5, "+", TEN, "The number 1.5 cannot be converted to a BigInt because it is not an integer");
        refuses(10, "^", 400, "Result is not a finite number");
        refuses(10, "+", Double.NaN, "Result is not a finite number");
        refuses(10, "+", new BigDecimal(1), "class=java.math.BigDecimal");
    }

    @Test
    void nullIsAnObjectAsInScripts() {
        kv.set("x", null);

        assertThatThrownBy(() -> kv.math("x", "+", 1))
                .satisfies(e -> says(e, "Value at key 'x' is not numeric. Expected number or bigint, got object"));
    }

    @Test
    void anExpiredKeyDoesNotExistAndOthersKeepTheirExpiry() {
        kv.setex("hits", 1, 50);
        kv.set("u", Map.of("list", List.of(1, 2)));

        kv.math("hits", "+", 1);
        assertThat(kv.math("u.list.1", "*", 4)).isEqualTo(8L);
        assertThat(kv.ttl("hits")).isEqualTo(50);
        assertThat(kv.get("u")).contains(Map.of("list", List.of(1L, 8L)));
        pass(50);

        assertThatThrownBy(() -> kv.math("hits", "+", 1)).hasMessageContaining("does not exist");
    }

    @Test
    void noIncrementOfManyThreadsIsLost() {
        kv.set("n", 0);
        try (Callers callers = new Callers()) {
            var done = IntStream.range(0, 8)
                    .mapToObj(caller -> callers.start(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            kv.math("n", "+", 1);
                        }
                        return caller;
                    }))
                    .toList();
            done.forEach(future -> Callers.outcome(future).value());
        }

        assertThat(kv.get("n")).contains(8_000L);
    }

    private Number computed(Object stored, String operator, Number operand) {
        kv.set("x", stored);
        Number result = kv.math("x", operator, operand);
        assertThat(kv.get("x")).contains(result);
        return result;
    }

    private void refuses(Object stored, String operator, Number operand, String message) {
        kv.set("x", stored);
        Object before = kv.get("x").orElseThrow();
        assertThatThrownBy(() -> kv.math("x", operator, operand))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.detail()).contains(message));
        assertThat(kv.get("x")).contains(before);
    }

    private static void says(Throwable e, String message) {
        assertThat(((InvalidInputException) e).detail()).isEqualTo(message);
    }
}
