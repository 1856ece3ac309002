package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.HoldfastException;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The limits of a page's tables, by the text of their first cell. */
final class Limits {
    private final Map<String, Limit> limits = new LinkedHashMap<>();

    /** Does what is one more than a limit allows. */
    @FunctionalInterface
    interface Beyond {
        void in(Holdfast store) throws Exception;
    }

    /**
     * A limit.
     *
     * @param value as a number
     * @param beyond what is refused; does nothing when the limit refuses nothing
     * @param refuses whether something is refused
     */
    record Limit(long value, Beyond beyond, boolean refuses) {
        /** Compares a row with this limit: its value, and the code of the refusal. */
        void compare(Holdfast store, String value, String consequence) {
            assertThat(number(value)).isEqualTo(this.value);
            if (refuses) {
                assertThatThrownBy(() -> beyond.in(store))
                        .isInstanceOfSatisfying(
                                HoldfastException.class,
                                refusal -> assertThat(consequence).contains("refused: `" + refusal.code() + "`"));
            } else {
                assertThat(consequence).doesNotContain("refused: `");
            }
        }
    }

    /** A limit beyond which a call is refused. */
    Limits refused(String what, long value, Beyond beyond) {
        limits.put(what, new Limit(value, beyond, true));
        return this;
    }

    /** A limit beyond which something else happens. */
    Limits soft(String what, long value) {
        limits.put(what, new Limit(value, store -> {}, false));
        return this;
    }

    Set<String> names() {
        return limits.keySet();
    }

    Limit of(String what) {
        Limit limit = limits.get(what);
        if (limit == null) {
            throw new AssertionError("nobody knows this limit: " + what);
        }
        return limit;
    }

    /** The value of a constant that is not public. */
    static long hidden(String type, String constant) {
        try {
            Field field = Class.forName("dev.holdfast." + type).getDeclaredField(constant);
            field.setAccessible(true);
            return ((Number) field.get(null)).longValue();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no constant " + type + "." + constant, e);
        }
    }

    /** A value as pages write it: {@code 1,000}, {@code 512 KiB}, {@code 36,525 days} (in days). */
    static long number(String text) {
        String[] parts = text.split(" ", -1);
        long number = Long.parseLong(parts[0].replace(",", ""));
        return switch (parts.length == 1 ? "" : parts[1]) {
            case "", "days" -> number;
            case "KiB" -> number << 10;
            case "MiB" -> number << 20;
            default -> throw new IllegalArgumentException("not a unit of a table of limits: " + text);
        };
    }
}
