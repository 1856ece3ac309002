package dev.holdfast.engine.postgres;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * How a store on PostgreSQL is opened.
 *
 * @param operations connections for single operations and for reads, 1 to 1,000; opened as they are needed. Ignored
 *     over a {@code DataSource}, like {@code decisions} and {@code properties}
 * @param decisions connections for serializable work: decisions of the library and functions of the user, 1 to 1,000
 * @param transactionLimit how long a user's function may take, 1 ms to 1 hour; then it is rolled back
 * @param retryLimit for how long a unit that lost against others is run again, 1 ms to 1 hour
 * @param turnLimit how long a unit waits for its turn, which is a connection, a place behind others that meet in its
 *     row, or (on connections of our own) a lock; 250 ms to 1 hour
 * @param notifications whether processes wake each other with LISTEN and NOTIFY; without, they look every second or
 *     sooner
 * @param properties of the driver by their own names, such as {@code user}, {@code password} and {@code sslmode}; they
 *     win over those in the URL
 */
public record PostgresOptions(
        int operations,
        int decisions,
        Duration transactionLimit,
        Duration retryLimit,
        Duration turnLimit,
        boolean notifications,
        Map<String, String> properties) {

    private static final int CONNECTIONS_MAX = 1_000;
    private static final Duration LIMIT_MAX = Duration.ofHours(1);
    private static final long TURN_MILLIS_MIN = 250;

    /** Checks every range. */
    public PostgresOptions {
        Objects.requireNonNull(transactionLimit, "transactionLimit");
        Objects.requireNonNull(retryLimit, "retryLimit");
        Objects.requireNonNull(turnLimit, "turnLimit");
        properties = Map.copyOf(Objects.requireNonNull(properties, "properties"));
        require("operations", operations, 1, CONNECTIONS_MAX);
        require("decisions", decisions, 1, CONNECTIONS_MAX);
        require("transactionLimit", transactionLimit.toMillis(), 1, LIMIT_MAX.toMillis());
        require("retryLimit", retryLimit.toMillis(), 1, LIMIT_MAX.toMillis());
        require("turnLimit", turnLimit.toMillis(), TURN_MILLIS_MIN, LIMIT_MAX.toMillis());
    }

    /** Up to 16 and 8 connections, limits of 10, 10 and 30 seconds, notifications, nothing said to the driver. */
    public static PostgresOptions defaults() {
        return new PostgresOptions(
                16, 8, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30), true, Map.of());
    }

    /** The same with another number of connections for operations and reads. */
    public PostgresOptions withOperations(int value) {
        return new PostgresOptions(
                value, decisions, transactionLimit, retryLimit, turnLimit, notifications, properties);
    }

    /** The same with another number of connections for serializable work. */
    public PostgresOptions withDecisions(int value) {
        return new PostgresOptions(
                operations, value, transactionLimit, retryLimit, turnLimit, notifications, properties);
    }

    /** The same with another limit for a user's function. */
    public PostgresOptions withTransactionLimit(Duration value) {
        return new PostgresOptions(operations, decisions, value, retryLimit, turnLimit, notifications, properties);
    }

    /** The same with another limit for running again after conflicts. */
    public PostgresOptions withRetryLimit(Duration value) {
        return new PostgresOptions(
                operations, decisions, transactionLimit, value, turnLimit, notifications, properties);
    }

    /** The same with another limit for waiting. */
    public PostgresOptions withTurnLimit(Duration value) {
        return new PostgresOptions(
                operations, decisions, transactionLimit, retryLimit, value, notifications, properties);
    }

    /** The same with notifications on or off; off suits a pooler in transaction mode. */
    public PostgresOptions withNotifications(boolean value) {
        return new PostgresOptions(operations, decisions, transactionLimit, retryLimit, turnLimit, value, properties);
    }

    /** The same with other properties of the driver. */
    public PostgresOptions withProperties(Map<String, String> value) {
        return new PostgresOptions(
                operations, decisions, transactionLimit, retryLimit, turnLimit, notifications, value);
    }

    /** Everything but the values of the driver's properties, one of which may be a password. */
    @Override
    public String toString() {
        return "PostgresOptions[operations=" + operations + ", decisions=" + decisions + ", transactionLimit="
                + transactionLimit + ", retryLimit=" + retryLimit + ", turnLimit=" + turnLimit + ", notifications="
                + notifications
                + ", properties=" + new TreeSet<>(properties.keySet()) + "]";
    }

    private static void require(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "postgres.option",
                    name + " is out of range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }
}
