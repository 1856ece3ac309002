package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.server.durablestreams.DurableStreamsMount;
import dev.holdfast.server.durablestreams.DurableStreamsOptions;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpMetrics;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A server of streams in a process of its own, until standard input ends. Beside the streams it answers with nothing,
 * and with content that is always in memory, by the same HTTP layer.
 */
final class StreamServer {
    /** Bytes of one answer from memory. */
    static final int PART_BYTES = 1 << 20;

    private static final byte[] PART = new byte[PART_BYTES];
    // Jetty tells of every start and stop; kept in a field because loggers are held weakly.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private StreamServer() {}

    /** Takes the folder of the store; answers a line on standard input with the bytes of the heap that are in use. */
    public static void main(String[] args) throws Exception {
        JETTY.setLevel(Level.WARNING);
        HttpMetrics metrics = new HttpMetrics();
        // Readers that are measured while they do nothing should not come again meanwhile.
        DurableStreamsOptions options = DurableStreamsOptions.defaults().withSseMaxAge(Duration.ofHours(1));
        try (Holdfast holdfast = Holdfast.open(file(Path.of(args[0])));
                HttpServer server = HttpServer.builder(
                                HttpServerOptions.defaults().withPort(0))
                        .metrics(metrics)
                        .mount(Mount.at("/memory", "memory")
                                .route(Route.get("/{parts}/{n}", "memory", StreamServer::part)
                                        .param(Param.query("offset", Param.Type.STRING, "which part"))))
                        .mount(DurableStreamsMount.of(holdfast, options, List.of(), metrics))
                        .build()) {
            server.start();
            System.out.println("listening on " + server.baseUrl());
            BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (asked.readLine() != null) {
                System.out.println(heapBytes());
            }
        }
    }

    /** The store in a folder. */
    static Path file(Path folder) {
        return folder.resolve("store.db");
    }

    /** One part of a stream that is the same part again and again. */
    private static void part(Exchange exchange) throws Exception {
        long parts = Long.parseLong(exchange.pathParam("parts"));
        long number = Math.max(0, Long.parseLong(exchange.queryParam("offset").orElse("0")));
        exchange.setHeader("Stream-Next-Offset", Long.toString(number + 1));
        if (number + 1 >= parts) {
            exchange.setHeader("Stream-Up-To-Date", "true");
        }
        exchange.setHeader("Content-Length", Integer.toString(PART_BYTES));
        exchange.respond(200, ContentType.BYTES, out -> out.write(PART));
    }

    /** After two collections: the second takes what the first only finalised. */
    private static long heapBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
