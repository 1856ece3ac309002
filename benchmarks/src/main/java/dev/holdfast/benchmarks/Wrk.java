package dev.holdfast.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's wrk: 64 connections on one thread, each sending its next request when it has its answer. */
final class Wrk {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([0-9.]+)(s|m)");
    private static final Pattern P99 = Pattern.compile("99% +([0-9.]+)(us|ms|s)");
    private static final Pattern FAILED = Pattern.compile("Non-2xx.*|Socket errors.*");
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1_000.0);
    private static final double NANOS_PER_SECOND = 1e9;

    private final URI server;
    private final Path script;

    Wrk(URI server, Path script) {
        this.server = server;
        this.script = script;
    }

    /** Runs for so long; an answer that is no success fails it. */
    Outcome run(double seconds) throws IOException, InterruptedException {
        Window window = Window.open();
        String printed = Processes.output(
                script.toAbsolutePath().resolveSibling(""),
                List.of(
                        "wrk",
                        "-t1",
                        "-c64",
                        "-d" + Math.max(1, Math.round(seconds)) + "s",
                        "--latency",
                        "-s",
                        script.toString(),
                        server.toString()));
        Matcher failed = FAILED.matcher(printed);
        if (failed.find()) {
            throw new IOException("wrk: " + failed.group());
        }
        Matcher requests = found(REQUESTS, printed);
        Matcher p99 = found(P99, printed);
        double took = Double.parseDouble(requests.group(2)) * (requests.group(3).equals("m") ? 60 : 1);
        return window.close(Long.parseLong(requests.group(1)))
                .lasting((long) (took * NANOS_PER_SECOND))
                .with("p99 ms", Double.parseDouble(p99.group(1)) * millis(p99.group(2)));
    }

    private static double millis(String unit) {
        return MILLIS.getOrDefault(unit, Double.NaN);
    }

    private static Matcher found(Pattern pattern, String printed) throws IOException {
        Matcher matcher = pattern.matcher(printed);
        if (!matcher.find()) {
            throw new IOException("wrk printed no " + pattern + ": " + printed);
        }
        return matcher;
    }
}
