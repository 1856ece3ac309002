package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * How long the disk takes to make 4 KiB at the end of a file durable.
 *
 * @param p50Micros the median of {@value #WRITES} writes, each with fdatasync
 * @param p99Micros what one in a hundred exceeds
 */
record Disk(double p50Micros, double p99Micros) {
    private static final int WRITES = 400;
    private static final int BYTES = 4_096;
    private static final double NANOS_PER_MICRO = 1_000;

    static Disk measure(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "sync", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            double[] micros = new double[WRITES];
            for (int i = 0; i < WRITES; i++) {
                channel.write(ByteBuffer.allocate(BYTES));
                long start = System.nanoTime();
                channel.force(false);
                micros[i] = (System.nanoTime() - start) / NANOS_PER_MICRO;
            }
            return new Disk(Medians.of(Arrays.stream(micros)), Medians.quantile(Arrays.stream(micros), 0.99));
        } finally {
            Files.delete(file);
        }
    }
}
