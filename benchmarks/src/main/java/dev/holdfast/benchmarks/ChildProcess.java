package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Runs one contestant in a process of its own, in a folder that is empty before and gone after. */
final class ChildProcess {
    private static final JsonMapper JSON = new JsonMapper();
    /** A line of strace: process, seconds since the epoch, call. */
    private static final Pattern SYNC = Pattern.compile("^\\d+ +(\\d+)\\.(\\d{6}) (?:fsync|fdatasync)\\(");

    private static final long MICROS_PER_SECOND = 1_000_000;

    private final Settings settings;
    private final String part;
    private final String contestant;

    ChildProcess(Settings settings, String part, String contestant) {
        this.settings = settings;
        this.part = part;
        this.contestant = contestant;
    }

    Outcome run() throws IOException, InterruptedException {
        return run(List.of());
    }

    /** Calls of fsync and fdatasync in the window, counted by strace, which slows nothing but these calls down. */
    double syncsPerOperation() throws IOException, InterruptedException {
        Path log = settings.scratch().resolve("strace.log");
        Outcome outcome = run(List.of(
                "strace", "-f", "-qq", "--seccomp-bpf", "-ttt", "-e", "trace=fsync,fdatasync", "-o", log.toString()));
        try (Stream<String> lines = Files.lines(log)) {
            long syncs = lines.map(SYNC::matcher)
                    .filter(Matcher::find)
                    .mapToLong(
                            line -> Long.parseLong(line.group(1)) * MICROS_PER_SECOND + Long.parseLong(line.group(2)))
                    .filter(at -> at >= outcome.fromMicros() && at <= outcome.toMicros())
                    .count();
            return (double) syncs / outcome.operations();
        }
    }

    private Outcome run(List<String> prefix) throws IOException, InterruptedException {
        Files.createDirectories(settings.scratch());
        Path folder = Files.createTempDirectory(settings.scratch(), contestant);
        try {
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xms1g", "-Xmx1g"));
            command.add("-Dholdfast.root=" + settings.root());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
            command.addAll(List.of(part, contestant, folder.toString(), Double.toString(settings.scale())));
            String printed = Processes.output(settings.root(), command);
            return JSON.readValue(printed.strip().lines().toList().getLast(), Outcome.class);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
