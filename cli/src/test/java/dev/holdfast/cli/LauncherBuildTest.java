package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher does in a checkout that was not built, and in one that was. */
class LauncherBuildTest {
    private static final String BUILD = """
            echo "[INFO] building"
            echo "mvn in $PWD for $JAVA_HOME: $*" >&2
            mkdir -p cli/target/lib
            touch cli/target/holdfast-cli.jar
            """;

    @TempDir
    Path temp;

    private LauncherSandbox sandbox;
    private Path jdk;

    @BeforeEach
    void install() throws IOException {
        sandbox = new LauncherSandbox(temp);
        jdk = sandbox.jdk("jdk-25", "25.0.3");
    }

    @Test
    void buildsOnFirstUseAndThenRuns() throws Exception {
        sandbox.install("mvn", BUILD);

        var result = sandbox.run("version");

        assertThat(result.code()).isZero();
        assertThat(result.words()).startsWith("jdk-25").endsWith("dev.holdfast.cli.Main", "version");
        assertThat(result.err())
                .contains("mvn in " + sandbox.root().toRealPath() + " for " + jdk)
                .contains("-DskipTests", "-pl cli -am package", "[INFO] building")
                .contains("a minute, on a small machine several");
    }

    @Test
    void buildsAgainWhenTheLibrariesAreMissing() throws Exception {
        sandbox.install("mvn", BUILD);
        sandbox.built();
        Files.delete(sandbox.target("lib/some.jar"));
        Files.delete(sandbox.target("lib"));

        assertThat(sandbox.run("version").err()).contains("-am package");
    }

    @Test
    void buildsNothingWhenItIsBuilt() throws Exception {
        sandbox.install("mvn", "exit 1\n");
        sandbox.built();

        var result = sandbox.run("version");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        var result = sandbox.run("version");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).singleElement().asString().contains("not built yet", "mvn");
    }

    @Test
    void saysThatTheBuildFailed() throws Exception {
        sandbox.install("mvn", "echo '[ERROR] no disk'\nexit 1\n");

        var result = sandbox.run("version");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("[ERROR] no disk", "the build failed");
    }

    @Test
    void saysThatTheBuildMadeNoProgram() throws Exception {
        sandbox.install("mvn", "exit 0\n");

        var result = sandbox.run("version");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("the build made no ");
    }
}
