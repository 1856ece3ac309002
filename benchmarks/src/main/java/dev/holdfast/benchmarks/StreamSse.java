package dev.holdfast.benchmarks;

import dev.holdfast.cli.load.LoadLatencies;
import dev.holdfast.cli.load.LoadReaders;
import dev.holdfast.cli.load.LoadResult;
import dev.holdfast.cli.load.LoadShape;
import dev.holdfast.cli.load.StreamLoad;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** From an append to readers of the stream by events: how long it takes, and what readers cost that get nothing. */
final class StreamSse {
    private static final long LIMIT_SECONDS = 120;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double KIB = 1_024;
    private static final int WARMING = 500;
    /** Appends to other streams before the first window: as many as it takes until the compilers have finished. */
    private static final int WARMING_APPENDS = 20_000;

    private static final int WARMING_STREAMS = 20;

    private StreamSse() {}

    /**
     * Appends at a rate; an operation is a message that a reader got. Before it, appends to other streams without a
     * rate, and a window that does not count.
     */
    static Outcome deliver(ServedStreams.Start start, int count, double rate, Path folder, double scale)
            throws Exception {
        long nanos = StreamHttp.nanos(scale);
        try (ServedStreams server = start.in(folder);
                StreamLoad load = new StreamLoad(server.streams(), new LoadShape(4, 1, StreamHttp.BYTES, 1))) {
            warm(server, scale);
            load.create();
            try (LoadReaders readers = load.readers(count)) {
                load.appendAt(rate, nanos);
                readers.awaitEach(load.acknowledged(), LIMIT_SECONDS, TimeUnit.SECONDS);
                readers.forget();
                ServerUsage before = server.usage();
                LoadResult appended = load.appendAt(rate, nanos);
                String checked = appended.failed() == 0
                        ? everybodyGot(load, readers, appended.acknowledged() * count)
                        : "nothing: appends failed, and may have been stored or not";
                LoadLatencies latencies = readers.latencies();
                return server.usage()
                        .since(before, latencies.count(), appended.nanos())
                        .checked(checked)
                        .with("failed", (double) appended.failed())
                        .with("p50 ms", latencies.quantileNanos(0.5) / NANOS_PER_MILLI)
                        .with("p99 ms", latencies.quantileNanos(0.99) / NANOS_PER_MILLI);
            }
        }
    }

    private static void warm(ServedStreams server, double scale) throws Exception {
        LoadShape shape = new LoadShape(4, WARMING_STREAMS, StreamHttp.BYTES, 1);
        try (StreamLoad others = new StreamLoad(server.streams(), shape)) {
            others.create();
            others.append((long) (WARMING_APPENDS * scale));
        }
    }

    private static String everybodyGot(StreamLoad load, LoadReaders readers, long delivered) throws Exception {
        readers.awaitEach(load.acknowledged(), LIMIT_SECONDS, TimeUnit.SECONDS);
        require(readers.agreeOn(load.acknowledged()), "readers got other messages than were appended");
        require(
                readers.latencies().count() == delivered,
                "messages delivered: " + readers.latencies().count());
        StreamHttp.checked(load);
        return "every reader got every message";
    }

    /**
     * Readers that wait, and then one event for all of them. The server's heap is resident from the beginning, so what
     * its memory grows by lies beyond the heap. Readers come and go once before, so that the code is there.
     */
    static Outcome idle(int readersAsked, Path folder, double scale) throws Exception {
        int count = (int) Math.max(WARMING, readersAsked * scale);
        try (ServedStreams server = ServedStreams.resident(folder);
                StreamLoad load = new StreamLoad(server.streams(), new LoadShape(1, 1, StreamHttp.BYTES, 1))) {
            load.create();
            load.readers(Math.min(WARMING, count)).close();
            load.append(WARMING);
            long heapBefore = server.heapBytes();
            long residentBefore = ServerMemory.of(server.pid()).resident();
            ServerUsage before = server.usage();
            try (LoadReaders readers = load.readers(count)) {
                double heap = (server.heapBytes() - heapBefore) / KIB / count;
                double beyond = (double) (ServerMemory.of(server.pid()).resident() - residentBefore) / count;
                long started = System.nanoTime();
                load.append(1);
                readers.awaitEach(1, LIMIT_SECONDS, TimeUnit.SECONDS);
                long took = System.nanoTime() - started;
                require(readers.agreeOn(1), "readers got other messages than were appended");
                StreamHttp.checked(load);
                return server.usage()
                        .since(before, count, took)
                        .checked("the event reached " + count)
                        .with("KiB each", heap + beyond)
                        .with("KiB each in the heap", heap)
                        .with("all reached ms", took / NANOS_PER_MILLI);
            }
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalStateException(otherwise);
        }
    }
}
