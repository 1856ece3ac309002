package dev.holdfast.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where and on what the figures were taken.
 *
 * @param lines name and value
 */
record Machine(List<String> lines) {
    private static final int SHORT_COMMIT = 12;

    static Machine here(Path root) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        lines.add("processor: " + first(Path.of("/proc/cpuinfo"), "model name") + ", "
                + Runtime.getRuntime().availableProcessors() + " of them");
        lines.add("memory: " + first(Path.of("/proc/meminfo"), "MemTotal"));
        lines.add("kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        lines.add("disk: " + Files.getFileStore(root));
        lines.add("java: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        lines.add("commit: " + commit(root));
        return new Machine(List.copyOf(lines));
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String commit(Path root) throws IOException, InterruptedException {
        String commit = Processes.output(root, "git", "rev-parse", "HEAD").strip();
        boolean changed =
                !Processes.output(root, "git", "status", "--porcelain", "-uno").isBlank();
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length())) + (changed ? " with changes" : "");
    }

    private static String first(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
