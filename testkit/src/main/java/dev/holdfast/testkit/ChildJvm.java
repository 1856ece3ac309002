package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * Another Java process with the class path of this one, for tests of several processes and of crashes. Closing it kills
 * it.
 *
 * <p>What it prints is collected line by line on threads of its own. A line counts when its end has arrived: of a
 * process that was killed, the last words may be missing but are never cut.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Process process;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private final Thread output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = Thread.ofPlatform().daemon().start(() -> collect(process.getInputStream(), lines));
        Thread.ofPlatform().daemon().start(() -> collect(process.getErrorStream(), errors));
    }

    /** Starts a class that has a {@code main} method. */
    public static ChildJvm start(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return start(new ProcessBuilder(command));
    }

    /** Starts a program that becomes a JVM without a shell in between, as the packaged one does. */
    public static ChildJvm start(ProcessBuilder program) {
        try {
            return new ChildJvm(program.start());
        } catch (IOException e) {
            throw new UncheckedIOException("a child process did not start", e);
        }
    }

    /** What it has printed to its standard output so far. */
    public List<String> lines() {
        synchronized (lines) { // as synchronizedList asks of whoever iterates
            return List.copyOf(lines);
        }
    }

    /** Waits, for at most four minutes, until it has printed such a line; fails when it ends without. */
    public void awaitLine(Predicate<String> wanted) {
        awaitLines(printed -> printed.stream().anyMatch(wanted));
    }

    /** Waits, for at most four minutes, until its lines are such; fails when it ends before. */
    public void awaitLines(Predicate<List<String>> wanted) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> {
            boolean ended = !output.isAlive();
            if (wanted.test(lines())) {
                return true;
            }
            if (ended) {
                throw new IllegalStateException("the child process ended early: " + errors);
            }
            return false;
        });
    }

    /** Sends a line to its standard input. */
    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the child process does not listen: " + errors, e);
        }
    }

    /** Kills it with SIGKILL and returns when it is gone and everything it had printed has been collected. */
    public void kill() {
        // Through the handle: Process.destroyForcibly would also close the pipe, and what is still in it was printed.
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /** Waits, for at most four minutes, until it has ended by itself; fails unless its exit code is 0. */
    public void awaitSuccess() {
        int code = awaitEnd();
        if (code != 0) {
            throw new IllegalStateException("the child process failed (exit code " + code + "): " + errors);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            // What it started would outlive it.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            kill();
        }
    }

    private int awaitEnd() {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> !process.isAlive() && !output.isAlive());
        return process.exitValue();
    }

    private void collect(InputStream in, List<String> into) {
        StringBuilder line = new StringBuilder();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '\n') {
                    into.add(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
        } catch (IOException e) {
            // The pipe of a killed process may break; what had arrived counts.
            errors.add("output ended: " + e.getMessage());
        }
    }
}
