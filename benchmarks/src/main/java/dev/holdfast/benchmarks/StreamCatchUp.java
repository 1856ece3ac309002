package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.load.LoadResult;
import dev.holdfast.cli.load.LoadShape;
import dev.holdfast.cli.load.LoadTarget;
import dev.holdfast.cli.load.StreamLoad;
import dev.holdfast.cli.load.StreamReading;
import dev.holdfast.stream.StreamRoom;
import java.nio.file.Path;

/** One reader that takes a long stream from the beginning and lets it go; an operation is a KiB. */
final class StreamCatchUp {
    /** A stream of bytes is appended in parts of this size. */
    static final int PART_BYTES = 64 << 10;

    private static final int CONNECTIONS = 64;
    private static final int KIB = 1_024;
    private static final double KIB_PER_MIB = 1_024;
    private static final double BYTES_PER_MB = 1e6;

    private StreamCatchUp() {}

    /** What the same server sends from memory, in as many answers. */
    static Outcome memory(long bytes, Path folder, double scale) throws Exception {
        long parts = Math.max(2, (long) (bytes * scale) / StreamServer.PART_BYTES);
        try (ServedStreams server = ServedStreams.holdfast(folder)) {
            return taken(server, server.at("/memory/" + parts), parts * StreamServer.PART_BYTES, 1);
        }
    }

    /** A stream with one message of text in each append. */
    static Outcome text(ServedStreams.Start start, long bytes, int size, Path folder, double scale) throws Exception {
        long requests = Math.max(2, (long) (bytes * scale) / size);
        LoadTarget place = fill(start, new LoadShape(CONNECTIONS, 1, size, 0), requests, folder);
        try (ServedStreams server = start.in(folder)) {
            return taken(server, server.at(place.path()), requests * size, 1);
        }
    }

    /**
     * A stream of JSON in our server, sealed; answers hold whole appends, so brackets and commas are what they have
     * more than messages.
     *
     * @param passes how often the stream is read for one measurement, so that a short one gives as long a measurement
     */
    static Outcome json(long bytes, int messages, int passes, Path folder, double scale) throws Exception {
        ServedStreams.Start start = ServedStreams::holdfast;
        long requests = Math.max(2, (long) (bytes * scale) / StreamHttp.BYTES / messages);
        LoadTarget place = fill(start, new LoadShape(CONNECTIONS, 1, StreamHttp.BYTES, messages), requests, folder);
        seal(folder, (place.path() + "/0").substring("/v1/stream/".length()));
        try (ServedStreams server = start.in(folder)) {
            long all = requests * messages;
            return taken(server, server.at(place.path()), all * (StreamHttp.BYTES + 1), passes);
        }
    }

    /** Fills the first stream of a place in a server that is stopped then; reads it back. */
    private static LoadTarget fill(ServedStreams.Start start, LoadShape shape, long requests, Path folder)
            throws Exception {
        try (ServedStreams server = start.in(folder);
                StreamLoad load = new StreamLoad(server.streams(), shape)) {
            load.create();
            LoadResult filled = load.append(requests);
            StreamHttp.requireNone(filled.failed());
            StreamHttp.checked(load);
            return load.place();
        }
    }

    /** What the server's background does within its next rounds. */
    private static void seal(Path folder, String stream) {
        try (Holdfast holdfast = Holdfast.open(StreamServer.file(folder))) {
            StreamRoom.of(holdfast.database()).seal("default", stream);
        }
    }

    /** Twice from a server that has just begun; the second time counts, memory is watched from before the first. */
    private static Outcome taken(ServedStreams server, LoadTarget place, long expected, int passes) throws Exception {
        ServerMemory before = ServerMemory.of(server.pid());
        try (ServerMemory.Peak peak = new ServerMemory.Peak(server.pid())) {
            pass(place, expected, passes);
            ServerUsage used = server.usage();
            StreamReading.Taken taken = pass(place, expected, passes);
            Outcome outcome = server.usage().since(used, taken.bytes() / KIB, taken.nanos());
            ServerMemory most = peak.most();
            return outcome.checked("all bytes")
                    .with("MB/s", outcome.rate() * KIB / BYTES_PER_MB)
                    .with("answers", (double) taken.answers())
                    .with("RSS growth MiB", (most.resident() - before.resident()) / KIB_PER_MIB)
                    .with("RssAnon growth MiB", (most.anonymous() - before.anonymous()) / KIB_PER_MIB);
        }
    }

    private static StreamReading.Taken pass(LoadTarget place, long expected, int passes) throws Exception {
        long bytes = 0;
        long answers = 0;
        long nanos = 0;
        for (int pass = 0; pass < passes; pass++) {
            StreamReading.Taken taken = StreamReading.take(place);
            // Each answer in JSON has two brackets, and one comma less than it has messages.
            long more = taken.bytes() - expected;
            if (more != 0 && more != taken.answers()) {
                throw new IllegalStateException("bytes read: " + taken + ", expected: " + expected);
            }
            bytes += taken.bytes();
            answers += taken.answers();
            nanos += taken.nanos();
        }
        return new StreamReading.Taken(bytes, answers, nanos);
    }
}
