package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsItsVersionAndThatOfTheJvm() {
        int code = run("version");

        assertThat(code).isZero();
        assertThat(out.toString()).startsWith("holdfast ").contains("JVM " + Runtime.version());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsItsVersionWhenItIsAskedByAFlag() {
        int code = run("--version");

        assertThat(code).isZero();
        assertThat(out.toString()).startsWith("holdfast ").contains("JVM ");
    }

    @Test
    void helpIsAWordToo() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).startsWith("Usage: holdfast").contains("collection", "Exit codes:");

        out.getBuffer().setLength(0);
        assertThat(run("help", "kv", "get")).isZero();
        assertThat(out.toString()).startsWith("Usage: holdfast kv get");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void answersAWrongFlagWithOneLine() {
        int code = run("version", "--loud");

        assertThat(code).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).singleElement().asString().contains("--loud", "usage: holdfast version");
    }

    @Test
    void answersAMistypedCommandWithTheNearestOne() {
        int code = run("versoin");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("versoin", "did you mean", "version");
    }

    @Test
    void answersAnUnknownCommandWithThoseThereAre() {
        int code = run("--quiet");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("--quiet", "commands: ", "version")
                .doesNotContain("train");
    }

    @Test
    void answersNoCommandWithThoseThereAre() {
        int code = run();

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("commands: ", "version");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
