package dev.holdfast.house;

import com.sun.source.tree.CatchTree;
import com.sun.source.util.TreePathScanner;
import java.util.function.Consumer;

/** No exception disappears: a catch block has a statement, and a comment is none. */
final class EmptyCatchRule implements JavaRule {
    @Override
    public void check(JavaSource source, Consumer<Finding> found) {
        new TreePathScanner<Void, Consumer<Finding>>() {
            @Override
            public Void visitCatch(CatchTree caught, Consumer<Finding> sink) {
                if (caught.getBlock().getStatements().isEmpty()) {
                    sink.accept(source.finding(
                            caught, "empty catch of " + caught.getParameter().getType()));
                }
                return super.visitCatch(caught, sink);
            }
        }.scan(source.unit(), found);
    }
}
