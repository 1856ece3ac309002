package dev.holdfast.cli;

import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine.Command;

/**
 * The run from which the build makes the start-up cache: it does what commands do first, touches no store, prints
 * nothing, and ends by itself.
 */
@Command(name = "train", hidden = true, description = "Load what commands need, for the start-up cache.")
final class TrainCommand implements Runnable {
    @Override
    public void run() {
        var nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(nowhere, nowhere, "version");
        Main.run(nowhere, nowhere, "--no-such-option");
    }
}
