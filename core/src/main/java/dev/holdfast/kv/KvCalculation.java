package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.v8.V8Number;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic by the rules of Deno KV, which are those of {@link KvMutation.Calculate}. The texts of its refusals are
 * what Deno shows to its users, so they are part of the protocol.
 */
final class KvCalculation {
    private static final int U64_BITS = 64;

    private KvCalculation() {}

    /** The new value of an entry; null stands for one that does not exist. */
    static KvValue of(KvMutation.Calculate calculate, @Nullable KvValue stored) {
        KvValue operand = calculate.operand();
        if (operand.encoding() == Encoding.U64) {
            return counter(calculate, stored);
        }
        if (calculate.arithmetic() != KvMutation.Arithmetic.SUM) {
            throw notCounter(calculate, "operand");
        }
        if (operand.encoding() != Encoding.V8) {
            throw unsupported();
        }
        return sum(calculate, number(operand, "Some of the parameters are not valid V8 values"), stored);
    }

    private static KvValue counter(KvMutation.Calculate calculate, @Nullable KvValue stored) {
        if (!calculate.bounds().isNone()) {
            throw otherKind();
        }
        if (stored == null) {
            return calculate.operand();
        }
        if (stored.encoding() != Encoding.U64) {
            throw notCounter(calculate, "value in the database");
        }
        long have = KvNumber.u64(stored.encoded()).longValue();
        long operand = KvNumber.u64(calculate.operand().encoded()).longValue();
        boolean larger = Long.compareUnsigned(operand, have) > 0;
        return KvValue.u64(
                switch (calculate.arithmetic()) {
                    case SUM -> have + operand;
                    case MAX -> larger ? operand : have;
                    case MIN -> larger ? have : operand;
                });
    }

    private static KvValue sum(KvMutation.Calculate calculate, V8Number operand, @Nullable KvValue stored) {
        Limits limits = Limits.of(calculate.bounds(), operand);
        if (stored == null) {
            return result(limits.within(operand));
        }
        if (stored.encoding() == Encoding.U64) {
            return counterSum(calculate.bounds(), stored, operand);
        }
        V8Number have = number(KvWire.seen(stored), "unsupported value type");
        if (have instanceof V8Number.Big a && operand instanceof V8Number.Big b) {
            return result(limits.within(new V8Number.Big(a.value().add(b.value()))));
        }
        if (have instanceof V8Number.Real a && operand instanceof V8Number.Real b) {
            return result(limits.within(new V8Number.Real(a.value() + b.value())));
        }
        throw kinds(name(have), operand);
    }

    /** A big integer added to a counter, which stays one. */
    private static KvValue counterSum(KvMutation.Bounds bounds, KvValue stored, V8Number operand) {
        if (operand instanceof V8Number.Big big
                && bounds.isNone()
                && big.value().signum() >= 0
                && big.value().bitLength() <= U64_BITS) {
            return KvValue.u64(KvNumber.u64(stored.encoded()).add(big.value()).longValue());
        }
        throw kinds("KvU64", operand);
    }

    private static KvValue result(V8Number number) {
        return new KvValue(Encoding.V8, number.encode());
    }

    /** The number in a V8 value, or a refusal with this text when it is no V8 value at all. */
    private static V8Number number(KvValue value, String text) {
        if (value.encoding() != Encoding.V8) {
            throw unsupported();
        }
        return read(value, text).orElseThrow(KvCalculation::unsupported);
    }

    private static Optional<V8Number> read(KvValue value, String text) {
        try {
            return V8Number.read(value.encoded());
        } catch (InvalidInputException malformed) {
            throw new InvalidInputException("kv.sum_value", text, malformed);
        }
    }

    private static String name(V8Number number) {
        return number instanceof V8Number.Big ? "BigInt" : "Number";
    }

    private static InvalidInputException kinds(String stored, V8Number operand) {
        return new InvalidInputException("kv.sum_kinds", "Cannot sum " + stored + " with " + name(operand));
    }

    private static InvalidInputException notCounter(KvMutation.Calculate calculate, String what) {
        String operation = calculate.arithmetic().name().toLowerCase(Locale.ROOT);
        return new InvalidInputException(
                "kv.not_counter", "Failed to perform '" + operation + "' mutation on a non-U64 " + what);
    }

    private static InvalidInputException unsupported() {
        return new InvalidInputException("kv.sum_value", "unsupported value type");
    }

    private static InvalidInputException otherKind() {
        return new InvalidInputException("kv.sum_bounds", "Min/max parameters have different types than the operand");
    }

    /** The bounds of a sum as numbers, both of the operand's kind. */
    private record Limits(Optional<V8Number> min, Optional<V8Number> max, boolean clamp) {
        static Limits of(KvMutation.Bounds bounds, V8Number operand) {
            return new Limits(
                    bounds.min().map(bound -> bound(bound, operand)),
                    bounds.max().map(bound -> bound(bound, operand)),
                    bounds.clamp());
        }

        private static V8Number bound(KvValue bound, V8Number operand) {
            return read(bound, "Some of the parameters are not valid V8 values")
                    .filter(number -> name(number).equals(name(operand)))
                    .orElseThrow(KvCalculation::otherKind);
        }

        V8Number within(V8Number sum) {
            if (min.isPresent() && isBelow(sum, min.get())) {
                return passed(min.get());
            }
            return max.isPresent() && isBelow(max.get(), sum) ? passed(max.get()) : sum;
        }

        private V8Number passed(V8Number bound) {
            if (clamp) {
                return bound;
            }
            throw new InvalidInputException(
                    "kv.sum_range", "The result of a Sum operation would exceed its range limit");
        }

        private static boolean isBelow(V8Number low, V8Number high) {
            if (low instanceof V8Number.Big a && high instanceof V8Number.Big b) {
                return a.value().compareTo(b.value()) < 0;
            }
            return low instanceof V8Number.Real a && high instanceof V8Number.Real b && a.value() < b.value();
        }
    }
}
