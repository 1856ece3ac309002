package dev.holdfast.testkit.cost;

import dev.holdfast.Namespace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The calls of a page's cost tables, by the text of their first cell. */
final class Calls {
    private static final Act NOTHING = (at, run, n) -> {};

    private final Map<String, Call> calls = new LinkedHashMap<>();

    /**
     * Something done in an empty namespace, several times, each time with other data.
     *
     * <p>{@code run} counts from 0; {@code n} is what the figures of the row depend on.
     */
    @FunctionalInterface
    interface Act {
        void in(Namespace at, int run, int n) throws Exception;
    }

    /** A call, and what must be there before and is not counted. */
    record Call(Act prepare, Act act) {}

    /** A call that needs nothing to be there. */
    Calls add(String label, Act act) {
        return add(label, NOTHING, act);
    }

    /** A call before which something is prepared. */
    Calls add(String label, Act prepare, Act act) {
        if (calls.put(label, new Call(prepare, act)) != null) {
            throw new IllegalArgumentException("two calls of one name: " + label);
        }
        return this;
    }

    /** The names of all calls, in order. */
    Set<String> labels() {
        return calls.keySet();
    }

    /** The call of a row. */
    Call of(String label) {
        Call call = calls.get(label);
        if (call == null) {
            throw new AssertionError("nobody counts this call: " + label);
        }
        return call;
    }
}
