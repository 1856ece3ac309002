package dev.holdfast.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.Set;
import java.util.function.Consumer;
import javax.lang.model.element.Modifier;

/** What a user can name has Javadoc: public types and, in them, public methods that do not override. */
final class JavadocRule implements JavaRule {
    private static final Set<Tree.Kind> TYPES_OF_PUBLIC_MEMBERS =
            Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

    @Override
    public void check(JavaSource source, Consumer<Finding> found) {
        if (source.file().isMain()) {
            new Scanner(source).scan(source.unit(), found);
        }
    }

    private static final class Scanner extends TreePathScanner<Void, Consumer<Finding>> {
        private final JavaSource source;

        Scanner(JavaSource source) {
            this.source = source;
        }

        @Override
        public Void visitClass(ClassTree type, Consumer<Finding> sink) {
            if (!isPublic(type.getModifiers())) {
                return null; // Nobody outside can name its members either.
            }
            demand(type, "type " + type.getSimpleName(), sink);
            return super.visitClass(type, sink);
        }

        @Override
        public Void visitMethod(MethodTree method, Consumer<Finding> sink) {
            boolean constructor = method.getName().contentEquals("<init>");
            if (!constructor && isPublic(method.getModifiers()) && !overrides(method)) {
                demand(method, "method " + method.getName(), sink);
            }
            return null; // Types inside a body are nobody's API.
        }

        private boolean isPublic(ModifiersTree modifiers) {
            boolean implied = TYPES_OF_PUBLIC_MEMBERS.contains(
                            getCurrentPath().getParentPath().getLeaf().getKind())
                    && !modifiers.getFlags().contains(Modifier.PRIVATE);
            return implied || modifiers.getFlags().contains(Modifier.PUBLIC);
        }

        private void demand(Tree at, String name, Consumer<Finding> sink) {
            TreePath path = getCurrentPath();
            if (!source.hasJavadoc(path)) {
                sink.accept(source.finding(at, "public " + name + " has no Javadoc"));
            }
        }

        private static boolean overrides(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
        }
    }
}
