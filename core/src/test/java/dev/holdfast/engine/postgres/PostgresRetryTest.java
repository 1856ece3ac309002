package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresRetryTest {
    /** Pauses pass at once, on the clock too. */
    private final List<Long> pauses = new ArrayList<>();

    private long now;
    private final TimeSource time = new TimeSource() {
        @Override
        public long millis() {
            return now;
        }

        @Override
        public Timer after(long delayMillis, Runnable task) {
            pauses.add(delayMillis);
            now += delayMillis;
            task.run();
            return () -> {};
        }
    };
    private final PostgresRetry retry = new PostgresRetry(time, time, Duration.ofSeconds(10));
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void runsAgainUntilNobodyIsInTheWay() {
        int result = retry.run(() -> {
            if (attempts.incrementAndGet() < 40) {
                throw new ConflictException("engine.conflict", "lost");
            }
            return 5;
        });

        assertThat(result).isEqualTo(5);
        assertThat(attempts).hasValue(40);
    }

    @Test
    void pausesAreRandomBelowABoundThatGrows() {
        assertThatThrownBy(() -> retry.run(lose("engine.conflict"))).isInstanceOf(ConflictException.class);

        assertThat(pauses).allMatch(pause -> pause <= 250);
        assertThat(pauses.stream().filter(pause -> pause > 125)).isNotEmpty();
        assertThat(pauses.stream().filter(pause -> pause < 125)).isNotEmpty();
    }

    @Test
    void theFirstPauseIsAFewMilliseconds() {
        for (int i = 0; i < 100; i++) {
            attempts.set(0);
            int result = retry.run(() -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new ConflictException("engine.conflict", "lost");
                }
                return 5;
            });
            assertThat(result).isEqualTo(5);
        }

        assertThat(pauses).isNotEmpty().allMatch(pause -> pause <= 4);
    }

    @Test
    void givesUpAtTheDeadlineAndTellsTheStory() {
        assertThatThrownBy(() -> retry.run(lose("kv.stale"))).isInstanceOfSatisfying(ConflictException.class, e -> {
            assertThat(e.code()).isEqualTo("kv.stale");
            assertThat(e).hasMessageContaining("attempts=" + attempts).hasMessageContaining("retryLimit=PT10S");
            assertThat(e).hasCauseInstanceOf(ConflictException.class);
            assertThat(e.getSuppressed()).hasSize(16);
            assertThat(e.getSuppressed()[1]).hasMessageContaining("number 2");
        });

        assertThat(attempts).hasValueGreaterThan(40);
        assertThat(now).isLessThanOrEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void seesAConflictInsideWhatTheUserThrew(String state) {
        String result = retry.run(() -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("user's", new RuntimeException(new SQLException("lost", state)));
            }
            return "done";
        });

        assertThat(result).isEqualTo("done");
    }

    @Test
    void otherFailuresPassThroughAtOnce() {
        EngineException unknown =
                new EngineException("engine.commit_unknown", "lost", new SQLException("connection", "08006"));

        assertThatThrownBy(() -> retry.run(() -> {
                    attempts.incrementAndGet();
                    throw unknown;
                }))
                .isSameAs(unknown);

        assertThat(attempts).hasValue(1);
    }

    @Test
    void anInterruptedThreadStopsWaiting() {
        PostgresRetry patient = new PostgresRetry(time, new ManualTime(), Duration.ofSeconds(10));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> patient.run(lose("engine.conflict")))
                .isInstanceOfSatisfying(
                        TimeoutException.class, e -> assertThat(e.code()).isEqualTo("engine.interrupted"));

        assertThat(Thread.interrupted()).isTrue();
    }

    private Supplier<Integer> lose(String code) {
        return () -> {
            throw new ConflictException(code, "number " + attempts.incrementAndGet());
        };
    }
}
