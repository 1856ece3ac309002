package dev.holdfast.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.util.TreePathScanner;
import java.util.function.Consumer;

/** A test that is switched off says why. */
final class DisabledRule implements JavaRule {
    @Override
    public void check(JavaSource source, Consumer<Finding> found) {
        new TreePathScanner<Void, Consumer<Finding>>() {
            @Override
            public Void visitAnnotation(AnnotationTree annotation, Consumer<Finding> sink) {
                String type = annotation.getAnnotationType().toString();
                boolean disables = type.equals("Disabled") || type.endsWith(".Disabled");
                if (disables && !hasReason(annotation)) {
                    sink.accept(source.finding(annotation, "@Disabled without a reason"));
                }
                return super.visitAnnotation(annotation, sink);
            }
        }.scan(source.unit(), found);
    }

    private static boolean hasReason(AnnotationTree annotation) {
        return annotation.getArguments().stream()
                .map(Object::toString)
                .map(argument -> argument.substring(argument.indexOf('=') + 1).strip())
                .anyMatch(reason -> !reason.replace("\"", "").isBlank());
    }
}
