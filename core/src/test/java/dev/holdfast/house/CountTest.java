package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/count} sees what the reports say. */
class CountTest {
    private static final String PASSED = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite xmlns:xsi="x" name="a.PostgresKvTest" time="0.1"
                tests="3" errors="0" skipped="0" failures="0">
              <testcase name="one" classname="a.PostgresKvTest"/>
              <testcase name="two(int)[1]" classname="a.PostgresKvTest">
                <system-out><![CDATA[<testsuite name="b" tests="9">]]></system-out>
              </testcase>
              <testcase name="two(int)[2]" classname="a.PostgresKvTest"/>
            </testsuite>
            """;
    private static final String FAILED = """
            <testsuite name="a.BadTest" tests="3" errors="1" skipped="0" failures="1">
              <testcase name="one" classname="a.BadTest"><failure>no</failure></testcase>
              <testcase name="two" classname="a.BadTest"><error>no</error></testcase>
              <testcase name="three" classname="a.BadTest"/>
            </testsuite>
            """;
    private static final String SKIPPED = """
            <testsuite name="a.LazyTest" tests="2" errors="0" skipped="1" failures="0">
              <testcase name="rests(int)[1]" classname="a.LazyTest">
                <skipped message="not today"/>
              </testcase>
              <testcase name="works" classname="a.LazyTest"/>
            </testsuite>
            """;

    @TempDir
    Path temp;

    private record Result(int code, List<String> lines) {}

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(temp.resolve("ci"));
        Files.copy(Checkout.root().resolve(".ci/count"), temp.resolve("ci/count"));
        write("ci/allowed-skips", "# none\n");
        write("ci/required-suites", "# some\nPostgres 3\n");
        write("m/target/surefire-reports/TEST-a.PostgresKvTest.xml", PASSED);
    }

    @Test
    void addsUpTheReportsOfAllModules() throws Exception {
        write("n/deep/target/failsafe-reports/TEST-a.PostgresIT.xml", PASSED);

        assertThat(count())
                .isEqualTo(new Result(
                        0, List.of("Postgres: 6 tests ran, at least 3 wanted", "6 passed, 0 failed, 0 skipped")));
    }

    @Test
    void failsWithTheTests() throws Exception {
        write("n/target/surefire-reports/TEST-a.BadTest.xml", FAILED);

        Result result = count();

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).endsWith("4 passed, 2 failed, 0 skipped");
    }

    @Test
    void failsOnASkipWithoutLeave() throws Exception {
        write("n/target/surefire-reports/TEST-a.LazyTest.xml", SKIPPED);
        write("ci/allowed-skips", "a.LazyTest#works for a reason\na.LazyTest#rests\n");

        Result result = count();

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines())
                .startsWith("skipped without leave: a.LazyTest#rests (see .ci/allowed-skips)")
                .endsWith("4 passed, 0 failed, 1 skipped");
    }

    @Test
    void letsAListedTestBeSkipped() throws Exception {
        write("n/target/surefire-reports/TEST-a.LazyTest.xml", SKIPPED);
        write("ci/allowed-skips", "a.LazyTest#rests needs a tape drive\n");

        Result result = count();

        assertThat(result.code()).isZero();
        assertThat(result.lines()).endsWith("4 passed, 0 failed, 1 skipped");
    }

    @Test
    void failsWhenARequiredSuiteDidNotRun() throws Exception {
        write("ci/required-suites", "Postgres 4\n");

        Result result = count();

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).anyMatch(line -> line.startsWith("Postgres: only 3 tests ran, at least 4 wanted"));
    }

    @Test
    void failsWhenNothingRan() throws Exception {
        write("ci/required-suites", "");
        Files.delete(temp.resolve("m/target/surefire-reports/TEST-a.PostgresKvTest.xml"));

        assertThat(count()).isEqualTo(new Result(1, List.of("no test ran", "0 passed, 0 failed, 0 skipped")));
    }

    private void write(String path, String text) throws IOException {
        Path file = temp.resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private Result count() throws IOException, InterruptedException {
        var command = new ProcessBuilder("bash", temp.resolve("ci/count").toString(), temp.toString());
        Process process = command.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out.lines().toList());
    }
}
