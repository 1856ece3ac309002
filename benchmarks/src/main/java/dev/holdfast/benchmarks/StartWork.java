package dev.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts the packaged server as a user does, twice, and looks at the second start and at its memory when idle. */
final class StartWork {
    private static final int LIMIT_MILLIS = 30_000;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String ANONYMOUS = "RssAnon:";
    private static final double KIB_PER_MIB = 1_024;

    private StartWork() {}

    static Outcome serve(Path folder) throws Exception {
        start(folder, false);
        return start(folder, true);
    }

    private static Outcome start(Path folder, boolean stay) throws Exception {
        int port = freePort();
        Path root = Path.of(System.getProperty("holdfast.root", ""));
        Window window = Window.open();
        Process server = new ProcessBuilder(
                        root.resolve("bin/holdfast").toString(),
                        "serve",
                        "--db",
                        folder.resolve("store.db").toString(),
                        "--port",
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // Its one line says that it accepts: asking until then would cost it time on the same processors.
        try (BufferedReader printed = server.inputReader()) {
            String line = Objects.requireNonNull(printed.readLine(), "the server ended without a line");
            requireAnswer(URI.create(line.substring(line.indexOf("http")) + "/keyval/api/keys/count"));
            Outcome outcome = window.close(1);
            double seconds = outcome.nanos() / (double) TimeUnit.SECONDS.toNanos(1);
            if (stay) {
                pause(IDLE_NANOS);
            }
            return outcome.checked("answered 200")
                    .with("start s", seconds)
                    .with("RssAnon MiB", anonymousKib(server.pid()) / KIB_PER_MIB);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static void requireAnswer(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout(LIMIT_MILLIS);
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            throw new IOException("the first request was answered " + status + ": " + uri);
        }
    }

    private static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static double anonymousKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith(ANONYMOUS))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
