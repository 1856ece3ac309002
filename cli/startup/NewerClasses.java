import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Rewrites the classes of a jar that are older than Java 6, with the same code and stack maps, as those of Java 8. The
 * start-up cache takes no older ones, and the JVM verifies them in its slow old way at every start.
 *
 * <p>The launcher runs it as {@code java NewerClasses.java JAR} before it makes the cache. A jar without such classes
 * stays as it is.
 */
final class NewerClasses {
    private static final int VERSION_AT = 7;
    private static final String CLASS = ".class";

    private NewerClasses() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        byte[] newer;
        try (JarFile file = new JarFile(jar.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            if (file.stream().noneMatch(entry -> isOld(entry, bytes(file, entry)))) {
                return;
            }
            newer = rewritten(file, classes);
        }
        Path next = jar.resolveSibling(jar.getFileName() + ".new");
        Files.write(next, newer);
        Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] rewritten(JarFile file, ClassLoader classes) throws IOException {
        ClassFile files = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out)) {
            Enumeration<JarEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                byte[] bytes = bytes(file, entry);
                JarEntry same = new JarEntry(entry.getName());
                same.setTimeLocal(entry.getTimeLocal());
                jar.putNextEntry(same);
                jar.write(isOld(entry, bytes) ? newer(files, bytes) : bytes);
                jar.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] newer(ClassFile files, byte[] old) {
        ClassModel parsed = files.parse(old);
        return files.build(parsed.thisClass().asSymbol(), made -> {
            for (ClassElement element : parsed) {
                if (!(element instanceof ClassFileVersion)) {
                    made.with(element);
                }
            }
            made.withVersion(ClassFile.JAVA_8_VERSION, 0);
        });
    }

    private static boolean isOld(JarEntry entry, byte[] bytes) {
        return entry.getName().endsWith(CLASS) && bytes[VERSION_AT] < ClassFile.JAVA_6_VERSION;
    }

    private static byte[] bytes(JarFile file, JarEntry entry) {
        try (InputStream in = file.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
