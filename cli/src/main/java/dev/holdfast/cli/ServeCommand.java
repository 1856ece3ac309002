package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.server.HoldfastServer;
import dev.holdfast.server.ProtocolOptions;
import dev.holdfast.server.StoreTokens;
import dev.holdfast.server.http.Authenticator;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.ListeningSocket;
import dev.holdfast.server.http.TokenLookup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a store until it is told to stop. */
@Command(name = "serve", description = "Serve a store over HTTP until SIGTERM.")
final class ServeCommand implements Callable<Integer>, MakesStore {
    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private ServerFlags flags = new ServerFlags();

    @Option(
            names = "--token",
            defaultValue = "${HOLDFAST_TOKEN}",
            description = "Secret of the administrator; every request must carry it or that of a token. Default:"
                    + " HOLDFAST_TOKEN; none: loopback only, without credentials.")
    private @Nullable String token;

    @Option(
            names = "--example",
            paramLabel = "FILE",
            description = "First load the regions of examples/data, unless they are there, and print what to try.")
    private @Nullable Path example;

    @Override
    @SuppressWarnings("try") // the signal calls back; nobody calls it
    public Integer call() throws InterruptedException, IOException {
        CountDownLatch asked = new CountDownLatch(1);
        // First of all, so that a stop while the store is opened or the example loaded is one, too.
        try (StopSignal signal = StopSignal.handle(asked::countDown)) {
            refuseBlankToken();
            serve(asked);
        }
        return 0;
    }

    /** What may be wrong with the flags is found out before the store is opened, which may make it. */
    private void serve(CountDownLatch asked) throws InterruptedException, IOException {
        HttpServerOptions options = flags.options();
        ProtocolOptions protocols = flags.protocols();
        Optional<ExampleData> data = Optional.ofNullable(example).map(ExampleData::new);
        try (ListeningSocket socket = listen(options)) {
            if (data.isPresent() && store.isMissing()) {
                data.get().read();
            }
            try (Holdfast holdfast = store.open()) {
                if (data.isPresent()) {
                    data.get().load(holdfast);
                }
                if (asked.getCount() == 0) {
                    return;
                }
                try (HoldfastServer server =
                        HoldfastServer.start(holdfast, socket, options, protocols, authenticator(holdfast))) {
                    closeWithTheJvm(server, holdfast);
                    announce(server);
                    asked.await();
                }
            }
        }
    }

    private ListeningSocket listen(HttpServerOptions options) {
        try {
            return ListeningSocket.open(options, token == null);
        } catch (ConflictException e) {
            throw new ConflictException(e.code(), e.detail() + "; --port N picks another one, --port 0 a free one", e);
        }
    }

    /** A blank one is a variable that somebody forgot to set, not a wish to serve everybody. */
    private void refuseBlankToken() {
        if (token != null && token.isBlank()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    "the token is blank (--token or HOLDFAST_TOKEN); give a secret, or neither to serve without one");
        }
    }

    private Authenticator authenticator(Holdfast holdfast) {
        return token == null
                ? Authenticator.none()
                : Authenticator.bearer(TokenLookup.admin(token).or(StoreTokens.of(holdfast.tokens())));
    }

    /** For the ways in which a JVM ends without asking; closing what is closed does nothing. */
    private static void closeWithTheJvm(HoldfastServer server, Holdfast holdfast) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            holdfast.close();
        }));
    }

    private void announce(HoldfastServer server) {
        var line = Objects.requireNonNull(spec, "spec").commandLine();
        PrintWriter out = line.getOut();
        out.println("listening on " + server.baseUrl());
        out.flush();
        if (example != null) {
            line.getErr().println(ExampleData.whatToTry(server.baseUrl()));
            line.getErr().flush();
        }
    }
}
