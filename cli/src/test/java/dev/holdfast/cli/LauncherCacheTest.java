package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher uses a start-up cache, and how it makes one for the build. */
class LauncherCacheTest {
    private static final String TRAINS = """
            for word in "$@"; do
              case $word in -XX:AOTCacheOutput=*) echo trained >"${word#*=}" ;; esac
            done
            """;

    @TempDir
    Path temp;

    private LauncherSandbox sandbox;
    private Path jdk;

    @BeforeEach
    void install() throws IOException {
        sandbox = new LauncherSandbox(temp).built();
        jdk = sandbox.jdk("jdk-25", "25.0.3");
    }

    @Test
    void usesTheCacheOfItsJdk() throws Exception {
        sandbox.cached(jdk, 60);

        assertThat(sandbox.run("version").words())
                .contains(
                        "-XX:AOTCache=" + sandbox.root().toRealPath() + "/cli/target/holdfast.aot",
                        "-Dorg.sqlite.lib.path=" + sandbox.root().toRealPath() + "/cli/target/native");
    }

    @Test
    void usesNoCacheThatIsOlderThanTheProgram() throws Exception {
        sandbox.cached(jdk, 60);
        sandbox.age(sandbox.target("holdfast-cli.jar"), 30);

        assertThat(sandbox.run("version").out()).doesNotContain("AOTCache", "org.sqlite");
    }

    @Test
    void usesNoCacheThatIsOlderThanALibrary() throws Exception {
        sandbox.cached(jdk, 60);
        sandbox.age(sandbox.target("lib/some.jar"), 30);

        assertThat(sandbox.run("version").out()).doesNotContain("AOTCache");
    }

    @Test
    void usesNoCacheWhenALibraryCameOrWent() throws Exception {
        sandbox.cached(jdk, 60);
        Files.delete(sandbox.target("lib/some.jar"));

        assertThat(sandbox.run("version").out()).doesNotContain("AOTCache");
    }

    @Test
    void usesNoCacheOfAnotherBuildOfTheJdk() throws Exception {
        sandbox.cached(sandbox.jdk("other", "25.0.4"), 60);

        assertThat(sandbox.run("version").out()).startsWith("jdk-25\n").doesNotContain("AOTCache");
    }

    @Test
    void usesASharedArchiveBefore25() throws Exception {
        sandbox.cached(jdk, 60).set("JAVA_HOME", sandbox.jdk("jdk-21", "21.0.9").toString());

        assertThat(sandbox.run("version").words())
                .contains(
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + sandbox.root().toRealPath() + "/cli/target/holdfast-21.jsa")
                .noneMatch(word -> word.contains("AOTCache"));
    }

    @Test
    void letsTheServerUseASharedArchiveButNotMakeOne() throws Exception {
        sandbox.set("JAVA_HOME", sandbox.jdk("jdk-21", "21.0.9").toString());

        assertThat(sandbox.run("serve").out()).doesNotContain("Shared");

        Files.createFile(sandbox.target("holdfast-21.jsa"));
        assertThat(sandbox.run("serve").out())
                .contains("-XX:SharedArchiveFile=")
                .doesNotContain("AutoCreate");
    }

    @Test
    void trainsACacheThatItThenUses() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3", TRAINS);
        assertThat(train().code()).isZero();

        sandbox.jdk("jdk-25", "25.0.3");
        assertThat(Files.readString(sandbox.target("holdfast.aot"))).isEqualTo("trained\n");
        assertThat(sandbox.run("version").out()).contains("-XX:AOTCache=");
    }

    @Test
    void trainsWithTheOptionsOfUse() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3", TRAINS + "echo \"$*\" >" + quoted("words") + "\n");

        train();

        assertThat(Files.readString(temp.resolve("words")))
                .contains("--enable-native-access=ALL-UNNAMED -Xlog:disable", "dev.holdfast.cli.Main train");
    }

    @Test
    void makesOldClassesNewerBeforeItTrains() throws Exception {
        Files.createFile(sandbox.target("lib/picocli-1.jar"));
        sandbox.jdk("jdk-25", "25.0.3", TRAINS + "echo \"$*\" >>" + quoted("words") + "\n");

        train();

        assertThat(Files.readAllLines(temp.resolve("words")))
                .satisfiesExactly(
                        newer -> assertThat(newer).contains("cli/startup/NewerClasses.java", "lib/picocli-1.jar"),
                        training -> assertThat(training).contains("Main train --native"));
    }

    @Test
    void survivesATrainingThatFails() throws Exception {
        sandbox.cached(jdk, 7_200);
        sandbox.jdk("jdk-25", "25.0.3", TRAINS + "echo broken >&2\nexit 3\n");

        var result = train();

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("no start-up cache was made");
        assertThat(sandbox.target("holdfast.aot")).doesNotExist();
        assertThat(sandbox.target("holdfast.aot.log")).hasContent("broken");
    }

    @Test
    void trainsNothingWhenTheCacheFits() throws Exception {
        sandbox.cached(jdk, 60);

        train();

        assertThat(sandbox.target("holdfast.aot")).hasContent("cache");
    }

    @Test
    void trainsNothingBefore25AndNothingThatIsNotBuilt() throws Exception {
        sandbox.jdk("jdk-25", "25.0.3", "exit 1\n");
        Files.delete(sandbox.target("holdfast-cli.jar"));
        assertThat(train()).isEqualTo(new LauncherSandbox.Result(0, "", ""));

        sandbox.built().set("JAVA_HOME", sandbox.jdk("jdk-24", "24").toString());
        assertThat(train()).isEqualTo(new LauncherSandbox.Result(0, "", ""));
    }

    private LauncherSandbox.Result train() throws IOException, InterruptedException {
        sandbox.set("HOLDFAST_TRAIN", "true");
        var result = sandbox.run();
        sandbox.set("HOLDFAST_TRAIN", "");
        return result;
    }

    private String quoted(String name) {
        return "'" + temp.resolve(name) + "'";
    }
}
