package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.load.LoadLatencies;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What the library's operations take when there are many streams, and when one stream is long: medians of single calls,
 * from one caller.
 */
final class StreamCurve {
    /** What is measured, by the names of the details. */
    static final List<String> OPERATIONS = List.of("open", "append", "head", "read", "fork", "delete");

    private static final int PAGE = 1_000;
    private static final int PER_APPEND = 10;
    private static final int OPENS = 5;
    private static final int CALLS = 2_000;
    private static final int CALLS_MIN = 50;
    private static final int READ_BYTES = 4_096;
    private static final long SEED = 20_261;
    private static final double NANOS_PER_MICRO = 1_000;

    private final Path file;
    private final int streams;
    private final long messages;
    private final int calls;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, Double> medians = new TreeMap<>();
    private long right;

    private StreamCurve(Path folder, double scale, int streams, long messages) {
        this.file = folder.resolve("store.db");
        this.streams = streams;
        this.messages = messages;
        this.calls = (int) Math.max(CALLS_MIN, CALLS * scale);
    }

    /** Many streams with a few messages each. */
    static Outcome streams(int count, Path folder, double scale) throws Exception {
        return new StreamCurve(folder, scale, (int) Math.max(10, count * scale), PER_APPEND).run();
    }

    /** One stream with many messages. */
    static Outcome messages(long count, Path folder, double scale) throws Exception {
        long whole = Math.max(PAGE, (long) (count * scale)) / PER_APPEND * PER_APPEND;
        return new StreamCurve(folder, scale, 1, whole).run();
    }

    /** The detail that holds the median of an operation. */
    static String detail(String operation) {
        return operation + " us";
    }

    private Outcome run() throws Exception {
        fill();
        Window window = Window.open();
        measure("open", OPENS, i -> {
            try (Holdfast opened = Holdfast.open(file)) {
                requireRight(opened.stream(name(0)).head().tail() == messages);
            }
        });
        try (Holdfast holdfast = Holdfast.open(file)) {
            operations(holdfast, CALLS_MIN);
            operations(holdfast, calls);
        }
        Outcome outcome = window.close(right).checked("every answer was right");
        for (Map.Entry<String, Double> median : medians.entrySet()) {
            outcome = outcome.with(detail(median.getKey()), median.getValue());
        }
        return outcome;
    }

    private void fill() {
        try (Holdfast holdfast = Holdfast.open(file)) {
            for (int from = 0; from < streams; from += PAGE) {
                int first = from;
                int until = Math.min(streams, from + PAGE);
                holdfast.transaction(tx -> {
                    for (int i = first; i < until; i++) {
                        tx.stream(name(i)).create(StreamSpec.json());
                        tx.stream(name(i)).append(part(0));
                    }
                    return until;
                });
            }
            for (long from = PER_APPEND; from < messages; from += (long) PAGE * PER_APPEND) {
                long first = from;
                long until = Math.min(messages, from + (long) PAGE * PER_APPEND);
                holdfast.transaction(tx -> {
                    for (long at = first; at < until; at += PER_APPEND) {
                        tx.stream(name(0)).append(part(at));
                    }
                    return until;
                });
            }
        }
    }

    private void operations(Holdfast holdfast, int count) throws Exception {
        measure("head", count, i -> requireRight(any(holdfast).head().tail() >= messages));
        measure("read", count, i -> {
            long at = random.nextLong(messages);
            StreamChunk chunk = any(holdfast).read(at, READ_BYTES);
            requireRight(chunk.start() == at && first(chunk) == at);
        });
        measure("append", count, i -> {
            DurableStream stream = any(holdfast);
            requireRight(stream.append(part(0)).tail() >= messages + PER_APPEND);
        });
        measure("fork", count, i -> {
            StreamFork fork = StreamFork.of(name(random.nextInt(streams)), random.nextLong(messages));
            requireRight(
                    holdfast.stream("fork/" + i).create(StreamSpec.of(fork)).created());
        });
        measure("delete", count, i -> {
            holdfast.stream("fork/" + i).delete();
            right++;
        });
    }

    private DurableStream any(Holdfast holdfast) {
        return holdfast.stream(name(random.nextInt(streams)));
    }

    private void measure(String operation, int count, Callers.Operation call) throws Exception {
        LoadLatencies latencies = new LoadLatencies();
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            call.run(i);
            latencies.add(System.nanoTime() - start);
        }
        medians.put(operation, latencies.quantileNanos(0.5) / NANOS_PER_MICRO);
    }

    private void requireRight(boolean is) {
        if (!is) {
            throw new IllegalStateException("an answer is wrong");
        }
        right++;
    }

    private static String name(int stream) {
        return "curve/" + stream;
    }

    /** Messages that hold their offsets. */
    private static byte[] part(long from) {
        long[] numbers = new long[PER_APPEND];
        Arrays.setAll(numbers, i -> from + i);
        return Arrays.toString(numbers).getBytes(StandardCharsets.US_ASCII);
    }

    private static long first(StreamChunk chunk) {
        return Json.parse(chunk.toBytes()).get(0).longValue();
    }
}
