package dev.holdfast.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java file as the compiler's own parser reads it, so that rules see code where text search would see strings. */
final class JavaSource {
    private final TextFile file;
    private final CompilationUnitTree unit;
    private final DocTrees trees;

    private JavaSource(TextFile file, CompilationUnitTree unit, DocTrees trees) {
        this.file = file;
        this.unit = unit;
        this.trees = trees;
    }

    /** Parses all files in one run of the parser; a file that is no Java fails the run by name. */
    static List<JavaSource> parse(List<TextFile> files) {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests need a JDK, not a JRE");
        var problems = new DiagnosticCollector<JavaFileObject>();
        Map<URI, TextFile> byUri = files.stream().collect(Collectors.toMap(f -> new Input(f).toUri(), f -> f));
        var inputs = files.stream().map(Input::new).toList();
        if (inputs.isEmpty()) {
            return List.of();
        }
        var task = (JavacTask) compiler.getTask(null, null, problems, List.of("-proc:none"), null, inputs);
        DocTrees trees = DocTrees.instance(task);
        List<JavaSource> sources = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                TextFile file =
                        Objects.requireNonNull(byUri.get(unit.getSourceFile().toUri()), "a unit of no file");
                sources.add(new JavaSource(file, unit, trees));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!problems.getDiagnostics().isEmpty()) {
            throw new IllegalArgumentException("not Java: " + problems.getDiagnostics());
        }
        return sources;
    }

    TextFile file() {
        return file;
    }

    CompilationUnitTree unit() {
        return unit;
    }

    int firstLine(Tree tree) {
        return line(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    int lastLine(Tree tree) {
        return line(trees.getSourcePositions().getEndPosition(unit, tree));
    }

    boolean hasJavadoc(TreePath path) {
        return trees.getDocComment(path) != null;
    }

    Finding finding(Tree at, String what) {
        return new Finding(file.path(), firstLine(at), what);
    }

    private int line(long position) {
        return (int) unit.getLineMap().getLineNumber(position);
    }

    private static final class Input extends SimpleJavaFileObject {
        private final TextFile file;

        Input(TextFile file) {
            super(URI.create("checkout:///" + file.path().replace(" ", "%20")), Kind.SOURCE);
            this.file = file;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }
}
