package dev.holdfast.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files of the repository that are or could be committed: never build output. */
final class Checkout {
    private static final Set<String> WALK_SKIPS = Set.of(".git", "target", "node_modules");

    private final Set<String> paths;
    private final Map<String, TextFile> texts;
    private final List<JavaSource> java;

    private Checkout(Set<String> paths, Map<String, TextFile> texts) {
        this.paths = paths;
        this.texts = texts;
        this.java = JavaSource.parse(
                texts.values().stream().filter(TextFile::isJava).toList());
    }

    /** The checkout that holds this build. */
    static Checkout ofThisBuild() {
        Path root = root();
        Set<String> paths = listedByGit(root).orElseGet(() -> walked(root));
        Map<String, TextFile> texts = new TreeMap<>();
        for (String path : paths) {
            byte[] bytes = bytes(root.resolve(path));
            if (!isBinary(bytes)) {
                texts.put(path, new TextFile(path, new String(bytes, StandardCharsets.UTF_8)));
            }
        }
        return new Checkout(paths, texts);
    }

    /** A checkout of nothing but the given files, for samples: path, text, path, text. */
    static Checkout of(String... pathsAndTexts) {
        Map<String, TextFile> texts = new TreeMap<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            texts.put(pathsAndTexts[i], new TextFile(pathsAndTexts[i], pathsAndTexts[i + 1]));
        }
        return new Checkout(texts.keySet(), texts);
    }

    /** Where the repository lies: the folder above this module, wherever the build was started. */
    static Path root() {
        Path start = Path.of(System.getProperty("holdfast.root", "")).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("core/pom.xml"))) {
                return at;
            }
        }
        throw new IllegalStateException("no folder with core/pom.xml at or above " + start);
    }

    /** Files only, each relative to the root. */
    Set<String> paths() {
        return paths;
    }

    Stream<TextFile> texts() {
        return texts.values().stream();
    }

    Optional<TextFile> text(String path) {
        return Optional.ofNullable(texts.get(path));
    }

    /** Every Java file, parsed. */
    List<JavaSource> java() {
        return java;
    }

    /** Whether the path is a file, or a folder that holds one. */
    boolean holds(String path) {
        return path.isEmpty() || paths.contains(path) || paths.stream().anyMatch(p -> p.startsWith(path + "/"));
    }

    /** Empty when git is missing or this is no work tree of it. */
    static Optional<Set<String>> listedByGit(Path root) {
        var command = new ProcessBuilder(
                "git", "-C", root.toString(), "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        command.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        command.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process git = command.start();
            String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                return Optional.empty();
            }
            Set<String> paths = new TreeSet<>(List.of(out.split("\0", -1)));
            paths.removeIf(path -> !Files.isRegularFile(root.resolve(path)));
            return paths.isEmpty() ? Optional.empty() : Optional.of(paths);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while git listed " + root, e);
        }
    }

    /** What git would list, near enough: all but build output. */
    static Set<String> walked(Path root) {
        Set<String> paths = new TreeSet<>();
        var folders = new ArrayList<>(List.of(root));
        while (!folders.isEmpty()) {
            try (Stream<Path> entries = Files.list(folders.removeLast())) {
                entries.filter(entry -> !WALK_SKIPS.contains(entry.getFileName().toString()))
                        .filter(entry -> !Files.isSymbolicLink(entry))
                        .forEach(entry -> {
                            if (Files.isDirectory(entry)) {
                                folders.add(entry);
                            } else {
                                paths.add(root.relativize(entry).toString().replace('\\', '/'));
                            }
                        });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return paths;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isBinary(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, 8_000); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return bytes.length > 2 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
    }
}
