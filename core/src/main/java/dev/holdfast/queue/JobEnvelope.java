package dev.holdfast.queue;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * A job that was exhausted, as it is enqueued into another queue by {@link Queue#deadLettersTo(String)}: an object with
 * these members. {@link Job#as(Class)} reads it.
 *
 * @param attempts how often it was claimed
 * @param error why it was refused the last time, or that its lease ran out
 * @param failedAt when it was exhausted, in ISO 8601
 * @param payload what was enqueued; where that has no JSON form, an object with its {@code encoding} and its
 *     {@code bytes} in Base64
 * @param queue its queue
 */
public record JobEnvelope(int attempts, String error, Instant failedAt, JsonNode payload, String queue) {}
