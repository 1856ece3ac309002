package dev.holdfast.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The client under the hands of a conformance suite: one command a line on standard input, one answer a line on
 * standard output. It ends with the command {@code shutdown}, or with its input.
 */
@Command(
        name = "client-adapter",
        description = "Put the client of Durable Streams under a conformance suite: JSON lines in, JSON lines out.")
final class ClientAdapterCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec, "spec").commandLine().getOut();
        try (AdapterSession session = new AdapterSession();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                if (!line.isBlank()) {
                    out.print(session.answer(line) + "\n");
                    out.flush();
                }
                line = session.isOver() ? null : in.readLine();
            }
        }
        return 0;
    }
}
