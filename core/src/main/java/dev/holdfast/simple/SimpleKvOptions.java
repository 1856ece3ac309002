package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link SimpleKv} is opened.
 *
 * @param namespace the namespace that the store stands for: 1 to 128 characters, none of them a control character
 * @param dotNotation whether a dot in a key begins a path into the value
 * @param transactionLimit how long a transaction may take, 1 ms to 1 hour; then it is rolled back. Over a store that is
 *     shared it holds for {@link SimpleKv#transactionAsync} alone: the others have the limit of that store
 */
public record SimpleKvOptions(String namespace, boolean dotNotation, Duration transactionLimit) {
    private static final Duration LIMIT_MAX = Duration.ofHours(1);

    /** Checks every range. */
    public SimpleKvOptions {
        SimpleKeys.requireName(namespace);
        Objects.requireNonNull(transactionLimit, "transactionLimit");
        if (transactionLimit.compareTo(Duration.ofMillis(1)) < 0 || transactionLimit.compareTo(LIMIT_MAX) > 0) {
            throw new InvalidInputException(
                    "simple.option",
                    "transactionLimit is out of range (transactionLimit=" + transactionLimit + ", min=PT0.001S, max="
                            + LIMIT_MAX + ")");
        }
    }

    /** The namespace {@code commandkit_kv}, dots as paths, 10 seconds. */
    public static SimpleKvOptions defaults() {
        return new SimpleKvOptions("commandkit_kv", true, Duration.ofSeconds(10));
    }

    /** The same in another namespace. */
    public SimpleKvOptions withNamespace(String value) {
        return new SimpleKvOptions(value, dotNotation, transactionLimit);
    }

    /** The same with or without paths. */
    public SimpleKvOptions withDotNotation(boolean value) {
        return new SimpleKvOptions(namespace, value, transactionLimit);
    }

    /** The same with another limit. */
    public SimpleKvOptions withTransactionLimit(Duration value) {
        return new SimpleKvOptions(namespace, dotNotation, value);
    }
}
