package dev.holdfast.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An answer, or what an event stream tells at once, is larger than the client takes. Asking again would not help. */
final class AnswerTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    AnswerTooLarge(long bytes, int bytesMax) {
        super("too large (bytes=" + bytes + " or more, answerBytesMax=" + bytesMax + ")");
    }

    /** Whether this is why something failed; the JDK's client wraps what its subscribers throw. */
    static boolean isBehind(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof AnswerTooLarge)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
