package dev.holdfast.client;

/** How a reading goes on when it has reached the tail of the stream. */
public enum Live {
    /** It ends. */
    CATCH_UP,
    /** It asks again and again, and the server answers when there is something. Works through every proxy. */
    LONG_POLL,
    /** The server tells what comes in one answer that does not end (Server-Sent Events). */
    SSE
}
