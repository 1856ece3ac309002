package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * The content of an append before its place is known. JSON is taken apart once, before the turn to write has come where
 * that can be; that it is malformed is told only when everything else about the append is right.
 */
final class AppendContent {
    private final byte[] body;
    private final int messagesMax;
    private @Nullable JsonMessages messages;
    private @Nullable InvalidInputException malformed;

    AppendContent(byte[] body, int messagesMax) {
        this.body = body;
        this.messagesMax = messagesMax;
    }

    boolean isEmpty() {
        return body.length == 0;
    }

    /** Takes JSON apart now, and keeps what is wrong with it for later. */
    AppendContent asJson() {
        if (messages == null && malformed == null) {
            try {
                messages = JsonMessages.parse(body, messagesMax);
            } catch (InvalidInputException e) {
                malformed = e;
            }
        }
        return this;
    }

    /** What is stored behind the tail of a stream; no units for an empty array. */
    StreamContent behind(StreamRow row) {
        if (!row.json()) {
            return StreamContent.bytes(body);
        }
        asJson();
        if (messages == null) {
            throw malformed == null ? new IllegalStateException("JSON is messages or malformed") : malformed;
        }
        return messages.content(row.tail() + messages.count());
    }
}
