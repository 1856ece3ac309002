package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
    @Test
    void holdsThisVeryFileAndNoBuildOutput() {
        var checkout = Checkout.ofThisBuild();

        assertThat(checkout.paths())
                .contains("pom.xml", "core/src/test/java/dev/holdfast/house/CheckoutTest.java")
                .noneMatch(path -> path.contains("/target/"));
    }

    @Test
    void parsesEveryJavaFile() {
        var checkout = Checkout.ofThisBuild();

        assertThat(checkout.java())
                .hasSize((int) checkout.texts().filter(TextFile::isJava).count());
    }

    @Test
    void holdsFoldersThatHoldFiles() {
        var checkout = Checkout.of("docs/guide/kv.md", "");

        assertThat(checkout.holds("docs/guide")).isTrue();
        assertThat(checkout.holds("docs/gui")).isFalse();
    }

    @Test
    void isWalkedWhereGitKnowsNothing(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("core/target"));
        Files.writeString(root.resolve("core/pom.xml"), "<project/>");
        Files.writeString(root.resolve("core/target/x.txt"), "built");

        assertThat(Checkout.listedByGit(root)).isEmpty();
        assertThat(Checkout.walked(root)).containsExactly("core/pom.xml");
    }
}
