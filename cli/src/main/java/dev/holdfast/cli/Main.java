package dev.holdfast.cli;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code holdfast}. */
@Command(
        name = "holdfast",
        description = "Durable application state in one database and one transaction.",
        subcommands = {
            KvCommand.class,
            CollectionCommand.class,
            SearchCommand.class,
            SchemaCommand.class,
            DoctorCommand.class,
            TransferCommands.Backup.class,
            TransferCommands.Restore.class,
            ServeCommand.class,
            VersionCommand.class,
            TrainCommand.class
        })
public final class Main {
    private Main() {}

    /** Runs one command and ends the JVM with its exit code: 0 done, 1 failed, 2 wrong command line. */
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs one command in this JVM and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        var line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((refused, words) -> refuse(refused));
        line.setExecutionExceptionHandler((failure, at, result) -> fail(failure, at));
        return line.execute(args);
    }

    /** One line for what the store refused or could not do; anything else is a fault of ours and shows its trace. */
    private static int fail(Exception failure, CommandLine at) throws Exception {
        if (failure instanceof HoldfastException known) {
            at.getErr().println("holdfast: " + known.detail() + " [" + known.code() + "]");
            return known instanceof InvalidInputException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        }
        throw failure;
    }

    /** One line: what was wrong, and what would be right. */
    private static int refuse(ParameterException refused) {
        CommandLine at = refused.getCommandLine();
        String message = Objects.requireNonNullElse(refused.getMessage(), "wrong command line")
                .lines()
                .findFirst()
                .orElse("");
        at.getErr().println("holdfast: " + message + "; " + advice(refused));
        return CommandLine.ExitCode.USAGE;
    }

    private static String advice(ParameterException refused) {
        CommandSpec spec = refused.getCommandLine().getCommandSpec();
        if (refused instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                return "did you mean " + String.join(" or ", near) + "?";
            }
        }
        if (refused instanceof MissingParameterException || spec.subcommands().isEmpty()) {
            return "usage: " + refused.getCommandLine().getHelp().synopsis(0).strip();
        }
        return "commands: " + String.join(", ", visible(spec));
    }

    private static List<String> visible(CommandSpec spec) {
        return spec.subcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(command -> command.getKey())
                .toList();
    }
}
