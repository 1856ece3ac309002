package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shell commands of our pages work as pasted, in a folder where {@code bin/holdfast}, {@code examples}, the jars of
 * the build and the program of the README are; only the port of a server is another one.
 */
class PagesIT {
    private static final Path ROOT =
            LauncherSandbox.launcher().resolve("../..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PROGRAM = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern TO_TRY = Pattern.compile("^ +(find|search|watch) +(curl .*)$", Pattern.MULTILINE);
    private static final String DEFAULT_ADDRESS = "(127\\.0\\.0\\.1|localhost):4437";

    /** Commands that serve, that build, that concern a shell alone, or that want what a page cannot know. */
    private static final List<String> NOT_HERE =
            List.of("bin/holdfast serve", "mvn ", "source ", "bin/holdfast token revoke", "holdfast restore");

    @TempDir
    Path folder;

    @BeforeEach
    void checkout() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("copies"));
        Files.createDirectories(folder.resolve("examples/data"));
        LauncherSandbox.program(folder.resolve("bin/holdfast"), "exec '" + ROOT.resolve("bin/holdfast") + "' \"$@\"\n");
        Files.copy(ROOT.resolve("examples/data/regions.ndjson"), folder.resolve("examples/data/regions.ndjson"));
        Files.createSymbolicLink(folder.resolve("cli"), ROOT.resolve("cli"));
        Matcher program = PROGRAM.matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(program.find()).isTrue();
        Files.writeString(folder.resolve("Orders.java"), program.group(1));
    }

    @Test
    void theFirstCommandOfTheReadmePrintsThreeToTry() throws Exception {
        String first = commands("README.md").getFirst();
        assertThat(first).isEqualTo("bin/holdfast serve --db regions.db --example examples/data/regions.ndjson");
        ProcessBuilder program = new ProcessBuilder("sh", "-c", "exec " + first + " --port 0");
        try (ServerProcess server = ServerProcess.start(folder, Map.of(), program)) {
            URI base = server.awaitBase();
            await().atMost(Duration.ofMinutes(1)).until(() -> toTry(server).size() == 3);
            Map<String, String> commands = toTry(server);
            assertThat(commands.values()).allMatch(command -> command.contains(base.toString()));

            var found = Json.parse(run(commands.getOrDefault("find", "")));
            assertThat(found)
                    .hasSize(3)
                    .allMatch(entry ->
                            entry.path("value").path("type").stringValue().equals("Canton"));
            assertThat(run(commands.getOrDefault("search", ""))).contains("S\u00e3o Paulo");
            watchSeesAChange(commands.getOrDefault("watch", ""), base);
            server.terminate();
            assertThat(server.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/guide/cli.md",
                "docs/guide/keyval.md",
                "docs/guide/server.md",
                "docs/guide/collections.md",
                "docs/guide/operations.md",
                "docs/reference/durable-streams.md"
            })
    void theCommandsOfAPageSucceed(String page) throws Exception {
        List<String> commands = commands(page).stream()
                .filter(command -> NOT_HERE.stream().noneMatch(command::startsWith))
                .toList();
        assertThat(commands).isNotEmpty();
        try (ServerProcess server = ServerProcess.serve(folder)) {
            String address = server.awaitBase().getAuthority();
            for (String command : commands) {
                String printed = run(command.replaceFirst(DEFAULT_ADDRESS, address));
                if (command.startsWith("curl")) {
                    assertThat(printed).as(command).doesNotContain("\"error\"", "\"status\":4", "\"status\":5");
                }
            }
        }
    }

    /** The lines of the shell blocks of a page; one that ends with a backslash goes on in the next. */
    private static List<String> commands(String page) throws IOException {
        List<String> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve(page)));
        while (block.find()) {
            block.group(1)
                    .replace("\\\n", "")
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(commands::add);
        }
        return commands;
    }

    private static Map<String, String> toTry(ServerProcess server) {
        Map<String, String> commands = new TreeMap<>();
        TO_TRY.matcher(server.err()).results().forEach(line -> commands.put(line.group(1), line.group(2)));
        return commands;
    }

    /** The watch prints what is there; what is written then comes by itself. */
    private void watchSeesAChange(String watch, URI base) throws Exception {
        Process process = shell("exec " + watch).start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            awaitLine(lines, "regions");
            run("curl -s -X PUT " + base + "/keyval/api/keys/regions/CH/CH-AG -d '{\"name\":\"changed here\"}'");
            awaitLine(lines, "changed here");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(wanted)) {
            line = lines.readLine();
        }
        assertThat(line).as("a line with %s", wanted).isNotNull();
    }

    /** Runs a command to its end; answers what it printed. */
    private String run(String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "command", ".out");
        Process process = shell(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(command).isTrue();
        String printed = Files.readString(out);
        assertThat(process.exitValue()).as("%s: %s", command, printed).isZero();
        return printed;
    }

    private ProcessBuilder shell(String command) {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).directory(folder.toFile());
        shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
        String java = System.getProperty("java.home") + "/bin";
        shell.environment().put("PATH", folder.resolve("bin") + ":" + java + ":" + System.getenv("PATH"));
        shell.environment().remove("HOLDFAST_DB");
        return shell;
    }
}
