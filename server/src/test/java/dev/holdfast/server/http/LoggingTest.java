package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.TimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private final Logger log = Logger.getLogger(HttpServer.class.getName());
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler collector = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            String thrown = record.getThrown() == null ? "" : " " + record.getThrown();
            lines.add(record.getLevel() + " " + formatter.formatMessage(record) + thrown);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final TestServer server = TestServer.of(
            Route.get("/ok/{key}", "ok", x -> x.respond(204)),
            Route.get("/fault", "fault", x -> {
                throw new IllegalStateException("inside story");
            }),
            Route.get("/database", "database", x -> {
                throw new EngineException("engine.failed", "disk I/O error in /var/secret.db");
            }),
            Route.get("/busy", "busy", x -> {
                throw new TimeoutException("tx.timeout", "too slow");
            }),
            Route.get("/bad", "bad", x -> {
                throw new InvalidInputException("kv.bad", "bad input");
            }));

    @BeforeEach
    void collect() {
        log.addHandler(collector);
        log.setUseParentHandlers(false);
        collector.setLevel(Level.ALL);
    }

    @AfterEach
    void stop() {
        server.close();
        log.removeHandler(collector);
        log.setUseParentHandlers(true);
        log.setLevel(null);
    }

    @Test
    void ordinaryTrafficAndRefusalsAreQuiet() throws Exception {
        for (String target : List.of("/ok/1", "/bad", "/busy", "/nowhere", "/ok/%C3%28")) {
            server.ask("GET", target);
        }

        assertThat(lines).isEmpty();
    }

    @Test
    void whatTheClientIsNotToldIsInTheLogUnderItsRequestId() throws Exception {
        var fault = server.ask("GET", "/fault", "X-Request-Id: r1");
        var database = server.ask("GET", "/database", "X-Request-Id: r2");

        assertThat(fault.text()).doesNotContain("inside story");
        assertThat(database.text()).doesNotContain("secret.db").contains("engine.failed");
        assertThat(database.status()).isEqualTo(503);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("SEVERE ")
                .contains("r1")
                .contains("GET /fault")
                .contains("inside story");
        assertThat(lines.get(1)).startsWith("WARNING ").contains("r2").contains("secret.db");
    }

    @Test
    void theAccessLogNamesRoutesAndNeverKeys() throws Exception {
        log.setLevel(Level.FINE);

        server.ask("GET", "/ok/private-key?q=private", "X-Request-Id: r3");

        assertThat(lines).anyMatch(l -> l.matches("FINE GET GET /ok/\\{key} 204 \\d+ us r3"));
        assertThat(lines).noneMatch(l -> l.contains("private"));
    }

    @Test
    void refusalsCanBeMadeVisible() throws Exception {
        log.setLevel(Level.FINE);

        server.ask("GET", "/bad", "X-Request-Id: r4");

        assertThat(lines).anyMatch(l -> l.contains("r4") && l.contains("kv.bad"));
    }
}
