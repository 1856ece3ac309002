package dev.holdfast.cli;

import dev.holdfast.client.ProducerOptions;
import dev.holdfast.client.RetryPolicy;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.stream.ProducerStamp;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** The command {@code validate}: puts values into options, whose errors then name the words of the suite. */
final class AdapterValidation {
    private AdapterValidation() {}

    private interface Setting {
        void set();
    }

    static void validate(JsonNode target) {
        switch (target.path("target").asString("")) {
            case "retry-options" -> retry(target);
            case "idempotent-producer" -> producer(target);
            default -> throw new InvalidInputException("client.adapter", "nothing of this name can be validated");
        }
    }

    private static void retry(JsonNode target) {
        RetryPolicy defaults = RetryPolicy.defaults();
        long retries = target.path("maxRetries").asLong(1);
        Duration first = Duration.ofMillis(target.path("initialDelayMs").asLong(100));
        Duration longest = Duration.ofMillis(target.path("maxDelayMs").asLong(60_000));
        double factor = target.path("multiplier").asDouble(1.3);
        RetryPolicy wide = defaults.withDelayMax(Duration.ofDays(1));
        check("maxRetries", () -> defaults.withAttemptsMax(Math.toIntExact(retries + 1)));
        check("initialDelayMs", () -> wide.withFirstDelay(first));
        check("maxDelayMs", () -> wide.withFirstDelay(first).withDelayMax(longest));
        check("multiplier", () -> defaults.withFactor(factor));
    }

    private static void producer(JsonNode target) {
        ProducerOptions defaults = ProducerOptions.defaults();
        long epoch = target.path("epoch").asLong(0);
        int bytes = target.path("maxBatchBytes").asInt(1 << 20);
        int items = target.path("maxBatchItems").asInt(1_000);
        check("producerId", () -> new ProducerStamp(target.path("producerId").asString(""), 0, 0));
        check("epoch", () -> defaults.withEpoch(epoch));
        check("maxBatchBytes", () -> defaults.withBatchBytesMax(bytes));
        check("maxBatchItems", () -> defaults.withBatchMessagesMax(items));
    }

    private static void check(String name, Setting setting) {
        try {
            setting.set();
        } catch (InvalidInputException e) {
            throw new InvalidInputException("client.adapter", name + " is refused: " + e.detail(), e);
        }
    }
}
