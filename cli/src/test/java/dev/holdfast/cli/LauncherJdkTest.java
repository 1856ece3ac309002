package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which JDK the launcher takes, and what it says when there is none. */
class LauncherJdkTest {
    @TempDir
    Path temp;

    private LauncherSandbox sandbox;

    @BeforeEach
    void install() throws IOException {
        sandbox = new LauncherSandbox(temp).built();
    }

    @Test
    void takesTheOneOfJavaHome() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3");
        sandbox.set("JAVA_HOME", sandbox.jdk("jdk-21", "21.0.9").toString());

        assertThat(sandbox.run("version").words()).startsWith("jdk-21");
    }

    @Test
    void passesOverAJavaHomeThatIsTooOld() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3");
        sandbox.set("JAVA_HOME", sandbox.jdk("jdk-17", "17.0.15").toString());

        assertThat(sandbox.run("version").words()).startsWith("jdk-25");
    }

    @Test
    void passesOverAJavaHomeThatLeadsNowhere() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3");
        sandbox.set("JAVA_HOME", temp.resolve("none").toString());

        assertThat(sandbox.run("version").words()).startsWith("jdk-25");
    }

    @Test
    void takesTheOneOfThePathBeforeThoseOfTheFolders() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3");
        sandbox.link("java", sandbox.jdk("jdk-22", "22").resolve("bin/java"));

        assertThat(sandbox.run("version").words()).startsWith("jdk-22");
    }

    @Test
    void passesOverTheOneOfThePathWhenItIsTooOld() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3");
        sandbox.link("java", sandbox.jdk("jdk-17", "17.0.15").resolve("bin/java"));

        assertThat(sandbox.run("version").words()).startsWith("jdk-25");
    }

    @Test
    void takesTheNewestOfTheFolders() throws Exception {
        sandbox.jdk("a", "21.0.9");
        sandbox.jdk("b", "25.0.3");
        sandbox.jdk("c", "24.0.2");
        sandbox.jdk("d", "9.0.4");

        assertThat(sandbox.run("version").words()).startsWith("b");
    }

    @Test
    void asksAJdkWithoutReleaseFile() throws Exception {
        Path jdk = sandbox.jdk(
                "odd", "25", "[ \"$1\" != -version ] || echo 'openjdk version \"25.0.3\" 2026' >&2\necho ran\n");
        Files.delete(jdk.resolve("release"));

        assertThat(sandbox.run("version").words()).containsExactly("ran");
    }

    @Test
    void saysWhatIsMissingWhenThereIsNone() throws Exception {
        sandbox.jdk("jdk-17", "17.0.15");

        var result = sandbox.run("version");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEqualTo("holdfast: no JDK 21 or newer found; install one or set JAVA_HOME to it\n");
    }
}
