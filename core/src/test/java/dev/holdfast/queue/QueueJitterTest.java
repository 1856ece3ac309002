package dev.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is left to chance, with chance taken out. */
class QueueJitterTest {
    @Test
    void aDelayWithJitterIsDrawnForEachRefusal() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            QueueRoom room =
                    QueueRoom.of(holdfast.namespace("default").session().database());
            Queue mail = holdfast.queue("mail");
            mail.enqueue(
                    "x",
                    JobOptions.defaults()
                            .withRetry(
                                    RetryPolicy.backoff(9, Duration.ofHours(1)).withJitter()));

            room.random(() -> 0L);
            mail.nack(mail.claim(1, Duration.ofMinutes(1)).getFirst().claim(), "no");
            assertThat(mail.stats().ready()).isEqualTo(1);
            room.random(() -> Long.MAX_VALUE - 1);
            mail.nack(mail.claim(1, Duration.ofMinutes(1)).getFirst().claim(), "no");

            assertThat(mail.stats().delayed()).isEqualTo(1);
        }
    }
}
