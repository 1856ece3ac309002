package dev.holdfast.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Gives the values of sealed types a member {@code "type"}, as if each hierarchy had {@code @JsonTypeInfo}. Jackson
 * finds the permitted subtypes by itself.
 *
 * <p>The member goes by the topmost sealed type of a class, so a record is stored alike whether it was declared by its
 * own name or by that of its interface, and either reads the other. Read by its own name it may also lack the member:
 * what was written before the interface became sealed stays readable.
 */
final class SealedTypes extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    static final String MEMBER = "type";

    private static final JsonTypeInfo.Value BY_SIMPLE_NAME = JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.SIMPLE_NAME, JsonTypeInfo.As.PROPERTY, MEMBER, null, false, false, false);

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.Value own = super.findPolymorphicTypeInfo(config, annotated);
        if (own != null || !(annotated instanceof AnnotatedClass) || hasOwnForm(config, annotated)) {
            return own;
        }
        Optional<Class<?>> root = root(annotated.getRawType());
        root.ifPresent(top -> check(top, config.constructType(top)));
        return root.isPresent() ? BY_SIMPLE_NAME : null;
    }

    /** Whether the program names a reader or writer of its own, which then decides about the form alone. */
    private boolean hasOwnForm(MapperConfig<?> config, Annotated annotated) {
        return findSerializer(config, annotated) != null || findDeserializer(config, annotated) != null;
    }

    /**
     * The topmost sealed type of a program. The JDK's own say nothing about values (a String is a sealed ConstantDesc),
     * nor do enums, which are sealed when a constant has a body.
     */
    private static Optional<Class<?>> root(@Nullable Class<?> type) {
        if (type == null || type.getName().startsWith("java.")) {
            return Optional.empty();
        }
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .map(SealedTypes::root)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> type.isSealed() && !type.isEnum() ? Optional.of(type) : Optional.empty());
    }

    private static void check(Class<?> root, JavaType type) {
        Set<String> names = new LinkedHashSet<>();
        cases(root).distinct().forEach(one -> {
            if (!Modifier.isFinal(one.getModifiers()) && !one.isSealed()) {
                throw refused(type, one, "is neither sealed nor final");
            } else if (!names.add(one.getSimpleName())) {
                throw refused(type, one, "has the simple name of another one");
            } else if (hasMember(one)) {
                throw refused(type, one, "has a component named \"" + MEMBER + "\" itself");
            }
        });
    }

    /** The types that a value can have; an enum is one, also when its constants have bodies of their own. */
    private static Stream<Class<?>> cases(Class<?> type) {
        Stream<Class<?>> itself =
                Modifier.isAbstract(type.getModifiers()) && !type.isEnum() ? Stream.of() : Stream.of(type);
        return type.isSealed() && !type.isEnum()
                ? Stream.concat(
                        itself, Arrays.stream(type.getPermittedSubclasses()).flatMap(SealedTypes::cases))
                : itself;
    }

    private static boolean hasMember(Class<?> leaf) {
        if (leaf.isRecord()) {
            return Arrays.stream(leaf.getRecordComponents())
                    .map(RecordComponent::getName)
                    .anyMatch(MEMBER::equals);
        }
        return Arrays.stream(leaf.getDeclaredFields())
                .anyMatch(field -> field.getName().equals(MEMBER) && !Modifier.isStatic(field.getModifiers()));
    }

    private static InvalidDefinitionException refused(JavaType root, Class<?> leaf, String reason) {
        return InvalidDefinitionException.from(
                (JsonGenerator) null,
                "values of " + root.toCanonical() + " are told apart by a member \"" + MEMBER
                        + "\" with their simple name, but " + leaf.getTypeName() + " " + reason
                        + ": annotate the sealed type with @JsonTypeInfo",
                root);
    }
}
