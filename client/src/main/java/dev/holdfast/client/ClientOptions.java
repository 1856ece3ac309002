package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How a client asks.
 *
 * @param headers sent with every request; each is asked for its value again for every request, repetitions included, so
 *     a token may change
 * @param params put into the query of every request, asked for likewise
 * @param retry how requests are sent again
 * @param connectTimeout how long a connection may take to open, more than 0
 * @param requestTimeout how long an answer may take, long-polls aside, more than 0
 * @param liveTimeout how long a long-poll may take, and an event stream may be silent, more than 0; longer than the
 *     server waits, else every wait ends as a failure
 * @param batchBytesMax about how many bytes overlapping appends may have together to go into one request, 1 or more
 * @param waitingBytesMax how many bytes of appends may wait at one handle, where each counts 64 more than it has; who
 *     wants to add more waits for room, 1 or more
 * @param answerBytesMax how many bytes one answer may have, and what an event stream tells at once; more ends the
 *     reading ({@link ClientException.Reason#TOO_LARGE}), 1 or more
 */
public record ClientOptions(
        Map<String, Supplier<String>> headers,
        Map<String, Supplier<String>> params,
        RetryPolicy retry,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration liveTimeout,
        int batchBytesMax,
        int waitingBytesMax,
        int answerBytesMax) {
    /** Refuses what is no option: {@code client.options}. */
    public ClientOptions {
        headers = ordered(requireNonNull(headers, "headers"));
        params = ordered(requireNonNull(params, "params"));
        requireNonNull(retry, "retry");
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("requestTimeout", requestTimeout);
        requirePositive("liveTimeout", liveTimeout);
        requirePositive("batchBytesMax", batchBytesMax);
        requirePositive("waitingBytesMax", waitingBytesMax);
        requirePositive("answerBytesMax", answerBytesMax);
    }

    /**
     * No headers or parameters of its own, 10 seconds to connect, 30 for an answer, 90 of silence while live, requests
     * of about 1 MiB, 16 MiB that wait, answers of up to 256 MiB.
     */
    public static ClientOptions defaults() {
        return new ClientOptions(
                Map.of(),
                Map.of(),
                RetryPolicy.defaults(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(90),
                1 << 20,
                16 << 20,
                256 << 20);
    }

    /** The same with a header whose value does not change. */
    public ClientOptions withHeader(String name, String value) {
        requireNonNull(value, "value");
        return withHeader(name, () -> value);
    }

    /** The same with a header whose value is asked for with every request. */
    public ClientOptions withHeader(String name, Supplier<String> value) {
        return new ClientOptions(
                with(headers, name, value),
                params,
                retry,
                connectTimeout,
                requestTimeout,
                liveTimeout,
                batchBytesMax,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with a parameter of the query whose value is asked for with every request. */
    public ClientOptions withParam(String name, Supplier<String> value) {
        return new ClientOptions(
                headers,
                with(params, name, value),
                retry,
                connectTimeout,
                requestTimeout,
                liveTimeout,
                batchBytesMax,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with a token, as the servers of this project ask for it. */
    public ClientOptions withToken(Supplier<String> token) {
        return withHeader("Authorization", () -> "Bearer " + token.get());
    }

    /** The same with another policy of repeating. */
    public ClientOptions withRetry(RetryPolicy policy) {
        return new ClientOptions(
                headers,
                params,
                policy,
                connectTimeout,
                requestTimeout,
                liveTimeout,
                batchBytesMax,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with another time to connect. */
    public ClientOptions withConnectTimeout(Duration timeout) {
        return new ClientOptions(
                headers,
                params,
                retry,
                timeout,
                requestTimeout,
                liveTimeout,
                batchBytesMax,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with another time for an answer. */
    public ClientOptions withRequestTimeout(Duration timeout) {
        return new ClientOptions(
                headers,
                params,
                retry,
                connectTimeout,
                timeout,
                liveTimeout,
                batchBytesMax,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with another time of silence. */
    public ClientOptions withLiveTimeout(Duration timeout) {
        return new ClientOptions(
                headers,
                params,
                retry,
                connectTimeout,
                requestTimeout,
                timeout,
                batchBytesMax,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with another size of requests. */
    public ClientOptions withBatchBytesMax(int bytes) {
        return new ClientOptions(
                headers,
                params,
                retry,
                connectTimeout,
                requestTimeout,
                liveTimeout,
                bytes,
                waitingBytesMax,
                answerBytesMax);
    }

    /** The same with another bound of what waits. */
    public ClientOptions withWaitingBytesMax(int bytes) {
        return new ClientOptions(
                headers,
                params,
                retry,
                connectTimeout,
                requestTimeout,
                liveTimeout,
                batchBytesMax,
                bytes,
                answerBytesMax);
    }

    /** The same with another bound of an answer. */
    public ClientOptions withAnswerBytesMax(int bytes) {
        return new ClientOptions(
                headers,
                params,
                retry,
                connectTimeout,
                requestTimeout,
                liveTimeout,
                batchBytesMax,
                waitingBytesMax,
                bytes);
    }

    private static Map<String, Supplier<String>> with(
            Map<String, Supplier<String>> known, String name, Supplier<String> value) {
        Map<String, Supplier<String>> more = new LinkedHashMap<>(known);
        more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return more;
    }

    /** A copy that nobody changes and that keeps the order. */
    private static Map<String, Supplier<String>> ordered(Map<String, Supplier<String>> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    private static void requirePositive(String name, Duration value) {
        if (requireNonNull(value, name).isNegative() || value.isZero()) {
            throw new InvalidInputException(
                    "client.options", name + " is more than nothing (" + name + "=" + value + ")");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new InvalidInputException("client.options", name + " is 1 or more (" + name + "=" + value + ")");
        }
    }
}
