package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ParkTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final BlockingQueue<Parked> PARKED = new LinkedBlockingQueue<>();
    private static TestServer server;

    @BeforeAll
    static void start() {
        AtomicInteger rounds = new AtomicInteger();
        server = TestServer.of(
                Route.get("/long", "long", x -> PARKED.add(x.park(LONG, ParkTest::tell))),
                Route.get("/short", "short", x -> x.park(Duration.ofMillis(5), ParkTest::tell)),
                Route.get("/early", "early", x -> x.park(LONG, ParkTest::tell).signal()),
                Route.get("/twice", "twice", x -> {
                    Parked parked = x.park(LONG, (y, why) -> y.respondText(200, "round " + rounds.incrementAndGet()));
                    parked.signal();
                    parked.signal();
                }),
                Route.get(
                        "/again",
                        "again",
                        x -> x.park(LONG, (y, why) -> y.park(Duration.ofMillis(5), ParkTest::tell))
                                .signal()),
                Route.get(
                        "/fails",
                        "fails",
                        x -> x.park(LONG, (y, why) -> {
                                    throw HttpException.notFound("test.gone", "nothing came");
                                })
                                .signal()),
                Route.get("/throws", "throws", x -> {
                    x.park(LONG, ParkTest::tell);
                    throw HttpException.of(409, "test.late", "thought better of it");
                }),
                Route.get("/lazy", "lazy", x -> x.park(LONG, (y, why) -> {}).signal()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void tell(Exchange exchange, Parked.Wake why) {
        exchange.respondText(200, why + " on " + (Thread.currentThread().isVirtual() ? "virtual" : "platform"));
    }

    @Test
    void aSignalFromAnyThreadLetsARequestGoOn() throws Exception {
        try (RawClient raw = server.raw()) {
            raw.send("GET /long HTTP/1.1\nHost: localhost\n\n");
            Parked parked = Objects.requireNonNull(PARKED.poll(20, TimeUnit.SECONDS));

            parked.signal();

            assertThat(raw.answer(false).text()).isEqualTo("SIGNAL on virtual");
        }
    }

    @Test
    void aRequestGoesOnWhenItsTimeIsOver() throws Exception {
        assertThat(server.ask("GET", "/short").text()).isEqualTo("TIMEOUT on virtual");
    }

    @Test
    void aSignalBeforeTheHandlerHasReturnedIsNotLost() throws Exception {
        assertThat(server.ask("GET", "/early").text()).isEqualTo("SIGNAL on virtual");
    }

    @Test
    void onlyTheFirstSignalCounts() throws Exception {
        try (RawClient raw = server.raw()) {
            assertThat(raw.ask("GET", "/twice").text()).isEqualTo("round 1");
            assertThat(raw.ask("GET", "/twice").text()).isEqualTo("round 2");
        }
    }

    @Test
    void aRequestMayParkAgain() throws Exception {
        assertThat(server.ask("GET", "/again").text()).isEqualTo("TIMEOUT on virtual");
    }

    @Test
    void errorsAfterParkingAreAnswered() throws Exception {
        assertThat(server.ask("GET", "/fails").status()).isEqualTo(404);
        assertThat(server.ask("GET", "/throws").status()).isEqualTo(409);
        assertThat(server.ask("GET", "/lazy").status()).isEqualTo(500);
    }
}
