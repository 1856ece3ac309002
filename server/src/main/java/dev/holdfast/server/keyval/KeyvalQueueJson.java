package dev.holdfast.server.keyval;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.DeadJob;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.QueueLimits;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.queue.RetryPolicy;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of messages and of what is said of them. */
final class KeyvalQueueJson {
    /** What a dead letter says of itself. */
    static final String EXHAUSTED = "Max attempts exceeded";

    private static final RetryPolicy RETRY =
            RetryPolicy.delays(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10));
    private static final BigDecimal DELAY_MILLIS_MAX = BigDecimal.valueOf(QueueLimits.DELAY_MAX.toMillis());
    private static final String BACKOFF = "backoffSchedule";
    private static final String KEYS = "keysIfUndelivered";

    private KeyvalQueueJson() {}

    /** The options of a message that is to be enqueued; those that are missing are the interface's own. */
    static JobOptions options(JsonNode options) {
        if (isAbsent(options)) {
            return JobOptions.defaults().withRetry(RETRY);
        }
        if (!options.isObject()) {
            throw refused("options must be an object, received " + KeyvalJson.shown(options));
        }
        JsonNode delay = options.path("delay");
        return JobOptions.defaults()
                .withDelay(isAbsent(delay) ? Duration.ZERO : millis("delay", delay))
                .withRetry(retry(options.path(BACKOFF)))
                .withFallbackKeys(keys(options.path(KEYS)).toArray(Key[]::new));
    }

    private static RetryPolicy retry(JsonNode schedule) {
        if (isAbsent(schedule)) {
            return RETRY;
        }
        if (!schedule.isArray()) {
            throw refused(BACKOFF + " must be an array of numbers, received " + KeyvalJson.shown(schedule));
        }
        List<Duration> delays = new ArrayList<>();
        schedule.forEach(delay -> delays.add(millis(BACKOFF, delay)));
        return new RetryPolicy.Delays(delays);
    }

    private static List<Key> keys(JsonNode keys) {
        if (isAbsent(keys)) {
            return List.of();
        }
        if (!keys.isArray()) {
            throw refused(KEYS + " must be an array of keys, received " + KeyvalJson.shown(keys));
        }
        List<Key> all = new ArrayList<>();
        keys.forEach(key -> all.add(KeyJson.key(key)));
        return all;
    }

    private static Duration millis(String name, JsonNode number) {
        if (!number.isNumber()
                || number.decimalValue().signum() < 0
                || number.decimalValue().compareTo(DELAY_MILLIS_MAX) > 0) {
            throw refused(name + " must be a number of 0 or more (milliseconds), received " + KeyvalJson.shown(number));
        }
        return Duration.ofMillis(number.decimalValue().longValue());
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** The value of a message that is to be enqueued; one without any is null. */
    static KvValue value(ObjectNode body) {
        return body.has("value") ? KvValue.json(body.get("value")) : KvValue.jsonText("null");
    }

    /** The id that a body names. */
    static String id(ObjectNode body) {
        JsonNode id = body.path("id");
        if (!id.isString() || id.stringValue().isEmpty()) {
            throw refused("id must be a non-empty string");
        }
        return id.stringValue();
    }

    /** The attempt that a body names, if it does. */
    static Optional<Integer> attempts(ObjectNode body) {
        JsonNode attempts = body.path("attempts");
        if (isAbsent(attempts)) {
            return Optional.empty();
        }
        if (!attempts.isIntegralNumber() || !attempts.canConvertToInt()) {
            throw refused("attempts must be a whole number, received " + KeyvalJson.shown(attempts));
        }
        return Optional.of(attempts.intValue());
    }

    /** How many dead letters are left out. */
    static long offset(Optional<String> text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.get().matches("\\d{1,15}")) {
            throw refused("offset must be a number of 0 or more, received "
                    + Json.mapper().writeValueAsString(text.get()));
        }
        return Long.parseLong(text.get());
    }

    static byte[] message(Job job) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(job.value().encoded().length + 96);
        put(out, "{\"id\":\"" + job.id() + "\",\"value\":");
        out.writeBytes(KeyvalJson.value(job.value()));
        put(out, ",\"attempts\":" + job.attempt() + "}");
        return out.toByteArray();
    }

    static byte[] dead(DeadJob job) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(job.value().encoded().length + 256);
        put(out, "{\"id\":\"" + job.id() + "\",\"originalId\":\"" + job.id() + "\",\"value\":");
        out.writeBytes(KeyvalJson.value(job.value()));
        put(out, ",\"errorMessage\":\"" + EXHAUSTED + "\",\"attempts\":" + job.attempts());
        put(out, ",\"originalCreatedAt\":" + job.enqueuedAt().toEpochMilli());
        put(out, ",\"failedAt\":" + job.failedAt().toEpochMilli() + "}");
        return out.toByteArray();
    }

    /** JSON texts as an array. */
    static byte[] array(List<byte[]> texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('[');
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(texts.get(i));
        }
        out.write(']');
        return out.toByteArray();
    }

    /** Puts figures of a queue into an object. */
    static void put(ObjectNode into, QueueStats stats) {
        into.put("pending", pending(stats))
                .put("processing", stats.claimed())
                .put("dlq", stats.dead())
                .put("total", stats.total());
    }

    /** Messages that wait, for their time or for others too. */
    static long pending(QueueStats stats) {
        return stats.ready() + stats.delayed() + stats.blocked();
    }

    private static void put(ByteArrayOutputStream out, String text) {
        out.writeBytes(KeyvalJson.utf8(text));
    }

    private static InvalidInputException refused(String what) {
        return new InvalidInputException("keyval.queue", what);
    }
}
