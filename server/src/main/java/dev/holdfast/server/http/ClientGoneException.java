package dev.holdfast.server.http;

import java.io.IOException;

/** The client went away in the middle of its request. There is nobody to answer, and nothing for the log. */
final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    ClientGoneException(Throwable cause) {
        super("the client went away before its request was complete", cause);
    }
}
