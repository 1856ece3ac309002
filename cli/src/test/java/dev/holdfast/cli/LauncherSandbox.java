package dev.holdfast.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A checkout that holds the launcher and nothing else of ours, in a folder with a space in its name, on a machine of
 * which the test decides what is installed: no program is on the PATH but a few of POSIX, and JDKs are scripts that
 * print what they are given.
 */
final class LauncherSandbox {
    private static final List<String> TOOLS = List.of(
            "dirname", "readlink", "sed", "find", "cmp", "cp", "mv", "rm", "mkdir", "touch", "flock", "timeout");

    private final Path root;
    private final Path path;
    private final Path jdks;
    private final Map<String, String> environment = new TreeMap<>();

    /** What a run of the launcher left behind. */
    record Result(int code, String out, String err) {
        List<String> words() {
            return out.lines().toList();
        }
    }

    LauncherSandbox(Path temp) throws IOException {
        root = temp.resolve("a checkout");
        path = Files.createDirectories(temp.resolve("path"));
        jdks = Files.createDirectories(temp.resolve("some jdks"));
        Files.createDirectories(root.resolve("bin"));
        Files.copy(launcher(), root.resolve("bin/holdfast"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String tool : TOOLS) {
            for (String folder : System.getenv("PATH").split(":", 0)) {
                Path program = Path.of(folder, tool);
                if (Files.isExecutable(program) && !Files.exists(path.resolve(tool))) {
                    install(tool, "exec " + program + " \"$@\"\n");
                }
            }
        }
        set("PATH", path.toString());
        set("HOLDFAST_JDKS", jdks.toString());
    }

    static Path launcher() {
        return Path.of(System.getProperty("holdfast.root", "..")).resolve("bin/holdfast");
    }

    LauncherSandbox set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Installs a JDK whose {@code java} prints its folder, then each of its arguments on a line. */
    Path jdk(String name, String version) throws IOException {
        return jdk(name, version, "echo " + name + "\nfor word in \"$@\"; do printf '%s\\n' \"$word\"; done\n");
    }

    /** Installs a JDK whose {@code java} is the given script. */
    Path jdk(String name, String version, String script) throws IOException {
        Path home = jdks.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "JAVA_RUNTIME_VERSION=\"" + version + "+9\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), script);
        return home;
    }

    /** Puts a program on the PATH. */
    void install(String name, String script) throws IOException {
        program(path.resolve(name), script);
    }

    /** Puts a link to a program on the PATH. */
    void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(path.resolve(name), target);
    }

    /** Makes what the build would make, an hour old. */
    LauncherSandbox built() throws IOException {
        Files.createDirectories(target("lib"));
        for (Path file : List.of(target("holdfast-cli.jar"), target("lib/some.jar"), target("lib"))) {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            age(file, 3_600);
        }
        return this;
    }

    /** Makes the start-up cache of a JDK. */
    LauncherSandbox cached(Path jdk, int ageSeconds) throws IOException {
        Files.writeString(target("holdfast.aot"), "cache");
        Files.copy(jdk.resolve("release"), target("holdfast.aot.jdk"));
        age(target("holdfast.aot"), ageSeconds);
        return this;
    }

    void age(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    Path target(String name) {
        return root.resolve("cli/target").resolve(name);
    }

    Path root() {
        return root;
    }

    Result run(String... args) throws IOException, InterruptedException {
        return run(root.resolve("bin/holdfast"), Path.of("/"), environment, args);
    }

    Result runAs(Path launcher, Path folder, String... args) throws IOException, InterruptedException {
        return run(launcher, folder, environment, args);
    }

    /** Runs a launcher to its end, under the system's POSIX shell. */
    static Result run(Path launcher, Path folder, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("launcher", ".out");
        Path err = Files.createTempFile("launcher", ".err");
        try {
            var command = new ProcessBuilder(launcher.toString());
            command.command().addAll(Arrays.asList(args));
            command.environment().clear();
            command.environment().putAll(environment);
            command.directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
            Process process = command.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("the launcher did not end: " + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
