package dev.holdfast.cli;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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
            TransferCommands.Export.class,
            TransferCommands.Import.class,
            TokenCommand.class,
            ServeCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            TrainCommand.class
        })
public final class Main {
    private static final int SYNOPSIS_MAX = 160;
    private static final Map<String, String> EXIT_CODES = exitCodes();

    private Main() {}

    /** Runs one command and ends the JVM with its exit code: 0 done, 1 failed, 2 wrong command line. */
    public static void main(String[] args) {
        Logs.begin();
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs one command in this JVM and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = commandLine();
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((refused, words) -> refuse(refused));
        line.setExecutionExceptionHandler((failure, at, result) -> fail(failure, at));
        return line.execute(args);
    }

    /** The commands with their flags. */
    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        line.registerConverter(Duration.class, new DurationConverter());
        line.registerConverter(ByteSize.class, new ByteSize.Converter());
        explain(line);
        return line;
    }

    /** One line for what the store refused or could not do; anything else is a fault of ours and shows its trace. */
    private static int fail(Exception failure, CommandLine at) throws Exception {
        String told = switch (failure) {
            case HoldfastException known -> known.detail() + " [" + known.code() + "]";
            case IOException file -> told(file) + " [cli.file]";
            default -> throw failure;
        };
        at.getErr().println("holdfast: " + told);
        return failure instanceof InvalidInputException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** What went wrong with a file; the exceptions of the file system often say no more than its name. */
    private static String told(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no file " + missing.getMessage();
            case AccessDeniedException closed -> "no permission for the file " + closed.getMessage();
            default -> failure.getClass().getSimpleName() + ": " + failure.getMessage();
        };
    }

    /** Gives every command the flag for help and the exit codes in it. */
    private static void explain(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(EXIT_CODES);
        line.getSubcommands().values().forEach(Main::explain);
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
            return "usage: " + usage(refused.getCommandLine());
        }
        return "commands: " + String.join(", ", visible(spec));
    }

    /** The synopsis, or where it stands when it is too long for a line. */
    private static String usage(CommandLine at) {
        String synopsis = at.getHelp().synopsis(0).lines().map(String::strip).collect(Collectors.joining(" "));
        return synopsis.length() <= SYNOPSIS_MAX
                ? synopsis
                : at.getCommandSpec().qualifiedName() + " --help";
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "not there, or it failed");
        codes.put("2", "the command line or the input is wrong");
        return codes;
    }

    private static List<String> visible(CommandSpec spec) {
        return spec.subcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(command -> command.getKey())
                .toList();
    }
}
