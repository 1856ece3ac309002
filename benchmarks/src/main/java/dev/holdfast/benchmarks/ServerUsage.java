package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * What another process has used up to a moment, as the kernel tells it.
 *
 * @param cpuMicros processor time, in steps of 10 milliseconds
 * @param writtenBytes what it had the kernel write to disks
 * @param atMicros when, since the epoch
 */
record ServerUsage(long cpuMicros, long writtenBytes, long atMicros) {
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int MICROS_PER_TICK = 10_000;
    private static final String WRITTEN = "write_bytes: ";

    static ServerUsage of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        // The name of the program stands in brackets, and may hold blanks.
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        List<String> io = Files.readAllLines(process.resolve("io"));
        long written = io.stream()
                .filter(line -> line.startsWith(WRITTEN))
                .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
                .sum();
        return new ServerUsage(
                ticks * MICROS_PER_TICK, written, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    /** What was done between another moment and this one. */
    Outcome since(ServerUsage before, long operations, long nanos) {
        return new Outcome(
                operations,
                nanos,
                cpuMicros - before.cpuMicros,
                writtenBytes - before.writtenBytes,
                before.atMicros,
                atMicros,
                "",
                Map.of());
    }
}
