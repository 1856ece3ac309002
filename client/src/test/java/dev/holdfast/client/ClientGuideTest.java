package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the client's guide page compiles, and runs against a served store. */
class ClientGuideTest {
    private static final String PAGE = "docs/guide/client.md";
    private static final String BEGIN = "```java client";
    private static final String END = "```";

    @TempDir
    Path folder;

    @Test
    void theFragmentsOfThePageRunOneAfterTheOther() throws Exception {
        compile(program(Files.readAllLines(root().resolve(PAGE))));

        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY);
                HoldfastServer server = HoldfastServer.start(
                        holdfast, HttpServerOptions.defaults().withPort(0), Authenticator.none());
                URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("Guide").getMethod("run", String.class).invoke(null, server.baseUrl() + "/v1/stream");

            assertThat(holdfast.stream("orders/2026").head().tail()).isEqualTo(1_003);
            assertThat(holdfast.stream("sales").head().tail()).isEqualTo(1);
        }
    }

    /** One class with the fragments as the body of a method; lines keep their numbers. */
    private static String program(List<String> page) {
        List<String> imports = new ArrayList<>();
        List<String> body = new ArrayList<>();
        boolean inside = false;
        for (String line : page) {
            boolean code = inside && !line.equals(END);
            boolean imported = code && line.startsWith("import ");
            if (imported) {
                imports.add(line);
            }
            body.add(code && !imported ? line : "");
            inside = line.equals(BEGIN) || code;
        }
        assertThat(imports).isNotEmpty();
        String head = " public class Guide { public static void run(String base) throws Exception {";
        return String.join(" ", imports) + head + String.join("\n", body) + "}}";
    }

    private void compile(String text) throws IOException {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests need a JDK, not a JRE");
        var problems = new DiagnosticCollector<JavaFileObject>();
        JavaFileObject source = new SimpleJavaFileObject(URI.create("page:///Guide.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        List<String> options = List.of(
                "-proc:none", "-parameters", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled;
        try (var files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            compiled = compiler.getTask(null, files, problems, options, null, List.of(source))
                    .call();
        }
        assertThat(compiled).as("%s: %s", PAGE, problems.getDiagnostics()).isTrue();
    }

    private static Path root() {
        Path start = Path.of(System.getProperty("holdfast.root", "")).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(PAGE))) {
                return at;
            }
        }
        throw new IllegalStateException("no folder with " + PAGE + " at or above " + start);
    }
}
