package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class UuidV7Test {
    private static final long NOW = 1_795_276_800_123L;

    private final AtomicLong clock = new AtomicLong(NOW);
    private final UuidV7 ids = new UuidV7(clock::get);

    @Test
    void beginsWithTheTimeAndCarriesVersionAndVariant() {
        UUID id = ids.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW);
        assertThat(ids.nextText()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void growsWhileTheClockStandsRunsAndGoesBack() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            if (i % 100 == 0) {
                clock.addAndGet(i % 300 == 0 ? -50 : 40);
            }
            made.add(ids.nextText());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void runsAheadOfTheClockWhenAMillisecondIsUsedUp() {
        UuidV7 last = new UuidV7(clock::get, constant(-1L));

        UUID first = last.next();
        UUID second = last.next();

        assertThat(first).hasToString(time(NOW) + "-7fff-bfff-ffffffffffff");
        assertThat(second.getMostSignificantBits() >>> 16).isEqualTo(NOW + 1);
        assertThat(last.next().getMostSignificantBits() >>> 16).isEqualTo(NOW + 2);
    }

    @Test
    void carriesFromOneRandomFieldToTheOther() {
        long[] randoms = {5, -1, 0};
        UuidV7 carrying = new UuidV7(clock::get, sequence(randoms));

        assertThat(carrying.nextText()).isEqualTo(time(NOW) + "-7005-bfff-ffffffffffff");
        assertThat(carrying.nextText()).isEqualTo(time(NOW) + "-7006-8000-000000000000");
    }

    @Test
    void isUniqueAndOrderedAmongThreads() throws InterruptedException {
        List<List<UUID>> made = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                List<UUID> own = new ArrayList<>();
                for (int i = 0; i < 5_000; i++) {
                    own.add(ids.next());
                }
                made.add(own);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(made)
                .hasSize(4)
                .allSatisfy(own -> assertThat(own.stream().map(UUID::toString)).isSorted());
        assertThat(made.stream().flatMap(List::stream).distinct()).hasSize(20_000);
    }

    @Test
    void differsFromOtherGenerators() {
        UuidV7 other = new UuidV7(clock::get);

        assertThat(ids.next()).isNotEqualTo(other.next());
    }

    private static String time(long millis) {
        String hex = String.format("%012x", millis);
        return hex.substring(0, 8) + "-" + hex.substring(8);
    }

    private static RandomGenerator constant(long value) {
        return () -> value;
    }

    private static RandomGenerator sequence(long[] values) {
        int[] at = {0};
        return () -> values[at[0]++];
    }
}
