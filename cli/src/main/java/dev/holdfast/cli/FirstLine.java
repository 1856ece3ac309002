package dev.holdfast.cli;

import java.io.Writer;
import java.util.function.Consumer;

/** A writer that hands the first line to somebody, on a thread of its own, and drops the rest. */
final class FirstLine extends Writer {
    private final Consumer<String> reader;
    private final StringBuilder line = new StringBuilder();
    private boolean complete;

    FirstLine(Consumer<String> reader) {
        this.reader = reader;
    }

    @Override
    public void write(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length && !complete; i++) {
            if (text[i] == '\n') {
                complete = true;
                String first = line.toString();
                Thread.ofVirtual().start(() -> reader.accept(first));
            } else {
                line.append(text[i]);
            }
        }
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
