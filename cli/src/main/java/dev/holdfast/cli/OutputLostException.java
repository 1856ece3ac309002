package dev.holdfast.cli;

import dev.holdfast.engine.FileErrors;
import java.io.IOException;

/** Standard output cannot be written: its disk is full, or who read it has gone. It ends the command. */
final class OutputLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String READER_GONE = "Broken pipe";

    private final boolean readerGone;

    OutputLostException(IOException cause) {
        super("standard output cannot be written: " + FileErrors.words(cause), cause);
        this.readerGone = READER_GONE.equals(cause.getMessage());
    }

    /** Whether it was a pipe that nobody reads any more, as behind {@code head}. */
    boolean isReaderGone() {
        return readerGone;
    }
}
