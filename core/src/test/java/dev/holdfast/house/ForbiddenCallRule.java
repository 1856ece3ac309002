package dev.holdfast.house;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.Set;
import java.util.function.Consumer;
import javax.lang.model.element.Name;

/** Nothing waits by sleeping and nothing prints its errors past the log. */
final class ForbiddenCallRule implements JavaRule {
    private static final Set<String> SLEEPERS = Set.of("Thread", "java.lang.Thread");

    @Override
    public void check(JavaSource source, Consumer<Finding> found) {
        new TreePathScanner<Void, Consumer<Finding>>() {
            @Override
            public Void visitMemberSelect(MemberSelectTree select, Consumer<Finding> sink) {
                refuse(select, select.getExpression(), select.getIdentifier(), sink);
                return super.visitMemberSelect(select, sink);
            }

            @Override
            public Void visitMemberReference(MemberReferenceTree reference, Consumer<Finding> sink) {
                refuse(reference, reference.getQualifierExpression(), reference.getName(), sink);
                return super.visitMemberReference(reference, sink);
            }

            private void refuse(Tree at, ExpressionTree receiver, Name member, Consumer<Finding> sink) {
                if (member.contentEquals("printStackTrace")) {
                    sink.accept(source.finding(at, "printStackTrace: log it or throw it"));
                }
                if (member.contentEquals("sleep") && isSleeper(receiver.toString())) {
                    sink.accept(source.finding(at, receiver + ".sleep: wait for what is awaited, with a timeout"));
                }
            }
        }.scan(source.unit(), found);
    }

    private static boolean isSleeper(String receiver) {
        return SLEEPERS.contains(receiver) || receiver.contains("TimeUnit.");
    }
}
