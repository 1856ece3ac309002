package dev.holdfast.cli;

import dev.holdfast.engine.FileErrors;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code holdfast}. */
@Command(name = "holdfast", description = "Durable application state in one database and one transaction.")
public final class Main {
    private static final int SYNOPSIS_MAX = 160;
    /** What shells tell of a program that SIGPIPE has ended. */
    private static final int READER_GONE = 141;

    private static final Map<String, String> EXIT_CODES = exitCodes();

    /** Every command by the name that its annotation gives it, in the order of the help. */
    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    private Main() {}

    /**
     * Runs one command and ends the JVM with its exit code: 0 done, 1 failed, 2 wrong command line, 141 nobody reads
     * the output any more.
     */
    public static void main(String[] args) {
        Logs.begin();
        var stream = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(stream, false, StandardCharsets.UTF_8));
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        err.flush();
        System.exit(code);
    }

    /** Runs one command in this JVM and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... words) {
        String[] args = commandFirst(words);
        CommandLine line = commandLine(args);
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler(new Teller());
        line.setExecutionExceptionHandler(new Teller());
        line.setExecutionStrategy(parsed -> {
            try {
                int code = new CommandLine.RunLast().execute(parsed);
                out.flush();
                return code;
            } catch (OutputLostException e) {
                return lost(e, err);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof OutputLostException lost) {
                    return lost(lost, err);
                }
                throw e;
            }
        });
        return line.execute(args);
    }

    /** Reads {@code help kv get} as {@code kv get --help}, and {@code --version} as {@code version}. */
    private static String[] commandFirst(String... words) {
        String first = words.length == 0 ? "" : words[0];
        return switch (first) {
            case "help" ->
                Stream.concat(Arrays.stream(words).skip(1), Stream.of("--help")).toArray(String[]::new);
            case "--version", "-V" ->
                Stream.concat(Stream.of("version"), Arrays.stream(words).skip(1))
                        .toArray(String[]::new);
            default -> words;
        };
    }

    /**
     * The commands with their flags: all of them, or the one that the first word names. Reading what the annotations
     * say of all takes longer than most commands run.
     */
    static CommandLine commandLine(String... words) {
        var line = new CommandLine(new Main());
        Supplier<Object> named = words.length == 0 ? null : COMMANDS.get(words[0]);
        if (named == null) {
            COMMANDS.values().forEach(command -> line.addSubcommand(command.get()));
        } else {
            line.addSubcommand(named.get());
        }
        line.registerConverter(Duration.class, new DurationConverter());
        line.registerConverter(ByteSize.class, new ByteSize.Converter());
        line.registerConverter(BigInteger.class, Main::integer);
        explain(line);
        return line;
    }

    private static BigInteger integer(String text) {
        try {
            return new BigInteger(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is no integer");
        }
    }

    /** One line for what the store refused or could not do; anything else is a fault of ours and shows its trace. */
    private static int fail(Exception failure, CommandLine at) throws Exception {
        String told = switch (failure) {
            case HoldfastException known -> known.detail() + " [" + known.code() + "]";
            case IOException file -> told(file) + " [cli.file]";
            case UncheckedIOException file -> told(Objects.requireNonNull(file.getCause(), "cause")) + " [cli.file]";
            default -> throw failure;
        };
        at.getErr().println("holdfast: " + told);
        return isWrongWord(failure) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** Whether the command line is at fault: a file that it names and that is not there counts as one. */
    private static boolean isWrongWord(Exception failure) {
        Throwable why = failure instanceof UncheckedIOException file ? file.getCause() : failure;
        return why instanceof InvalidInputException
                || why instanceof NoSuchFileException
                || why instanceof NotDirectoryException
                || why instanceof AccessDeniedException;
    }

    /** A reader that has gone, as {@code head} does, has what it wanted: no word about that. */
    private static int lost(OutputLostException failure, PrintWriter err) {
        if (failure.isReaderGone()) {
            return READER_GONE;
        }
        err.println("holdfast: " + failure.getMessage() + " [cli.output]");
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** What went wrong with a file; the exceptions of the file system often say no more than its name. */
    private static String told(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no file " + missing.getMessage();
            case AccessDeniedException closed -> "no permission for the file " + closed.getMessage();
            case FileSystemException named
            when named.getFile() != null ->
                "the file " + named.getFile() + " cannot be used: " + FileErrors.words(named);
            default -> "a file cannot be read or written: " + FileErrors.words(failure);
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
            if (spec.optionsMap().containsKey(name(unmatched.getUnmatched().getFirst()))) {
                return "flags stand before --; what comes behind it is no flag";
            }
            List<String> near = near(unmatched, spec);
            if (!near.isEmpty()) {
                return "did you mean " + String.join(" or ", near) + "?";
            }
        }
        if (refused instanceof MissingParameterException || spec.subcommands().isEmpty()) {
            String hint = refused instanceof UnmatchedArgumentException && spec.findOption("--id") != null
                    ? "one document is named by --id ID; "
                    : "";
            return hint + "usage: " + usage(refused.getCommandLine());
        }
        return "commands: " + String.join(", ", visible(spec));
    }

    private static List<String> near(UnmatchedArgumentException unmatched, CommandSpec spec) {
        if (!unmatched.isUnknownOption()) {
            return unmatched.getSuggestions();
        }
        return NearestName.to(
                        name(unmatched.getUnmatched().getFirst()),
                        spec.optionsMap().keySet())
                .stream()
                .toList();
    }

    /** A flag without its value. */
    private static String name(String flag) {
        return flag.replaceFirst("=.*", "");
    }

    /** The synopsis, or where it stands when it is too long for a line. */
    private static String usage(CommandLine at) {
        String synopsis = at.getHelp().synopsis(0).lines().map(String::strip).collect(Collectors.joining(" "));
        return synopsis.length() <= SYNOPSIS_MAX
                ? synopsis
                : at.getCommandSpec().qualifiedName() + " --help";
    }

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("kv", KvCommand::new);
        commands.put("collection", CollectionCommand::new);
        commands.put("stream", StreamCommand::new);
        commands.put("queue", QueueCommand::new);
        commands.put("record", RecordCommand::new);
        commands.put("search", SearchCommand::new);
        commands.put("namespace", NamespaceCommand::new);
        commands.put("schema", SchemaCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("backup", TransferCommands.Backup::new);
        commands.put("restore", TransferCommands.Restore::new);
        commands.put("export", TransferCommands.Export::new);
        commands.put("import", TransferCommands.Import::new);
        commands.put("bench", BenchCommand::new);
        commands.put("token", TokenCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put("client-adapter", ClientAdapterCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("train", TrainCommand::new);
        return commands;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "not there, or it failed");
        codes.put("2", "the command line or the input is wrong, or a file that it names is not there");
        codes.put(Integer.toString(READER_GONE), "nobody reads the output any more");
        return codes;
    }

    /** Tells what went wrong. */
    private static final class Teller implements IParameterExceptionHandler, IExecutionExceptionHandler {
        @Override
        public int handleParseException(ParameterException refused, String[] words) {
            return refuse(refused);
        }

        @Override
        public int handleExecutionException(Exception failure, CommandLine at, ParseResult parsed) throws Exception {
            return fail(failure, at);
        }
    }

    private static List<String> visible(CommandSpec spec) {
        return spec.subcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(command -> command.getKey())
                .toList();
    }
}
