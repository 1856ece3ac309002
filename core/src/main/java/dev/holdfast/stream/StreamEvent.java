package dev.holdfast.stream;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * An operational event.
 *
 * @param id its number in the stream, 1 for the first one
 * @param stream name of the stream
 * @param event name of the event; empty for a message that was not appended as an event
 * @param payload any JSON value; the whole message when it was not appended as an event
 * @param createdAt when it was appended, by the store's clock; 1970 when it was not appended as an event
 */
public record StreamEvent(long id, String stream, String event, JsonNode payload, Instant createdAt) {}
