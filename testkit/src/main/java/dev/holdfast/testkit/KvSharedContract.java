package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.kv.KvCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keys and values promise while two programs write to one database. For stores that several may open. */
public abstract class KvSharedContract extends KvSuite {
    private static final int CALLERS = 6;
    private static final int COMMITS = 40;
    private static final Key TOTAL = Key.of("total");
    private static final Key HIGHEST = Key.of("highest");
    private static final Key LOWEST = Key.of("lowest");
    private static final Key LIST = Key.of("list");

    private Kv otherKv;

    /** The suite over the stores of one engine. */
    protected KvSharedContract() {}

    @BeforeEach
    void openTheOther() {
        otherKv = Kv.in(store.second().session());
    }

    @Test
    void sumsAndListsOfTwoProgramsLoseNothingFromTheFirstOneOn() {
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Boolean>> all = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int number = caller;
                all.add(callers.start(() -> combine(number % 2 == 0 ? kv : otherKv, number)));
            }
            all.forEach(one -> assertThat(Callers.outcome(one).value()).isTrue());
        }

        assertThat(text(TOTAL)).contains(Integer.toString(CALLERS * COMMITS));
        assertThat(text(HIGHEST)).contains(Integer.toString(CALLERS * COMMITS - 1));
        assertThat(text(LOWEST)).contains("0");
        assertThat(kv.get(LIST).orElseThrow().value().json()).hasSize(CALLERS * COMMITS);
        for (int caller = 0; caller < CALLERS; caller++) {
            assertThat(text(Key.of("last", caller))).contains(Integer.toString(COMMITS - 1));
        }
    }

    @Test
    void anEntryThatOneRemovesAndTheOtherAddsToIsOneOfBoth() {
        try (Callers callers = new Callers()) {
            CompletableFuture<Long> removed = callers.start(() -> {
                long gone = 0;
                for (int i = 0; i < COMMITS; i++) {
                    gone += otherKv.deleteExact(TOTAL) ? 1 : 0;
                }
                return gone;
            });
            CompletableFuture<Long> made = callers.start(() -> {
                long first = 0;
                for (int i = 0; i < COMMITS; i++) {
                    KvCommit.Committed done =
                            (KvCommit.Committed) kv.atomic().sum(TOTAL, 1).commit();
                    first += "1".equals(String.valueOf(done.values().get(TOTAL))) ? 1 : 0;
                }
                return first;
            });
            long left = Callers.outcome(made).value() - Callers.outcome(removed).value();

            assertThat(left).isEqualTo(kv.get(TOTAL).isPresent() ? 1 : 0);
        }
    }

    private static boolean combine(Kv kv, int caller) {
        Random random = new Random(caller);
        for (int i = 0; i < COMMITS; i++) {
            int id = caller * COMMITS + i;
            KvAtomic commit = kv.atomic();
            boolean forward = random.nextBoolean();
            if (forward) {
                commit.sum(TOTAL, 1).append(LIST, id);
            }
            commit.max(HIGHEST, id).min(LOWEST, id).set(Key.of("last", caller), i);
            if (!forward) {
                commit.prepend(LIST, id).sum(TOTAL, 1);
            }
            commit.delete(Key.of("nothing", random.nextInt(3)));
            if (!(commit.commit() instanceof KvCommit.Committed)) {
                return false;
            }
        }
        return true;
    }
}
