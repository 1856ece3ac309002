package dev.holdfast.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java that users read on our pages compiles and runs. {@link SnippetPage} says what a block may contain. */
class SnippetTest {
    private static final Checkout CHECKOUT = Checkout.ofThisBuild();
    private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** The README, and every guide. */
    static Stream<Arguments> pages() {
        return CHECKOUT.texts()
                .filter(file -> file.isMarkdown()
                        && (file.path().equals("README.md") || file.folder().equals("docs/guide")))
                .map(file -> Arguments.of(file.path(), new SnippetPage(file)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theFragmentsOfAPageRunOneAfterTheOther(String path, SnippetPage page) throws Exception {
        for (SnippetPage.Source source : page.fragments()) {
            SnippetCompiler.compile(source, folder);

            run();
        }
    }

    @Test
    void theProgramOfTheReadmeRunsAsPasted() throws Exception {
        SnippetPage readme = new SnippetPage(CHECKOUT.text("README.md").orElseThrow());
        assertThat(readme.programs()).hasSize(1);
        SnippetPage.Source program = readme.programs().getFirst();
        SnippetCompiler.compile(program, folder);

        String printed = runProgram(program.name());

        assertThat(printed).contains("[\"orders\",\"ann\",1]").contains("Order[item=lamp, pieces=2]");
        assertThat(folder.resolve("orders.db")).exists();
    }

    @Test
    void fragmentsOfAPageShareWhatTheyDeclareAndImport() throws Exception {
        SnippetPage page = page("""
                # Page
                ```java
                import java.util.ArrayList;

                record Thing(String name) {}
                var things = new ArrayList<Thing>();
                ```
                Text in between; and no Java at all:
                ```sh
                rm -r things
                ```
                ```java compiled
                int things2 = things.size() / 0;
                throw new IllegalStateException("never run");
                ```
                ```java
                int things2 = things.size();
                holdfast.kv().set(dev.holdfast.key.Key.of("things"), things2);
                ```
                """);

        SnippetCompiler.compile(page.fragments().getFirst(), folder);

        run();
    }

    @Test
    void reportsThePageAndLineOfWhatDoesNotCompile() {
        SnippetPage page = page("""
                # Page

                ```java
                int right = 1;
                int wrong = "text";
                ```
                """);

        assertThatThrownBy(() -> SnippetCompiler.compile(page.fragments().getFirst(), folder))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("docs/guide/page.md:5: incompatible types");
    }

    @Test
    void aPageWithoutJavaHasNothingToCompile() {
        SnippetPage page = page("# Page\n```sh\nls\n```\n");

        assertThat(page.fragments()).isEmpty();
        assertThat(page.programs()).isEmpty();
    }

    private static SnippetPage page(String text) {
        return new SnippetPage(new TextFile("docs/guide/page.md", text));
    }

    private void run() throws Exception {
        try (var loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
                Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            loader.loadClass(SnippetPage.FRAGMENTS)
                    .getMethod("run", Holdfast.class, boolean.class)
                    .invoke(null, holdfast, false);
        } catch (InvocationTargetException e) {
            throw new AssertionError("the Java of a page failed", e.getCause());
        }
    }

    /** Runs a compiled program in a process of its own, in an empty folder; answers what it printed. */
    private String runProgram(String name) throws IOException, InterruptedException {
        File output = folder.resolve("output.txt").toFile();
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        folder + File.pathSeparator + SnippetCompiler.classPath(),
                        name))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        boolean ended = process.waitFor(PROGRAM_LIMIT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output.toPath());
        assertThat(ended).as("%s ends; it printed %s", name, printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }
}
