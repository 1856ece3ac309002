package dev.holdfast.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The time in which operations count, with what the process used meanwhile as the kernel tells it. */
final class Window {
    private static final Path IO = Path.of("/proc/self/io");
    private static final String WRITTEN = "write_bytes: ";
    private static final int NANOS_PER_MICRO = 1_000;

    private final long fromMicros = micros();
    private final long cpu = cpuNanos();
    private final long written = written();
    private final long nanos = System.nanoTime();

    private Window() {}

    /** Opens a window now. */
    static Window open() throws IOException {
        return new Window();
    }

    /** Closes it; so many operations were done. */
    Outcome close(long operations) throws IOException {
        long took = System.nanoTime() - nanos;
        return new Outcome(
                operations,
                took,
                (cpuNanos() - cpu) / NANOS_PER_MICRO,
                written() - written,
                fromMicros,
                micros(),
                "",
                Map.of());
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long written() {
        try {
            return Files.readAllLines(IO).stream()
                    .filter(line -> line.startsWith(WRITTEN))
                    .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
                    .sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
