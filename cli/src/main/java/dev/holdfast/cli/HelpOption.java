package dev.holdfast.cli;

import picocli.CommandLine.Option;

/** What every command answers: how it is used. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean asked;
}
