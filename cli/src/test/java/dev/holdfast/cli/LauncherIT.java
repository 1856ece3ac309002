package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program under the real launcher and the JDK that runs the tests. */
class LauncherIT {
    private static final Path LAUNCHER =
            LauncherSandbox.launcher().toAbsolutePath().normalize();
    private static final Path ROOT = LAUNCHER.resolve("../..").normalize();
    private static final String SHOW_MAIN = "-Xlog:class+load=info:stdout";

    @TempDir
    Path temp;

    @Test
    void printsTheVersionOfTheJar() throws Exception {
        var result = run(LAUNCHER, Map.of("JAVA_HOME", jdk()), "version");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("holdfast 0.").contains("JVM " + Runtime.version());
    }

    @Test
    void answersAWrongFlagWithOneLine() throws Exception {
        var result = run(LAUNCHER, Map.of("JAVA_HOME", jdk()), "version", "--loud");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).singleElement().asString().contains("--loud");
    }

    @Test
    void findsANewerJdkThanThatOfJavaHome() throws Exception {
        Path old = temp.resolve("jdk-17");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        LauncherSandbox.program(old.resolve("bin/java"), "exit 1\n");
        String jdks = Path.of(jdk(), "..").normalize().toString();

        var result = run(LAUNCHER, Map.of("JAVA_HOME", old.toString(), "HOLDFAST_JDKS", jdks), "version");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).startsWith("holdfast 0.");
    }

    @Test
    void trainingPrintsNothingAndEnds() throws Exception {
        var result = run(LAUNCHER, Map.of("JAVA_HOME", jdk(), "JAVA_OPTS", "-Djava.io.tmpdir=" + temp), "train");

        assertThat(result.out() + result.err()).isEmpty();
        assertThat(result.code()).isZero();
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("holdfast")))
                    .isEmpty();
        }
    }

    @Test
    void takesClassesFromTheCacheOfTheBuild() throws Exception {
        var result = run(LAUNCHER, Map.of("JAVA_HOME", jdk(), "JAVA_OPTS", SHOW_MAIN), "version");

        assertThat(mainClassSource(result))
                .contains(Runtime.version().feature() >= 25 ? "shared objects file" : "holdfast-cli.jar");
    }

    @Test
    void takesNearlyAllClassesOfACommandFromTheCache() throws Exception {
        String db = temp.resolve("app.db").toString();

        var result =
                run(LAUNCHER, Map.of("JAVA_HOME", jdk(), "JAVA_OPTS", SHOW_MAIN), "kv", "set", "a", "1", "--db", db);

        long fromJars = result.out()
                .lines()
                .filter(line -> line.contains(" source: file:"))
                .count();
        if (Runtime.version().feature() >= 25) {
            assertThat(fromJars).as(result.out()).isLessThan(20);
            assertThat(result.out()).doesNotContain("ProcessStartEvent");
        } else {
            assertThat(fromJars).isPositive();
        }
    }

    @Test
    void takesClassesFromTheJarWhenItIsNewerThanTheCache() throws Exception {
        Path copy = temp.resolve("a copy");
        copy(ROOT.resolve("bin"), copy.resolve("bin"));
        copy(ROOT.resolve("cli/target/lib"), copy.resolve("cli/target/lib"));
        for (String name : new String[] {"holdfast.aot", "holdfast.aot.jdk", "holdfast-cli.jar"}) {
            Path file = ROOT.resolve("cli/target").resolve(name);
            if (Files.exists(file)) {
                Files.copy(file, copy.resolve("cli/target").resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.setLastModifiedTime(copy.resolve("cli/target/holdfast-cli.jar"), FileTime.from(Instant.now()));

        var result = run(copy.resolve("bin/holdfast"), Map.of("JAVA_HOME", jdk(), "JAVA_OPTS", SHOW_MAIN), "version");

        assertThat(mainClassSource(result)).contains("holdfast-cli.jar");
    }

    private static String mainClassSource(LauncherSandbox.Result result) {
        return result.out()
                .lines()
                .filter(line -> line.contains(" dev.holdfast.cli.Main "))
                .findFirst()
                .orElse(result.toString());
    }

    private static LauncherSandbox.Result run(Path launcher, Map<String, String> variables, String... args)
            throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("PATH", System.getenv("PATH"));
        return LauncherSandbox.run(launcher, Path.of("/"), environment, args);
    }

    private static String jdk() {
        return System.getProperty("java.home");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
