package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.codec.Durations;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.TokenLookup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves a store until it is told to stop. */
@Command(name = "serve", description = "Serve a store over HTTP until SIGTERM.")
final class ServeCommand implements Callable<Integer> {
    // A field, because the JDK forgets settings of a logger that nobody holds.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--host", description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "Port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port = 4437;

    @Option(
            names = "--token",
            defaultValue = "${HOLDFAST_TOKEN}",
            description = "Admin token that every request must carry. Default: HOLDFAST_TOKEN; none: loopback only.")
    private @Nullable String token;

    @Option(
            names = "--stop-timeout",
            paramLabel = "DURATION",
            description = "How long stopping waits for requests. Default: ${DEFAULT-VALUE}.")
    private String stopTimeout = "5s";

    @Option(
            names = "--example",
            paramLabel = "FILE",
            description = "First load the regions of examples/data, unless they are there, and print what to try.")
    private @Nullable Path example;

    @Override
    public Integer call() throws InterruptedException, IOException {
        JETTY.setLevel(Level.WARNING);
        HttpServerOptions options = HttpServerOptions.defaults()
                .withHost(host)
                .withPort(port)
                .withStopTimeout(Durations.parse(stopTimeout));
        Authenticator authenticator = token == null || token.isBlank()
                ? Authenticator.none()
                : Authenticator.bearer(TokenLookup.admin(token));
        Holdfast holdfast = store.open();
        HoldfastServer server;
        try {
            if (example != null) {
                ExampleData.load(holdfast, example);
            }
            server = HoldfastServer.start(holdfast, options, authenticator);
        } catch (RuntimeException | IOException e) {
            holdfast.close();
            throw e;
        }
        serve(holdfast, server);
        return 0;
    }

    private void serve(Holdfast holdfast, HoldfastServer server) throws InterruptedException {
        var line = Objects.requireNonNull(spec, "spec").commandLine();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            holdfast.close();
            stopped.countDown();
        }));
        PrintWriter out = line.getOut();
        out.println("listening on " + server.baseUrl());
        out.flush();
        if (example != null) {
            line.getErr().println(ExampleData.whatToTry(server.baseUrl()));
            line.getErr().flush();
        }
        stopped.await();
    }
}
