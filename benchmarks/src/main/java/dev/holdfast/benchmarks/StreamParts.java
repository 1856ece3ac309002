package dev.holdfast.benchmarks;

import dev.holdfast.cli.load.LoadShape;
import java.util.List;

/** The parts that measure streams over HTTP, beside the public server of Node, and how the library's calls scale. */
final class StreamParts {
    private static final int BYTES = StreamHttp.BYTES;
    private static final long GIB = 1L << 30;
    private static final long QUARTER = GIB / 4;

    private StreamParts() {}

    static List<Part> all() {
        return List.of(http(), sse(), idle(), catchUp(), curve(), postgres());
    }

    private static Part http() {
        Part part = new Part("stream-http", "SQLite FULL: appends of 256 bytes over HTTP, client in its own process")
                .durably()
                .contestant("raw-1", StreamWrites::rawEach)
                .contestant("raw-1000", StreamWrites::raw)
                .contestant("empty", (folder, scale) -> StreamHttp.ceiling(ServedStreams::holdfast, 64, folder, scale))
                .contestant("empty-jdk", (folder, scale) -> StreamHttp.ceilingOfJdk(64, folder, scale))
                .contestant("node-empty", (folder, scale) -> StreamHttp.ceiling(ServedStreams::node, 64, folder, scale))
                .same("empty", "empty-jdk", "node-empty");
        for (int connections : List.of(1, 16, 64, 256)) {
            append(part, "holdfast-" + connections, ServedStreams::holdfast, new LoadShape(connections, 1, BYTES, 0));
        }
        for (int connections : List.of(1, 64)) {
            append(part, "node-" + connections, ServedStreams::node, new LoadShape(connections, 1, BYTES, 0));
        }
        for (int streams : List.of(100, 10_000, 100_000)) {
            append(part, streams + "-streams", ServedStreams::holdfast, new LoadShape(64, streams, BYTES, 0));
        }
        append(part, "holdfast-post-100", ServedStreams::holdfast, new LoadShape(16, 1, BYTES, 100));
        append(part, "node-post-100", ServedStreams::node, new LoadShape(16, 1, BYTES, 100));
        return part.same("holdfast-64", "100-streams", "10000-streams", "100000-streams", "holdfast-post-100")
                .target(Target.atLeast(10, "holdfast-64", "node-64"))
                .target(rate(15_000, "holdfast-64"))
                .target(Target.atMost(15, "holdfast-64", "p99 ms"))
                .target(fromBest("holdfast-64", "100-streams", "10000-streams", "100000-streams"))
                .target(rate(250_000, "holdfast-post-100"))
                .target(Target.atLeast(1, "empty", "empty-jdk"));
    }

    private static void append(Part part, String name, ServedStreams.Start start, LoadShape shape) {
        part.contestant(name, (folder, scale) -> StreamHttp.append(start, shape, folder, scale));
    }

    private static Part sse() {
        Part part = new Part("stream-sse", "SQLite FULL: from a planned append of 256 bytes to readers of the stream");
        sse(part, "holdfast-1", ServedStreams::holdfast, 1, 200);
        sse(part, "node-1", ServedStreams::node, 1, 200);
        // The public server does not keep up with these everywhere: a part of the appends fails.
        sse(part, "holdfast-1000", ServedStreams::holdfast, 1_000, 10);
        return part.same("holdfast-1", "node-1")
                .target(Target.atMost(1, "holdfast-1", "p50 ms"))
                .target(Target.atMost(0, "holdfast-1", "failed"))
                .target(Target.atMost(60, "holdfast-1000", "p99 ms"))
                .target(Target.atMost(0, "holdfast-1000", "failed"));
    }

    private static void sse(Part part, String name, ServedStreams.Start start, int readers, double rate) {
        part.contestant(name, (folder, scale) -> StreamSse.deliver(start, readers, rate, folder, scale));
    }

    private static Part idle() {
        return new Part("stream-idle", "15,000 readers that wait in one server, then one event for all of them")
                .contestant("holdfast-15000", (folder, scale) -> StreamSse.idle(15_000, folder, scale))
                .target(Target.atMost(6, "holdfast-15000", "KiB each"))
                .target(Target.atMost(1_000, "holdfast-15000", "all reached ms"));
    }

