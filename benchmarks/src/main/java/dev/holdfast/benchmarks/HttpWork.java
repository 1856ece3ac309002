package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.keyval.KeyvalMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The server under 64 connections: an empty handler, reads and durable writes of a small value. */
final class HttpWork {
    private static final int KEYS = 10_000;
    private static final String VALUE = "{\"name\":\"Ann\",\"pieces\":2,\"price\":12.5,\"paid\":true}";
    private static final double WARM_SECONDS = 6;
    private static final double SECONDS = 6;

    private HttpWork() {}

    static Outcome empty(Path folder, double scale) throws Exception {
        return run(folder, scale, "GET", "/empty/");
    }

    static Outcome get(Path folder, double scale) throws Exception {
        return run(folder, scale, "GET", KeyvalMount.BASE + "/keys/bench/");
    }

    static Outcome put(Path folder, double scale) throws Exception {
        return run(folder, scale, "PUT", KeyvalMount.BASE + "/keys/bench/");
    }

    private static Outcome run(Path folder, double scale, String method, String path) throws Exception {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("store.db"));
                HttpServer server = HttpServer.builder(
                                HttpServerOptions.defaults().withPort(0))
                        .mount(Mount.at("/empty", "empty").route(Route.get("/{any}", "empty", x -> x.respond(204))))
                        .mount(KeyvalMount.of(holdfast))
                        .build()) {
            server.start();
            fill(holdfast.kv());
            Path script = Files.writeString(folder.resolve("wrk.lua"), script(method, path));
            Wrk wrk = new Wrk(server.baseUrl(), script);
            wrk.run(WARM_SECONDS * scale);
            return wrk.run(SECONDS * scale).checked(check(holdfast.kv()));
        }
    }

    private static void fill(Kv kv) throws Exception {
        try (Callers callers = Callers.virtual(256)) {
            // The path names numbers as the number 7, not as the text "7".
            callers.run(KEYS, i -> kv.set(Key.of("bench", i), KvValue.jsonText(VALUE), Optional.empty()));
        }
    }

    /** Every key is there with the value, whether it was read or written over. */
    private static String check(Kv kv) {
        try (var entries = kv.list(KvSelection.below("bench"))) {
            long right = entries.filter(entry -> entry.value().equals(KvValue.jsonText(VALUE)))
                    .count();
            if (right != KEYS) {
                throw new IllegalStateException("entries with the right value: " + right + " of " + KEYS);
            }
            return right + " entries";
        }
    }

    /** Requests are made once and sent in turn: wrk shares the machine with the server. */
    private static String script(String method, String path) {
        String body = method.equals("PUT") ? "'" + VALUE + "'" : "nil";
        return """
                local requests = {}
                local at = 0
                function init(args)
                  math.randomseed(7)
                  for i = 1, %d do
                    local path = "%s" .. math.random(0, %d)
                    requests[i] = wrk.format("%s", path, {["Content-Type"] = "application/json"}, %s)
                  end
                end
                function request()
                  at = at %% #requests + 1
                  return requests[at]
                end
                """.formatted(4_000, path, KEYS - 1, method, body);
    }
}
