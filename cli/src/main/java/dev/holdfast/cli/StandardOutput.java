package dev.holdfast.cli;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where all output of a command goes. What cannot be written ends the command with an {@link OutputLostException}: the
 * writers above keep the exceptions of a stream to themselves, but let this one pass.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream target;

    StandardOutput(OutputStream target) {
        this.target = target;
    }

    @Override
    public void write(int b) {
        attempt(() -> target.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        attempt(() -> target.write(bytes, offset, length));
    }

    @Override
    public void flush() {
        attempt(target::flush);
    }

    private interface Act {
        void run() throws IOException;
    }

    private static void attempt(Act act) {
        try {
            act.run();
        } catch (IOException e) {
            throw new OutputLostException(e);
        }
    }
}
