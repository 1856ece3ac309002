package dev.holdfast.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the version of the program and of the JVM that runs it. */
@Command(name = "version", description = "Print the version of Holdfast and of the JVM.")
final class VersionCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before run.

    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(spec, "spec").commandLine();
        line.getOut().println("holdfast " + version() + " (JVM " + Runtime.version() + ")");
    }

    /** What the jar says of itself; classes outside a jar have no version. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
