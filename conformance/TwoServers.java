import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two server processes on one store: how soon a watch on one sees what is written on the other, and whether it misses
 * anything. Needs nothing but a JDK; see the script {@code two-servers} beside it.
 *
 * <p>First one write at a time, each begun when the one before was seen; its time runs from the sending of the request
 * to the arrival of the event, which takes in the durable commit. Then the same with a pause before each write, in
 * which the watch falls silent. Then many writes at once, to both servers.
 */
final class TwoServers {
    private static final String API = "/keyval/api";
    private static final Pattern WRITTEN = Pattern.compile("\"w-(\\d+)\"");
    private static final long LOST_SECONDS = 10;
    private static final int WARM_UP = 50;
    private static final int WRITERS = 8;
    private static final int SPACED = 100;
    private static final long SPACE_MILLIS = 300;
    private static final double P50_MILLIS_MAX = 30;
    private static final double P99_MILLIS_MAX = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CountDownLatch> awaited = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    private TwoServers() {}

    /** Measures; exit code 0 when nothing was lost and the times are within their bounds, else 1. */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> words = List.of(args);
        int db = words.indexOf("--db");
        if (db < 0 || db + 1 >= words.size()) {
            System.err.println("usage: conformance/two-servers --db FILE|URL [--writes N] [--no-bounds]");
            System.exit(2);
        }
        int writes = words.indexOf("--writes");
        int count = writes < 0 ? 1_000 : Integer.parseInt(words.get(writes + 1));
        boolean kept;
        try (Server watched = Server.start(words.get(db + 1));
                Server written = Server.start(words.get(db + 1))) {
            kept = new TwoServers().measure(watched, written, count, !words.contains("--no-bounds"));
        }
        System.exit(kept ? 0 : 1);
    }

    private boolean measure(Server watched, Server written, int count, boolean bounds)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> events = http.send(
                HttpRequest.newBuilder(watched.uri("/watch/prefix?prefix=two&initial=false"))
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
        Thread.ofVirtual().start(() -> {
            events.body().forEach(this::event);
            ended.countDown();
        });
        for (int i = 0; i < WARM_UP; i++) {
            write(written, i);
            awaited.get(i).await(200, TimeUnit.MILLISECONDS); // the watch begins at some time of these
        }
        int next = WARM_UP;
        boolean kept = oneAtATime("one at a time", written, next, count, 0, bounds);
        next += count;
        kept &= oneAtATime("one now and then", written, next, SPACED, SPACE_MILLIS, bounds);
        next += SPACED;
        int lostAtOnce = atOnce(watched, written, next, count);
        System.out.printf("at once: writes %d, lost %d%n", count, lostAtOnce);
        return kept && lostAtOnce == 0;
    }

    /** Writes, each begun some time after the one before was seen; false when one was lost or they were too slow. */
    private boolean oneAtATime(String title, Server written, int from, int count, long pauseMillis, boolean bounds)
            throws InterruptedException {
        int lost = 0;
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            if (ended.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the watch has ended");
            }
            long begun = System.nanoTime();
            lost += seen(write(written, from + i)) ? 0 : 1;
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        Arrays.sort(millis);
        double p50 = at(millis, 0.50);
        double p99 = at(millis, 0.99);
        System.out.printf(
                "%s: writes %d, lost %d, milliseconds p50 %.1f, p90 %.1f, p99 %.1f, max %.1f%n",
                title, count, lost, p50, at(millis, 0.90), p99, millis[count - 1]);
        boolean slow = p50 > P50_MILLIS_MAX || p99 > P99_MILLIS_MAX;
        if (bounds && slow) {
            System.out.printf("too slow: p50 %.0f ms and p99 %.0f ms are allowed%n", P50_MILLIS_MAX, P99_MILLIS_MAX);
        }
        return lost == 0 && !(bounds && slow);
    }

    private int atOnce(Server one, Server other, int from, int count) throws InterruptedException {
        Map<Integer, CountDownLatch> latches = new ConcurrentHashMap<>();
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(w -> Thread.ofVirtual().start(() -> {
                    for (int i = w; i < count; i += WRITERS) {
                        latches.put(i, write(w % 2 == 0 ? one : other, from + i));
                    }
                }))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
        int lost = count - latches.size();
        for (CountDownLatch latch : latches.values()) {
            lost += seen(latch) ? 0 : 1;
        }
        return lost;
    }

    private CountDownLatch write(Server server, int number) {
        CountDownLatch latch = new CountDownLatch(1);
        awaited.put(number, latch);
        HttpRequest put = HttpRequest.newBuilder(server.uri("/keys/two/" + number))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("\"w-" + number + "\""))
                .build();
        try {
            HttpResponse<String> answer = http.send(put, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("a write was refused: " + answer.body());
            }
            return latch;
        } catch (IOException e) {
            throw new IllegalStateException("a write failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void event(String line) {
        Matcher matcher = WRITTEN.matcher(line);
        while (matcher.find()) {
            CountDownLatch latch = awaited.get(Integer.parseInt(matcher.group(1)));
            if (latch != null) {
                latch.countDown();
            }
        }
    }

    private static boolean seen(CountDownLatch latch) throws InterruptedException {
        return latch.await(LOST_SECONDS, TimeUnit.SECONDS);
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
    }

    /** A server process on a free port; closing it stops it. */
    private record Server(Process process, String base) implements AutoCloseable {
        private static final String LISTENING = "listening on ";

        static Server start(String db) throws IOException {
            Path launcher = Path.of(System.getProperty("holdfast.root", "."), "bin", "holdfast");
            List<String> command = new ArrayList<>(List.of(launcher.toAbsolutePath().toString(), "serve"));
            command.addAll(List.of("--db", db, "--port", "0"));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            if (line == null || !line.startsWith(LISTENING)) {
                process.destroy();
                throw new IOException("the server did not start: " + line);
            }
            return new Server(process, line.substring(LISTENING.length()));
        }

        URI uri(String path) {
            return URI.create(base + API + path);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
