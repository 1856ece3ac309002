package dev.holdfast.queue;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A retry policy as it is stored, its attempts aside: a list of milliseconds such as {@code 1000,5000}, or the first
 * delay, the factor and the longest delay as in {@code 1000*2.0<300000}, with a {@code ~} behind them when there is
 * jitter.
 */
final class RetryText {
    private static final Pattern LIST = Pattern.compile("(\\d{1,13}(,\\d{1,13})*)?");
    private static final Pattern GROWING = Pattern.compile("(\\d{1,13})\\*(\\d{1,3}(?:\\.\\d{1,18})?)<(\\d{1,13})(~?)");

    private RetryText() {}

    static String of(RetryPolicy policy) {
        return switch (policy) {
            case RetryPolicy.Delays list ->
                list.delays().stream()
                        .map(delay -> Long.toString(delay.toMillis()))
                        .collect(Collectors.joining(","));
            case RetryPolicy.Backoff growing ->
                growing.first().toMillis() + "*" + growing.factor() + "<"
                        + growing.max().toMillis() + (growing.jitter() ? "~" : "");
        };
    }

    /**
     * The policy of a job.
     *
     * @throws InvalidInputException {@code queue.retry}: this is the text of no policy with so many attempts
     */
    static RetryPolicy parse(String text, int attempts) {
        Matcher growing = GROWING.matcher(text);
        if (growing.matches()) {
            return new RetryPolicy.Backoff(
                    attempts,
                    Duration.ofMillis(Long.parseLong(growing.group(1))),
                    Double.parseDouble(growing.group(2)),
                    Duration.ofMillis(Long.parseLong(growing.group(3))),
                    !growing.group(4).isEmpty());
        }
        if (LIST.matcher(text).matches()) {
            RetryPolicy.Delays list = new RetryPolicy.Delays(Arrays.stream(text.split(","))
                    .filter(part -> !part.isEmpty())
                    .map(part -> Duration.ofMillis(Long.parseLong(part)))
                    .toList());
            if (list.attempts() == attempts) {
                return list;
            }
        }
        throw new InvalidInputException(
                "queue.retry", "this is no retry policy (text=" + text + ", attempts=" + attempts + ")");
    }
}
