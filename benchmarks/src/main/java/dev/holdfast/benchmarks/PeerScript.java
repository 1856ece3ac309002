package dev.holdfast.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Runs the same work in a peer of another language, by a script in {@code benchmarks/peers}. */
final class PeerScript {
    private static final Path PEERS = Path.of(System.getProperty("holdfast.root", ""), "benchmarks", "peers");

    private PeerScript() {}

    static Outcome deno(String work, Path folder, double scale) throws Exception {
        return run(List.of(bin("deno"), "run", "-A", "--unstable-kv", "deno-kv.mjs"), work, folder, scale);
    }

    static Outcome node(String work, Path folder, double scale) throws Exception {
        return run(List.of(bin("node"), "--no-warnings", "node-sqlite.mjs"), work, folder, scale);
    }

    /** A script of ours in Node, to be started. */
    static ProcessBuilder nodeProgram(String script, String... words) {
        List<String> command = new ArrayList<>(List.of(bin("node"), "--no-warnings", script));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).directory(PEERS.toFile());
    }

    private static String bin(String name) {
        Path program = PEERS.resolve("node_modules/.bin").resolve(name);
        if (!Files.exists(program)) {
            throw new IllegalStateException("not installed: npm ci in " + PEERS);
        }
        return program.toString();
    }

    private static Outcome run(List<String> program, String work, Path folder, double scale) throws Exception {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(work, folder.toString(), Double.toString(scale)));
        String printed = Processes.output(PEERS, command);
        return new JsonMapper().readValue(printed.strip().lines().toList().getLast(), Outcome.class);
    }
}
