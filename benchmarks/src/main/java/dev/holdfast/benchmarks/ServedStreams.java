package dev.holdfast.benchmarks;

import dev.holdfast.cli.load.LoadTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A server of Durable Streams in a process of its own: ours, or the public one of Node with its file store. */
final class ServedStreams implements AutoCloseable {
    private static final String LISTENING = "listening on ";
    private static final String STREAMS = "/v1/stream";
    /** Those of the launcher, so that the server is the one that people run. */
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-Xms48m", "-Xmn32m", "-Xmx512m", "-XX:ReservedCodeCacheSize=64m");
    /** With a heap that is resident from the beginning, so that it can be told from what lies beyond it. */
    private static final List<String> RESIDENT =
            List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:ReservedCodeCacheSize=64m");

    private final Process process;
    private final BufferedReader printed;
    private final PrintWriter asked;
    private final LoadTarget root;

    private ServedStreams(ProcessBuilder program) throws IOException {
        process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        printed = process.inputReader(StandardCharsets.UTF_8);
        asked = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        String line;
        do {
            line = Objects.requireNonNull(printed.readLine(), "the server ended before it listened");
        } while (!line.startsWith(LISTENING));
        root = LoadTarget.of(line.substring(LISTENING.length()), Optional.empty());
    }

    /** A server and where it keeps its streams. */
    @FunctionalInterface
    interface Start {
        ServedStreams in(Path folder) throws IOException;
    }

    static ServedStreams holdfast(Path folder) throws IOException {
        return holdfast(folder, FLAGS);
    }

    static ServedStreams resident(Path folder) throws IOException {
        return holdfast(folder, RESIDENT);
    }

    private static ServedStreams holdfast(Path folder, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(flags);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), StreamServer.class.getName(), folder.toString()));
        ProcessBuilder program = new ProcessBuilder(command);
        program.environment().put("MALLOC_ARENA_MAX", "2");
        return new ServedStreams(program);
    }

    static ServedStreams node(Path folder) throws IOException {
        return new ServedStreams(PeerScript.nodeProgram("durable-streams.mjs", folder.toString()));
    }

    /** Where streams are made. */
    LoadTarget streams() {
        return root.at(STREAMS);
    }

    /** Another place of the server. */
    LoadTarget at(String path) {
        return root.at(path);
    }

    ServerUsage usage() throws IOException {
        return ServerUsage.of(process.pid());
    }

    long pid() {
        return process.pid();
    }

    /** What the heap holds after a collection; of our server only. */
    long heapBytes() throws IOException {
        asked.println("heap");
        return Long.parseLong(Objects.requireNonNull(printed.readLine(), "the server has ended"));
    }

    /** Lets it end in order, and waits until it has. */
    @Override
    public void close() {
        asked.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