    private static Part catchUp() {
        Part part = new Part(
                        "stream-catchup",
                        "One reader that discards: text by 64 KiB, JSON of 256 bytes in POSTs of 100 and alone")
                .contestant("memory", (folder, scale) -> StreamCatchUp.memory(GIB, folder, scale));
        part.contestant(
                        "text",
                        (folder, scale) -> StreamCatchUp.text(
                                ServedStreams::holdfast, GIB, StreamCatchUp.PART_BYTES, folder, scale))
                .contestant("json-100", (folder, scale) -> StreamCatchUp.json(GIB, 100, 1, folder, scale))
                .contestant("json-1", (folder, scale) -> StreamCatchUp.json(QUARTER, 1, 4, folder, scale))
                .contestant(
                        "node-text",
                        (folder, scale) -> StreamCatchUp.text(
                                ServedStreams::node, QUARTER, StreamCatchUp.PART_BYTES, folder, scale))
                .same("memory", "text", "json-100", "json-1", "node-text");
        for (String name : List.of("text", "json-100", "json-1")) {
            part.target(fastEnough(name))
                    .target(Target.atMost(64, name, "RSS growth MiB"))
                    .target(Target.atMost(64, name, "RssAnon growth MiB"));
        }
        return part;
    }

    private static Part curve() {
        Part part = new Part("stream-curve", "SQLite FULL, the library, one caller: medians of calls as a store grows");
        for (int streams : List.of(1_000, 10_000, 100_000)) {
            part.contestant("streams-" + streams, (folder, scale) -> StreamCurve.streams(streams, folder, scale));
        }
        for (long messages : List.of(100_000L, 1_000_000L, 10_000_000L)) {
            part.contestant("messages-" + messages, (folder, scale) -> StreamCurve.messages(messages, folder, scale));
        }
        for (String operation : StreamCurve.OPERATIONS) {
            part.target(flat(operation, "streams-100000", "streams-1000"))
                    .target(flat(operation, "messages-10000000", "messages-100000"));
        }
        return part;
    }

    private static Part postgres() {
        Part part = new Part(
                "stream-postgres",
                "PostgreSQL: appends of 256 bytes to one stream, together and each in a transaction");
        for (int callers : List.of(1, 64, 256)) {
            part.contestant("together-" + callers, (folder, scale) -> StreamPostgres.together(callers, scale))
                    .contestant("alone-" + callers, (folder, scale) -> StreamPostgres.alone(callers, scale))
                    .target(Target.atLeast(callers == 1 ? 0.9 : 3, "together-" + callers, "alone-" + callers));
        }
        return part;
    }

    private static Target rate(double bound, String contestant) {
        return new Target(
                contestant + " per second", round -> round.of(contestant).rate(), bound, Target.Direction.AT_LEAST);
    }

    /** How near the slowest comes to the fastest. */
    private static Target fromBest(String... names) {
        return new Target(
                "slowest / fastest of " + String.join(", ", names),
                round -> {
                    double[] rates = List.of(names).stream()
                            .mapToDouble(name -> round.of(name).rate())
                            .sorted()
                            .toArray();
                    return rates[0] / rates[rates.length - 1];
                },
                0.70,
                Target.Direction.AT_LEAST);
    }

    /** 500 MB a second, or four fifths of what the server sends from memory. */
    private static Target fastEnough(String name) {
        return new Target(
                name + ": the better of (MB/s) / 500 and (" + name + " / memory) / 0.8",
                round -> Math.max(round.of(name).detail("MB/s") / 500, round.ratio(name, "memory") / 0.8),
                1,
                Target.Direction.AT_LEAST);
    }

    /** Flat within a factor of two. */
    private static Target flat(String operation, String large, String small) {
        String detail = StreamCurve.detail(operation);
        return new Target(
                operation + ": " + large + " / " + small,
                round -> round.of(large).detail(detail) / round.of(small).detail(detail),
                2,
                Target.Direction.AT_MOST);
    }
}
