package dev.holdfast.house;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public API of compiled classes as text: types, and under each its public and protected members, all sorted.
 *
 * <p>Listed is what a user of the module can name: public types of unconditionally exported packages. Members that
 * every type has anyway ({@code equals}, {@code hashCode}, {@code toString}, an enum's {@code values}) are left out,
 * and names of packages too where no doubt can arise, so that a line reads like the source.
 */
final class ApiListing {
    private static final Set<String> EVERYWHERE = Set.of("equals", "hashCode", "toString");
    private static final Set<String> IN_EVERY_ENUM = Set.of("values", "valueOf");

    private ApiListing() {}

    /** The listing of all exported packages below a folder of class files with a {@code module-info}. */
    static List<String> ofModule(Path classes) throws IOException {
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        Set<String> packages = new TreeSet<>();
        module.exports().stream().filter(export -> !export.isQualified()).forEach(e -> packages.add(e.source()));

        List<String> lines = new ArrayList<>();
        for (String name : packages) {
            lines.add("package " + name);
            lines.add("");
            typesIn(classes, name).forEach(type -> lines.addAll(of(type)));
        }
        return lines;
    }

    /** The lines of one type, with an empty line at the end; none if a user cannot name it. */
    static List<String> of(Class<?> type) {
        if (!isNameable(type)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(header(type));
        Set<String> members = new TreeSet<>();
        Stream.of(type.getDeclaredFields()).filter(ApiListing::isListed).forEach(f -> members.add(field(f)));
        Stream.of(type.getDeclaredConstructors()).filter(ApiListing::isListed).forEach(c -> members.add(signature(c)));
        for (Class<?> at = type; at != null && (at == type || !isNameable(at)); at = at.getSuperclass()) {
            if (at.getPackage().equals(type.getPackage())) { // A hidden superclass lends its public methods.
                Stream.of(at.getDeclaredMethods()).filter(ApiListing::isListed).forEach(m -> members.add(signature(m)));
            }
        }
        members.forEach(member -> lines.add("  " + member));
        lines.add("");
        return lines;
    }

    private static Stream<Class<?>> typesIn(Path classes, String packageName) {
        Path folder = classes.resolve(packageName.replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .map(name -> packageName + "." + name.substring(0, name.length() - ".class".length()))
                    .sorted()
                    .<Class<?>>map(ApiListing::load)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiListing.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isNameable(Class<?> type) {
        boolean visible = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        Class<?> outer = type.getEnclosingClass();
        return visible && !type.isAnonymousClass() && !type.isLocalClass() && (outer == null || isNameable(outer));
    }

    private static <M extends AccessibleObject & Member> boolean isListed(M member) {
        boolean visible = Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
        boolean given = EVERYWHERE.contains(member.getName())
                || (member.getDeclaringClass().isEnum() && IN_EVERY_ENUM.contains(member.getName()));
        return visible && !member.isSynthetic() && !given;
    }

    private static String header(Class<?> type) {
        List<String> words = new ArrayList<>();
        if (!type.isInterface() && !type.isEnum() && !type.isRecord()) {
            words.add(Modifier.isAbstract(type.getModifiers()) ? "abstract" : "");
            words.add(Modifier.isFinal(type.getModifiers()) ? "final" : "");
        }
        words.add(type.isSealed() && !type.isEnum() ? "sealed" : "");
        words.add(kind(type));
        words.add(name(type.getName().substring(type.getPackageName().length() + 1))
                + variables(type.getTypeParameters()));
        if (type.isRecord()) {
            words.add(Arrays.stream(type.getRecordComponents())
                    .map(ApiListing::component)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        Type above = type.getGenericSuperclass();
        boolean plain = above == null || above == Object.class || type.isEnum() || type.isRecord();
        words.add(plain ? "" : "extends " + name(above.getTypeName()));
        String interfaces = names(type.getGenericInterfaces());
        words.add(
                interfaces.isEmpty() || type.isAnnotation()
                        ? ""
                        : (type.isInterface() ? "extends " : "implements ") + interfaces);
        return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        return type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private static String component(RecordComponent component) {
        return name(component.getGenericType().getTypeName()) + " " + component.getName();
    }

    private static String field(Field field) {
        String type = field.isEnumConstant() ? "" : name(field.getGenericType().getTypeName()) + " ";
        String modifiers = field.isEnumConstant() ? "" : modifiers(field.getModifiers() & Modifier.fieldModifiers());
        return modifiers + type + field.getName();
    }

    private static String signature(Executable member) {
        boolean isInterface = member.getDeclaringClass().isInterface();
        int mask = Modifier.methodModifiers() & ~(isInterface ? Modifier.ABSTRACT : Modifier.SYNCHRONIZED);
        String head = modifiers(member.getModifiers() & mask & ~Modifier.SYNCHRONIZED & ~Modifier.STRICT);
        if (member instanceof Method method && method.isDefault()) {
            head += "default ";
        }
        String variables = variables(member.getTypeParameters());
        head += variables.isEmpty() ? "" : variables + " ";
        if (member instanceof Method method) {
            head += name(method.getGenericReturnType().getTypeName()) + " " + method.getName();
        } else if (member instanceof Constructor<?> constructor) {
            head += constructor.getDeclaringClass().getSimpleName();
        }
        String parameters = names(member.getGenericParameterTypes());
        if (member.isVarArgs()) {
            parameters = parameters.substring(0, parameters.length() - "[]".length()) + "...";
        }
        String thrown = names(member.getGenericExceptionTypes());
        return head + "(" + parameters + ")" + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    /** Public goes without saying. */
    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers & ~Modifier.PUBLIC);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String variables(TypeVariable<?>[] variables) {
        if (variables.length == 0) {
            return "";
        }
        return Arrays.stream(variables)
                .map(variable -> {
                    String bounds = Arrays.stream(variable.getBounds())
                            .filter(bound -> bound != Object.class)
                            .map(bound -> name(bound.getTypeName()))
                            .collect(Collectors.joining(" & "));
                    return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
                })
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String names(Type[] types) {
        return Arrays.stream(types).map(type -> name(type.getTypeName())).collect(Collectors.joining(", "));
    }

    /** Without the packages of the JDK, of this project and of its JSON library; a nested type with a dot. */
    private static String name(String typeName) {
        return typeName.replaceAll("\\b(?:java|javax|dev\\.holdfast|tools\\.jackson)(?:\\.[a-z]\\w*)*\\.(?=[A-Z])", "")
                .replace('$', '.');
    }
}
