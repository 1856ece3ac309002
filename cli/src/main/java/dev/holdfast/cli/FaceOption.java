package dev.holdfast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** As whom a command shows entries. */
final class FaceOption {
    /** Whose look there is besides JSON. */
    enum Face {
        /** A line of text for each entry, as Deno's console prints it. */
        deno
    }

    @Option(
            names = "--as",
            paramLabel = "FACE",
            description = "deno: keys, values and versionstamps as Deno shows them, a line of text each.")
    private @Nullable Face face;

    /** Looks whether the other flags of the command go with it. */
    void prepare(ResultCommand command) {
        if (isDeno()) {
            command.requireLines("--as deno");
        }
    }

    boolean isDeno() {
        return face == Face.deno;
    }
}
