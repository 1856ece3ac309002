package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged program, in a process of its own whose output is kept in files. Closing it kills it.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String LISTENING = "listening on ";

    private final Process process;
    private final Path out;
    private final Path err;

    private ServerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code holdfast} with these words, in a folder where its output is kept too. */
    static ServerProcess start(Path folder, Map<String, String> environment, String... words) throws IOException {
        String launcher =
                LauncherSandbox.launcher().toAbsolutePath().normalize().toString();
        List<String> command =
                Stream.concat(Stream.of(launcher), Stream.of(words)).toList();
        return start(folder, environment, new ProcessBuilder(command));
    }

    /** Starts a program that becomes {@code holdfast}. */
    static ServerProcess start(Path folder, Map<String, String> environment, ProcessBuilder program)
            throws IOException {
        Path out = Files.createTempFile(folder, "serve", ".out");
        Path err = Files.createTempFile(folder, "serve", ".err");
        program.environment().put("JAVA_HOME", System.getProperty("java.home"));
        List.of("HOLDFAST_DB", "HOLDFAST_TOKEN", "HOLDFAST_TLS_PASSWORD").forEach(program.environment()::remove);
        program.environment().putAll(environment);
        Process process = program.directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new ServerProcess(process, out, err);
    }

    /** Serves a new store in the folder, on a free port; it accepts requests when this returns. */
    static ServerProcess serve(Path folder, String... flags) throws IOException {
        String[] words = Stream.concat(Stream.of("serve", "--db", "app.db", "--port", "0"), Stream.of(flags))
                .toArray(String[]::new);
        ServerProcess server = start(folder, Map.of(), words);
        server.awaitBase();
        return server;
    }

    /** Waits until it listens; answers where. */
    URI awaitBase() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> out().endsWith("\n") || !process.isAlive());
        assertThat(out()).as(err()).startsWith(LISTENING);
        return URI.create(out().strip().substring(LISTENING.length()));
    }

    /** Where a path of it is found. */
    URI at(String path) {
        return URI.create(awaitBase() + path);
    }

    /** What it has printed on standard output so far. */
    String out() {
        return text(out);
    }

    /** What it has printed on standard error so far. */
    String err() {
        return text(err);
    }

    /** Asks it to stop, with SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits until it has ended; answers its exit code. */
    int awaitExit() {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> !process.isAlive());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
