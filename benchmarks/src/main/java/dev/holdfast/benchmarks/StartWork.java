package dev.holdfast.benchmarks;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts the packaged server as a user does, twice, and looks at the second start and at its memory when idle. */
final class StartWork {
    private static final long POLL_NANOS = 2_000_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
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
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            awaitAnswer(URI.create("http://127.0.0.1:" + port + "/keyval/api/keys/count"));
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

    private static void awaitAnswer(URI uri) throws IOException {
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (!answers(uri)) {
            if (System.nanoTime() > limit) {
                throw new IOException("no answer from " + uri);
            }
            pause(POLL_NANOS);
        }
    }

    private static boolean answers(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
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
