package dev.holdfast.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** What all peers are asked to do. The scripts in {@code benchmarks/peers} do the same, number by number. */
final class PeerWork {
    private static final int SETS = 60_000;
    private static final int ENTRIES = 20_000;
    private static final int GETS = 200_000;
    private static final int LISTS = 20;
    private static final int CALLERS = 64;
    private static final int WARM = 4;

    private PeerWork() {}

    /** A store of this library or of another one. */
    interface Peer extends AutoCloseable {
        /** Durable when it returns. */
        void set(int number, byte[] value) throws Exception;

        byte[] get(int number) throws Exception;

        /** Reads everything in order: the number of entries, and the sum of the bytes of their values. */
        long[] list() throws Exception;

        @Override
        void close();
    }

    /** Opens a peer in a folder. */
    @FunctionalInterface
    interface Opener {
        Peer open(Path folder) throws Exception;
    }

    static Outcome run(Opener opener, String work, Path folder, double scale) throws Exception {
        return switch (work) {
            case "ascending" -> sets(opener, folder, scale, true);
            case "random" -> sets(opener, folder, scale, false);
            case "get" -> gets(opener, folder, scale);
            case "list" -> lists(opener, folder, scale);
            default -> throw new IllegalArgumentException("no work " + work);
        };
    }

    /** Durable sets by concurrent callers. */
    private static Outcome sets(Opener opener, Path folder, double scale, boolean ascending) throws Exception {
        int count = Math.max(CALLERS, (int) (SETS * scale));
        int[] numbers = ascending ? SharedRows.ascending(count) : SharedRows.random(count);
        Path warm = Files.createDirectory(folder.resolve("warm"));
        try (Peer peer = opener.open(warm)) {
            fill(peer, Arrays.copyOf(numbers, count / WARM));
        }
        Path measured = Files.createDirectory(folder.resolve("measured"));
        try (Peer peer = opener.open(measured)) {
            Outcome outcome = fill(peer, numbers);
            return outcome.checked(text(peer.list()));
        }
    }

    /** Reads of random keys by concurrent callers. */
    private static Outcome gets(Opener opener, Path folder, double scale) throws Exception {
        try (Peer peer = opener.open(folder);
                Callers callers = Callers.virtual(CALLERS)) {
            fill(peer, SharedRows.ascending(ENTRIES));
            int[] numbers = SharedRows.random((int) (GETS * scale));
            LongAdder weight = new LongAdder();
            Callers.Operation get = i -> weight.add(SharedRows.weight(peer.get(numbers[i] % ENTRIES)));
            callers.run(numbers.length / WARM, get);
            weight.reset();
            Outcome outcome = callers.run(numbers.length, get);
            return outcome.checked(numbers.length + " read, weight " + weight.sum());
        }
    }

    /** Lists of everything. */
    private static Outcome lists(Opener opener, Path folder, double scale) throws Exception {
        try (Peer peer = opener.open(folder)) {
            fill(peer, SharedRows.ascending(ENTRIES));
            int count = Math.max(1, (int) (LISTS * scale));
            for (int i = 0; i < Math.max(1, count / WARM); i++) {
                peer.list();
            }
            long[] found = {};
            Window window = Window.open();
            for (int i = 0; i < count; i++) {
                found = peer.list();
            }
            return window.close((long) count * ENTRIES).checked(text(found));
        }
    }

    private static Outcome fill(Peer peer, int[] numbers) throws Exception {
        try (Callers callers = Callers.virtual(CALLERS)) {
            return callers.run(numbers.length, i -> peer.set(numbers[i], SharedRows.value(numbers[i])));
        }
    }

    private static String text(long[] found) {
        return found[0] + " entries, weight " + found[1];
    }
}
