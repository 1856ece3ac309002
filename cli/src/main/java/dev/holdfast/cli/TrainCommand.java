package dev.holdfast.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The run from which the build makes the start-up cache: it does what commands and the server do first, on a store of
 * its own that it deletes, prints nothing, and ends by itself.
 */
@Command(name = "train", hidden = true, description = "Do what commands do first, for the start-up cache.")
final class TrainCommand implements Callable<Integer> {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("kv", "set", "users/42", "{\"name\":\"Ann\"}"),
            List.of("kv", "get", "users/42"),
            List.of("kv", "list", "users", "--where", "{\"name\":\"Ann\"}", "-o", "table"),
            List.of("collection", "insert", "notes", "{\"n\":1}"),
            List.of("collection", "find", "notes"));

    @Option(
            names = "--native",
            paramLabel = "FOLDER",
            description = "Put the native library of SQLite there, and use it.")
    private @Nullable Path natives;

    private final PrintWriter nowhere = new PrintWriter(Writer.nullWriter());

    @Override
    public Integer call() throws IOException {
        if (natives != null) {
            SqliteLibrary.install(natives);
        }
        int code = Main.run(nowhere, nowhere, "version");
        Main.run(nowhere, nowhere, "version", "--no-such-option");
        Path folder = Files.createTempDirectory("holdfast-train");
        try {
            String db = folder.resolve("store.db").toString();
            for (List<String> command : COMMANDS) {
                code = Math.max(code, run(nowhere, command, "--db", db));
            }
            return Math.max(code, serve(db));
        } finally {
            delete(folder);
        }
    }

    /** Serves the store, asks it a few things, and stops it as an operator does. */
    private int serve(String db) {
        FirstLine announced = new FirstLine(line -> {
            try {
                TrainRequests.send(URI.create(line.substring(line.indexOf("http"))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                StopSignal.raise();
            }
        });
        return run(new PrintWriter(announced), List.of("serve"), "--db", db, "--port", "0");
    }

    private int run(PrintWriter out, List<String> command, String... options) {
        return Main.run(
                out,
                nowhere,
                Stream.concat(command.stream(), Stream.of(options)).toArray(String[]::new));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }
}
