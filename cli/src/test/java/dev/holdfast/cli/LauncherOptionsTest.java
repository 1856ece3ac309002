package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher hands to the JVM. */
class LauncherOptionsTest {
    private static final String MAIN = "dev.holdfast.cli.Main";

    @TempDir
    Path temp;

    private LauncherSandbox sandbox;

    @BeforeEach
    void install() throws IOException {
        sandbox = new LauncherSandbox(temp).built();
        sandbox.jdk("jdk-25", "25.0.3");
    }

    @Test
    void passesArgumentsOnUnchanged() throws Exception {
        String[] args = {"kv", "set", "users/42", "{\"name\": \"Ann\"}", "", "*", "$HOME", "--", "a\\b", "serve"};

        List<String> words = sandbox.run(args).words();

        assertThat(words.subList(words.indexOf(MAIN) + 1, words.size())).containsExactly(args);
    }

    @Test
    void runsThroughLinksAndFromAnyFolder() throws Exception {
        Path links = Files.createDirectories(temp.resolve("some links"));
        Files.createSymbolicLink(links.resolve("real"), sandbox.root().resolve("bin/holdfast"));
        Files.createSymbolicLink(links.resolve("holdfast"), Path.of("real"));

        var result = sandbox.runAs(links.resolve("holdfast"), links, "version");

        assertThat(result.words())
                .containsSubsequence(
                        "-cp", sandbox.root().toRealPath() + "/cli/target/holdfast-cli.jar", MAIN, "version");
    }

    @Test
    void startsShortCommandsFast() throws Exception {
        assertThat(sandbox.run("kv", "get", "a").words())
                .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED")
                .noneMatch(word -> word.startsWith("-Xm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "backup", "doctor", "export", "import", "restore"})
    void compilesLongCommandsFully(String command) throws Exception {
        assertThat(sandbox.run("--db", "app.db", command).words())
                .contains("-XX:+UseSerialGC")
                .doesNotContain("-XX:TieredStopAtLevel=1")
                .noneMatch(word -> word.startsWith("-Xm"));
    }

    @Test
    void boundsTheMemoryOfTheServer() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3", "echo \"arenas $MALLOC_ARENA_MAX\"\necho \"$*\"\n");

        assertThat(sandbox.run("serve", "--port", "0").out())
                .contains("arenas 2", "-Xmx512m", "-Xmn32m", "-XX:+UseSerialGC", "-XX:TrimNativeHeapInterval=")
                .doesNotContain("TieredStopAtLevel");
    }

    @Test
    void readsTheCommandOnlyWhereItStands() throws Exception {
        assertThat(sandbox.run("kv", "get", "serve").words()).contains("-XX:TieredStopAtLevel=1");
        assertThat(sandbox.run("--db", "app.db", "serve").words()).contains("-Xmx512m");
    }

    @Test
    void givesTheUserTheLastWord() throws Exception {
        sandbox.set("JAVA_OPTS", "-Xmx2g  -Dpattern=*");

        List<String> words = sandbox.run("serve").words();

        assertThat(words).containsSubsequence("-Xmx512m", "-Xmx2g", "-Dpattern=*", MAIN);
    }

    @Test
    void leavesTheCollectorToTheUser() throws Exception {
        sandbox.set("JAVA_OPTS", "-Xmx2g -XX:+UseZGC");

        assertThat(sandbox.run("serve").words()).contains("-XX:+UseZGC").doesNotContain("-XX:+UseSerialGC");
    }
}
