package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs the scripts below {@code conformance} against a packaged server. */
final class Suites {
    static final Path ROOT =
            LauncherSandbox.launcher().resolve("../..").toAbsolutePath().normalize();

    private static final int MINUTES_MAX = 8;

    private Suites() {}

    /** Runs a script with some words; answers what it has printed. */
    static String run(Path folder, String script, String... words) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "suite", ".log");
        List<String> command = Stream.concat(
                        Stream.of(ROOT.resolve("conformance").resolve(script).toString()), Stream.of(words))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as(Files.readString(log))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(log);
    }

    /** The first block of a page that is fenced as of this language. */
    static String block(String page, String language) {
        Matcher block = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    /** Requires that nothing failed, and that this many checks passed at least. */
    static void requirePassed(String said, int passedMin) {
        String last = said.lines().reduce("", (before, line) -> line);
        assertThat(last).as(said).matches("\\d+ passed, 0 failed, \\d+ skipped");
        assertThat(Integer.parseInt(last.substring(0, last.indexOf(' ')))).isGreaterThanOrEqualTo(passedMin);
    }
}
