package dev.holdfast.cli;

import dev.holdfast.testkit.ChildJvm;
import java.net.URI;
import java.nio.file.Path;

/** The packaged server on a store, in a process of its own and on a free port. Closing it kills it. */
final class ServedStore implements AutoCloseable {
    private static final String LISTENING = "listening on ";

    private final ChildJvm process;
    private final String base;

    private ServedStore(ChildJvm process) {
        this.process = process;
        process.awaitLine(line -> line.startsWith(LISTENING));
        this.base = process.lines().getFirst().substring(LISTENING.length());
    }

    /** Starts the server; it accepts requests when this returns. */
    static ServedStore start(String db) {
        Path launcher = LauncherSandbox.launcher().toAbsolutePath().normalize();
        ProcessBuilder program = new ProcessBuilder(launcher.toString(), "serve", "--db", db, "--port", "0");
        program.environment().put("JAVA_HOME", System.getProperty("java.home"));
        program.environment().remove("HOLDFAST_TOKEN");
        return new ServedStore(ChildJvm.start(program));
    }

    /** The address of a route of the KeyVal interface. */
    URI keyval(String path) {
        return URI.create(base + "/keyval/api" + path);
    }

    /** The address below the record stores. */
    URI records(String path) {
        return URI.create(base + "/v1/record-stores" + path);
    }

    /** The address of a stream. */
    URI stream(String name) {
        return URI.create(base + "/v1/stream/" + name);
    }

    /** Kills it with SIGKILL; it is gone when this returns. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
