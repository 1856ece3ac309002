package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoginsTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final AtomicInteger lookUps = new AtomicInteger();
    private final Logins logins = new Logins(2, now::get);

    @Test
    void beyondTheRateOfAnAddressNothingIsLookedUp() {
        assertThat(status("wrong", "here")).isEqualTo(401);
        assertThat(status("", "here")).isEqualTo(401);

        assertThat(status("wrong", "here")).isEqualTo(429);
        assertThat(status("right", "here")).isEqualTo(429);
        assertThat(lookUps).hasValue(2);

        assertThat(status("wrong", "there")).isEqualTo(401);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(status("right", "here")).isEqualTo(200);
        assertThat(status("wrong", "here")).isEqualTo(401);
        assertThat(status("wrong", "here")).isEqualTo(429);
    }

    @Test
    void whoWasKnownIsNotLockedOutByAnotherOfTheAddress() {
        assertThat(status("right", "here")).isEqualTo(200);
        exhaust("here");

        assertThat(status("right", "here")).isEqualTo(200);
        now.addAndGet(TimeUnit.MINUTES.toNanos(10));
        exhaust("here");
        assertThat(status("right", "here")).isEqualTo(200);

        now.addAndGet(TimeUnit.MINUTES.toNanos(10) + 1);
        exhaust("here");
        assertThat(status("right", "here")).isEqualTo(429);
    }

    @Test
    void whatIsRightIsNotCounted() {
        IntStream.range(0, 100).forEach(i -> assertThat(status("right", "here")).isEqualTo(200));

        assertThat(status("wrong", "here")).isEqualTo(401);
        assertThat(status("wrong", "here")).isEqualTo(401);
    }

    @Test
    void whatIsRightNoMoreIsForgotten() {
        assertThat(status("right", "here")).isEqualTo(200);
        HttpException revoked = catchThrowableOfType(
                HttpException.class,
                () -> logins.identify("right", "here", () -> {
                    throw HttpException.unauthorized("test", "revoked");
                }));
        assertThat(revoked.status()).isEqualTo(401);
        exhaust("here");

        assertThat(status("right", "here")).isEqualTo(429);
    }

    @Test
    void moreThanAreRememberedAreLookedUpLikeNewOnes() {
        IntStream.range(0, Logins.KNOWN_MAX)
                .forEach(i -> assertThat(status("right" + i, "here")).isEqualTo(200));
        assertThat(status("right one more", "here")).isEqualTo(200);
        exhaust("here");

        assertThat(status("right0", "here")).isEqualTo(200);
        assertThat(status("right one more", "here")).isEqualTo(429);
    }

    @Test
    void otherRefusalsAreNotCounted() {
        for (int i = 0; i < 10; i++) {
            HttpException failed = catchThrowableOfType(
                    HttpException.class,
                    () -> logins.identify("right", "here", () -> {
                        throw HttpException.of(503, "test", "no store");
                    }));
            assertThat(failed.status()).isEqualTo(503);
        }

        assertThat(status("wrong", "here")).isEqualTo(401);
    }

    @Test
    void withoutARateNothingIsBounded() {
        Logins unbounded = new Logins(0, now::get);

        for (int i = 0; i < 1_000; i++) {
            HttpException refusal = catchThrowableOfType(
                    HttpException.class, () -> unbounded.identify("wrong", "here", () -> lookUp("wrong")));
            assertThat(refusal.status()).isEqualTo(401);
        }
    }

    private void exhaust(String address) {
        int status = status("wrong", address);
        while (status == 401) {
            status = status("wrong", address);
        }
        assertThat(status).isEqualTo(429);
    }

    private int status(String credentials, String address) {
        try {
            return logins.identify(credentials, address, () -> lookUp(credentials))
                            .anonymous()
                    ? 0
                    : 200;
        } catch (HttpException e) {
            return e.status();
        }
    }

    private Principal lookUp(String credentials) {
        lookUps.incrementAndGet();
        if (credentials.startsWith("right")) {
            return Principal.admin("known");
        }
        throw HttpException.unauthorized("test", "wrong");
    }
}
