package dev.holdfast.cli;

import dev.holdfast.cli.load.LoadCheck;
import dev.holdfast.cli.load.LoadReaders;
import dev.holdfast.cli.load.LoadResult;
import dev.holdfast.cli.load.LoadShape;
import dev.holdfast.cli.load.LoadTarget;
import dev.holdfast.cli.load.StreamLoad;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures any server of Durable Streams by its URL, with streams that are deleted afterwards. */
@Command(
        name = "streams",
        description = "Append to streams of a server under load, read everything back, and delete them. First as fast"
                + " as answers come, then at a rate whether or not they come.")
final class BenchStreamsCommand implements Callable<Integer> {
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int STREAMS_MAX = 10_000_000;
    private static final int BYTES_MAX = 1 << 20;
    private static final int MESSAGES_MAX = 10_000;
    private static final int READERS_MAX = 100_000;
    private static final double RATE_MAX = 10_000_000;
    private static final double READERS_RATE = 10;
    private static final Duration DURATION_MAX = Duration.ofHours(1);

    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(paramLabel = "URL", description = "below which streams are made, as in http://127.0.0.1:4437/v1/stream")
    private String url = "";

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Open at once, 1 to 10000. Default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(
            names = "--streams",
            paramLabel = "N",
            description = "That appends go to at random, 1 to 10000000. Default: ${DEFAULT-VALUE}.")
    private int streams = 1;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests a second. Default: --share of what was reached as fast as answers come; with"
                    + " --readers 10.")
    private double rate;

    @Option(
            names = "--share",
            paramLabel = "F",
            description =
                    "Part of the full speed that is then sent at a rate, above 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double share = 0.7;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "Bytes of a message, 32 to 1048576. Default: ${DEFAULT-VALUE}.")
    private int size = 256;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "JSON messages of one request, 1 to 10000. Without it a request is text.")
    private int messages;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            description = "How long each part lasts, up to 1h. Default: 10s.")
    private Duration duration = Duration.ofSeconds(10);

    @Option(
            names = "--readers",
            paramLabel = "N",
            description = "Readers that follow the first stream by events, up to 100000. Default: ${DEFAULT-VALUE}.")
    private int readers;

    @Option(
            names = "--token",
            defaultValue = "${HOLDFAST_TOKEN}",
            description = "Secret that every request bears. Default: HOLDFAST_TOKEN.")
    private @Nullable String token;

    @Override
    @SuppressWarnings("try") // the signal calls back; nobody calls it
    public Integer call() throws InterruptedException {
        requireRanges();
        LoadTarget target = LoadTarget.of(url, Optional.ofNullable(token).filter(secret -> !secret.isBlank()));
        try (StreamLoad load = new StreamLoad(target, new LoadShape(connections, streams, size, messages));
                StopSignal signal = StopSignal.handle(load::stop)) {
            tell("measuring streams below " + load.place().path() + ", which are deleted afterwards");
            int code = measured(load, ServedDurability.of(target));
            output.end();
            return code;
        } catch (IOException | TimeoutException e) {
            throw new EngineException("cli.load", "the load on " + url + " has failed: " + e.getMessage(), e);
        }
    }

    private void requireRanges() {
        ResultCommand.require("--connections", connections, 1, CONNECTIONS_MAX);
        ResultCommand.require("--streams", streams, 1, STREAMS_MAX);
        ResultCommand.require("--size", size, LoadShape.BYTES_MIN, BYTES_MAX);
        ResultCommand.require("--messages", messages, 0, MESSAGES_MAX);
        ResultCommand.require("--readers", readers, 0, READERS_MAX);
        ResultCommand.require("--rate", (long) Math.floor(rate), 0, (long) RATE_MAX);
        if (!(share > 0 && share <= 1)) {
            throw new InvalidInputException(
                    "cli.range", "--share takes more than 0 and at most 1 (value=" + share + ")");
        }
        ResultCommand.require("--duration", duration.toMillis(), 1, DURATION_MAX.toMillis());
    }

    private int measured(StreamLoad load, String durability)
            throws IOException, InterruptedException, TimeoutException {
        load.create();
        boolean right;
        try {
            tell("requests that are answered with nothing");
            print("ceiling", 0, load.ceiling(duration.toNanos()), "");
            if (readers > 0) {
                follow(load, durability);
            } else {
                append(load, durability);
            }
            right = checked(load);
        } finally {
            load.delete();
        }
        if (load.stopped()) {
            tell("holdfast: stopped before the end [cli.stopped]");
        }
        return right && !load.stopped() ? ResultCommand.DONE : ResultCommand.FAILED;
    }

    private void append(StreamLoad load, String durability) throws IOException {
        tell("appending as fast as answers come: once to warm up, then measured");
        load.appendFully(duration.toNanos());
        LoadResult full = load.appendFully(duration.toNanos());
        print("append", 0, full, durability);
        double planned = rate > 0 ? rate : Math.max(1, share * full.perSecond());
        if (!load.stopped()) {
            tell("appending at a rate, latencies counted from the planned start");
            print("append at a rate", planned, load.appendAt(planned, duration.toNanos()), durability);
        }
    }

    private void follow(StreamLoad load, String durability) throws IOException, InterruptedException, TimeoutException {
        double planned = rate > 0 ? rate : READERS_RATE;
        tell("connecting readers");
        try (LoadReaders following = load.readers(readers)) {
            tell("appending at a rate: once to warm up, then measured");
            load.appendAt(planned, duration.toNanos());
            following.awaitEach(messagesOfReaders(load), duration.toSeconds() + 60, TimeUnit.SECONDS);
            following.forget();
            LoadResult appended = load.appendAt(planned, duration.toNanos());
            following.awaitEach(messagesOfReaders(load), duration.toSeconds() + 60, TimeUnit.SECONDS);
            print("append at a rate", planned, appended, durability);
            LoadResult delivered = new LoadResult(appended.nanos(), following.latencies(), appended.refused(), 0, 0);
            print("delivery to " + readers, planned, delivered, durability);
        }
    }

    /** Readers follow the first stream; with others beside it nobody knows how much of it to await. */
    private long messagesOfReaders(StreamLoad load) {
        return streams == 1 ? load.acknowledged() : 0;
    }

    private boolean checked(StreamLoad load) throws IOException {
        tell("reading everything back");
        LoadCheck check = load.check();
        tell("messages acknowledged: " + check.acknowledged() + ", stored: " + check.stored()
                + ", streams that differ: " + check.wrong());
        return check.right();
    }

    private void print(String operation, double planned, LoadResult result, String durability) {
        var node = Json.mapper()
                .createObjectNode()
                .put("operation", operation)
                .put("connections", connections)
                .put("streams", streams)
                .put("bytes", size)
                .put("messages", Math.max(1, messages))
                .put("planned", BenchFigures.rounded(planned))
                .put("operations", result.acknowledged())
                .put("failed", result.failed())
                .put("perSecond", BenchFigures.rounded(result.perSecond()))
                .put("p50Micros", BenchFigures.micros(result.latencies(), 0.5))
                .put("p99Micros", BenchFigures.micros(result.latencies(), 0.99))
                .put("p999Micros", BenchFigures.micros(result.latencies(), 0.999))
                .put("durability", durability);
        output.print(out(), node);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "spec").commandLine().getOut();
    }

    private void tell(String line) {
        Objects.requireNonNull(spec, "spec").commandLine().getErr().println(line);
    }
}
