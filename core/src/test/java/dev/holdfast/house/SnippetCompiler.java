package dev.holdfast.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles the Java of pages against the class path of the tests. */
final class SnippetCompiler {
    private SnippetCompiler() {}

    /** Compiles a source into a folder; what the compiler refuses fails by the page and line where it stands. */
    static void compile(SnippetPage.Source source, Path folder) {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests need a JDK, not a JRE");
        var problems = new DiagnosticCollector<JavaFileObject>();
        List<String> options = List.of("-proc:none", "-parameters", "-d", folder.toString(), "-cp", classPath());
        try (var files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            compiler.getTask(null, files, problems, options, null, List.of(new Input(source)))
                    .call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String errors = problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> source.page() + ":" + problem.getLineNumber() + ": " + problem.getMessage(Locale.ROOT))
                .collect(Collectors.joining("\n"));
        if (!errors.isEmpty()) {
            throw new AssertionError("the Java of a page does not compile\n" + errors);
        }
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static final class Input extends SimpleJavaFileObject {
        private final String text;

        Input(SnippetPage.Source source) {
            super(URI.create("page:///" + source.name() + ".java"), Kind.SOURCE);
            this.text = source.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
