package dev.holdfast.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.function.Consumer;

/** No method, constructor or initialiser is longer than a screen, its annotations counted and its Javadoc not. */
final class MethodLengthRule implements JavaRule {
    static final int LINES_MAX = 60;

    @Override
    public void check(JavaSource source, Consumer<Finding> found) {
        new TreePathScanner<Void, Consumer<Finding>>() {
            @Override
            public Void visitMethod(MethodTree method, Consumer<Finding> sink) {
                measure(method, "method " + method.getName(), sink);
                return super.visitMethod(method, sink);
            }

            @Override
            public Void visitBlock(BlockTree block, Consumer<Finding> sink) {
                if (Tree.Kind.CLASS
                        == getCurrentPath().getParentPath().getLeaf().getKind()) {
                    measure(block, "initialiser", sink);
                }
                return super.visitBlock(block, sink);
            }

            private void measure(Tree tree, String name, Consumer<Finding> sink) {
                int lines = source.lastLine(tree) - source.firstLine(tree) + 1;
                if (lines > LINES_MAX) {
                    sink.accept(source.finding(tree, name + " has " + lines + " lines, " + LINES_MAX + " allowed"));
                }
            }
        }.scan(source.unit(), found);
    }
}
