package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallerRatesTest {
    private final AtomicLong now = new AtomicLong(-5);

    @Test
    void aSecondsWorthMayComeAtOnceAndThenOneAfterTheOther() {
        CallerRates rates = new CallerRates(4, now::get);

        IntStream.range(0, 4).forEach(i -> rates.count("a"));
        assertThat(refused(rates, "a")).isTrue();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(249));
        assertThat(refused(rates, "a")).isTrue();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(refused(rates, "a")).isFalse();
        assertThat(refused(rates, "a")).isTrue();

        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        IntStream.range(0, 4).forEach(i -> rates.count("a"));
        assertThat(refused(rates, "a")).isTrue();
    }

    @Test
    void aCallerPaysForNoOther() {
        CallerRates rates = new CallerRates(1, now::get);

        rates.count("a");

        assertThat(refused(rates, "a")).isTrue();
        assertThat(refused(rates, "b")).isFalse();
    }

    @Test
    void theRefusalSaysWhenToComeAgain() {
        CallerRates rates = new CallerRates(1, now::get);
        rates.count("a");

        HttpException refusal = catchThrowableOfType(HttpException.class, () -> rates.count("a"));

        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.code()).isEqualTo("http.too_many_requests");
        assertThat(refusal.headers())
                .anyMatch(header -> header.getKey().equals("Retry-After")
                        && header.getValue().equals("1"));
    }

    @Test
    void callersWhoHaveNothingToWaitForAreForgotten() {
        CallerRates rates = new CallerRates(1_000_000_000, now::get);

        for (int i = 0; i < 250_000; i++) {
            now.addAndGet(10);
            rates.count("caller " + i);
        }

        assertThat(rates.remembered()).isLessThanOrEqualTo(100_001);
    }

    @Test
    void withoutALimitNothingIsCounted() {
        CallerRates rates = new CallerRates(0, now::get);

        assertThatCode(() -> IntStream.range(0, 100_000).forEach(i -> rates.count("a")))
                .doesNotThrowAnyException();
        assertThat(rates.remembered()).isZero();
    }

    @Test
    void aServerRefusesRequestsBeyondTheRate() throws Exception {
        HttpServerOptions options =
                TestServer.options().withLimits(HttpLimits.defaults().withRequestsPerSecond(1));
        try (TestServer server =
                new TestServer(options, b -> b.mount(TestServer.root(Route.get("/x", "x", x -> x.respond(204)))))) {
            // One that comes at once is refused; that every one of fifty takes a second is no machine's fault.
            HttpResponse<String> answer = server.get("/x");
            for (int i = 0; i < 50 && answer.statusCode() == 204; i++) {
                answer = server.get("/x");
            }

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(answer.body()).contains("http.too_many_requests", "requestsPerSecondMax=1");
        }
    }

    @Test
    void aServerLooksUpNoMoreTokensThanTheRateForAnAddressThatShowsWrongOnes() throws Exception {
        HttpServerOptions options =
                TestServer.options().withLimits(HttpLimits.defaults().withRequestsPerSecond(1));
        AtomicLong lookUps = new AtomicLong();
        TokenLookup nobodys = token -> {
            lookUps.incrementAndGet();
            return Optional.empty();
        };
        try (TestServer server = new TestServer(
                options,
                b -> b.authenticator(Authenticator.bearer(nobodys))
                        .mount(TestServer.root(Route.get("/x", "x", x -> x.respond(204)))))) {
            RawClient.Answer answer = server.ask("GET", "/x", "Authorization: Bearer wrong");
            assertThat(answer.status()).isEqualTo(401);
            int asked = 1;
            while (asked < 50 && answer.status() == 401) {
                answer = server.ask("GET", "/x", "Authorization: Bearer wrong" + asked);
                asked++;
            }

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("retry-after")).contains("1");
            assertThat(lookUps).hasValue(asked - 1);
        }
    }

    private static boolean refused(CallerRates rates, String caller) {
        return catchThrowableOfType(HttpException.class, () -> rates.count(caller)) != null;
    }
}
