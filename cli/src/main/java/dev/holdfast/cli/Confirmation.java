package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import picocli.CommandLine.Option;

/** What a command asks for before it removes much at once. */
final class Confirmation {
    @Option(names = "--yes", description = "Really do it; without this flag nothing is done.")
    private boolean yes;

    /**
     * Refuses what was not confirmed.
     *
     * @param what the command does, as in "deletes all of it"
     */
    void require(String what) {
        if (!yes) {
            throw new InvalidInputException("cli.not_confirmed", "this " + what + " for good; say so with --yes");
        }
    }
}
