package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory of another process in KiB.
 *
 * @param resident all of it
 * @param anonymous what belongs to it alone: without the pages of files that it has mapped
 */
record ServerMemory(long resident, long anonymous) {
    private static final long SAMPLE_NANOS = 20_000_000;

    static ServerMemory of(long pid) throws IOException {
        long resident = 0;
        long anonymous = 0;
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                resident = kib(line);
            } else if (line.startsWith("RssAnon:")) {
                anonymous = kib(line);
            }
        }
        return new ServerMemory(resident, anonymous);
    }

    private static long kib(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }

    ServerMemory most(ServerMemory other) {
        return new ServerMemory(Math.max(resident, other.resident), Math.max(anonymous, other.anonymous));
    }

    /** Looks again and again until it is closed. */
    static final class Peak implements AutoCloseable {
        private final Thread thread;
        private volatile ServerMemory most;
        private volatile boolean closing;
        private volatile boolean failed;

        Peak(long pid) throws IOException {
            most = of(pid);
            thread = Thread.ofPlatform().daemon().start(() -> sample(pid));
        }

        private void sample(long pid) {
            try {
                while (!closing) {
                    most = most.most(of(pid));
                    LockSupport.parkNanos(SAMPLE_NANOS);
                }
            } catch (IOException e) {
                failed = true;
            }
        }

        /** The highest that was seen. */
        ServerMemory most() throws IOException {
            if (failed) {
                throw new IOException("the memory of the server could not be read");
            }
            return most;
        }

        @Override
        public void close() {
            closing = true;
            LockSupport.unpark(thread);
        }
    }
}
