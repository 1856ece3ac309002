package dev.holdfast.benchmarks;

import dev.holdfast.cli.load.LoadCheck;
import dev.holdfast.cli.load.LoadResult;
import dev.holdfast.cli.load.LoadShape;
import dev.holdfast.cli.load.LoadTarget;
import dev.holdfast.cli.load.StreamLoad;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Appends over HTTP to a server in another process: as fast as answers come, then at a rate. */
final class StreamHttp {
    /** Messages have so many bytes. */
    static final int BYTES = 256;

    private static final double SECONDS = 6;
    private static final double SHARE = 0.7;
    private static final int CALLS_OF_JDK = 120_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double ONE_IN_A_HUNDRED = 0.99;
    private static final double ONE_IN_A_THOUSAND = 0.999;

    private StreamHttp() {}

    /** Appends; an operation is a message. */
    static Outcome append(ServedStreams.Start start, LoadShape shape, Path folder, double scale) throws Exception {
        long nanos = nanos(scale);
        try (ServedStreams server = start.in(folder);
                StreamLoad load = new StreamLoad(server.streams(), shape)) {
            load.create();
            load.appendFully(nanos);
            ServerUsage before = server.usage();
            LoadResult full = load.appendFully(nanos);
            Outcome outcome = server.usage().since(before, full.acknowledged() * shape.messagesStored(), full.nanos());
            LoadResult planned = load.appendAt(Math.max(1, SHARE * full.perSecond()), nanos);
            requireNone(full.failed() + planned.failed());
            return outcome.checked(checked(load))
                    .with("p99 ms", millis(full, ONE_IN_A_HUNDRED))
                    .with("at 0.7: p99 ms", millis(planned, ONE_IN_A_HUNDRED))
                    .with("at 0.7: p99.9 ms", millis(planned, ONE_IN_A_THOUSAND));
        }
    }

    /** Requests that are answered with nothing: what HTTP and the load generator come to by themselves. */
    static Outcome ceiling(ServedStreams.Start start, int connections, Path folder, double scale) throws Exception {
        try (ServedStreams server = start.in(folder);
                StreamLoad load = new StreamLoad(server.streams(), new LoadShape(connections, 1, BYTES, 0))) {
            load.ceiling(nanos(scale));
            ServerUsage before = server.usage();
            LoadResult result = load.ceiling(nanos(scale));
            requireNone(result.failed());
            return server.usage()
                    .since(before, result.acknowledged(), result.nanos())
                    .checked("answered with nothing")
                    .with("p99 ms", millis(result, ONE_IN_A_HUNDRED));
        }
    }

    /** The same requests by the client of the JDK: whether it could stand in for the load generator. */
    static Outcome ceilingOfJdk(int connections, Path folder, double scale) throws Exception {
        try (ServedStreams server = ServedStreams.holdfast(folder);
                Callers callers = Callers.virtual(connections);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            LoadTarget target = server.streams().below("0");
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://" + target.host() + ":" + target.port() + target.path()))
                    .method("OPTIONS", BodyPublishers.noBody())
                    .build();
            int calls = (int) Math.max(connections, CALLS_OF_JDK * scale);
            AtomicLong failures = new AtomicLong();
            Callers.Operation call = i -> {
                try {
                    requireSuccess(client.send(request, BodyHandlers.discarding()));
                } catch (IOException e) {
                    // It loses a request now and then when a connection goes back to its pool; that is a figure, too.
                    failures.incrementAndGet();
                }
            };
            callers.run(calls, call);
            ServerUsage before = server.usage();
            Outcome outcome = callers.run(calls, call);
            return server.usage()
                    .since(before, calls, outcome.nanos())
                    .checked("answered with nothing")
                    .with("failures", failures.doubleValue());
        }
    }

    /** Reads everything back; what was acknowledged must be stored. */
    static String checked(StreamLoad load) throws IOException {
        LoadCheck check = load.check();
        if (!check.right()) {
            throw new IllegalStateException("what is stored is not what was acknowledged: " + check);
        }
        return "what was acknowledged is stored";
    }

    static long nanos(double scale) {
        return (long) (SECONDS * scale * TimeUnit.SECONDS.toNanos(1));
    }

    static double millis(LoadResult result, double quantile) {
        return result.latencies().quantileNanos(quantile) / NANOS_PER_MILLI;
    }

    static void requireNone(long failed) {
        if (failed > 0) {
            throw new IllegalStateException("requests that failed: " + failed);
        }
    }

    private static void requireSuccess(HttpResponse<Void> answer) {
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException("answered " + answer.statusCode());
        }
    }
}
