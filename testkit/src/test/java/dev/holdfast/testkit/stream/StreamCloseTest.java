package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamCloseTest {
    @Test
    void followersOfAStoreThatWasClosedAreWokenToHearOfIt() throws InterruptedException {
        VirtualTime time = new VirtualTime();
        Semaphore woken = new Semaphore(0);
        Holdfast holdfast =
                Holdfast.open(Holdfast.MEMORY, HoldfastOptions.defaults().withTime(time));
        holdfast.stream("a").create(StreamSpec.json());
        try (StreamFollower follower = holdfast.stream("a").follow(0, woken::release)) {
            holdfast.close();
            woken.drainPermits();

            time.advance(Duration.ofSeconds(1));

            assertThat(woken.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> follower.poll(1)).isInstanceOf(ClosedException.class);
        }
    }
}
