package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.simple.SimpleKv;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Transactions of the small store, synchronous and not. */
public abstract class SimpleKvTransactionContract extends SimpleKvSuite {
    /** A suite over the stores of one engine. */
    protected SimpleKvTransactionContract() {}

    @Test
    void returnsWhatTheFunctionReturnsAndReadsItsOwnWrites() {
        int result = kv.transaction(inside -> {
            inside.set("a", 1);
            kv.namespace("users").set("b", 2);
            assertThat(kv.get("a")).contains(1L);
            assertThat(inside.keys()).containsExactly("a");
            return 7;
        });

        assertThat(result).isEqualTo(7);
        assertThat(kv.get("a")).contains(1L);
        assertThat(kv.namespace("users").get("b")).contains(2L);
    }

    @Test
    void whatThrowsLeavesNothingInAnyNamespace() {
        SimpleKv users = kv.namespace("users");
        kv.set("a", 0);

        assertThatThrownBy(() -> kv.atomically(inside -> {
                    inside.set("a", 1);
                    users.setex("b.c", 2, 50);
                    throw new IllegalStateException("Insufficient funds");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Insufficient funds");

        assertThat(kv.get("a")).contains(0L);
        assertThat(users.count()).isZero();
    }

    @Test
    void movesABalanceOrNothing() {
        kv.set("ann", 100);
        kv.set("bob", 0);

        move(30);
        assertThatThrownBy(() -> move(80)).hasMessage("Insufficient funds");

        assertThat(kv.all()).isEqualTo(Map.of("ann", 70L, "bob", 30L));
    }

    private void move(int amount) {
        kv.atomically(inside -> {
            inside.math("bob", "+", amount);
            if ((Long) inside.math("ann", "-", amount) < 0) {
                throw new IllegalStateException("Insufficient funds");
            }
        });
    }

    @Test
    void aNestedOneIsASavepoint() {
        kv.atomically(outer -> {
            outer.set("before", 1);
            assertThatThrownBy(() -> outer.atomically(inner -> {
                        inner.set("before", 2);
                        kv.set("inner", 1);
                        throw new IllegalStateException("inner");
                    }))
                    .hasMessage("inner");
            outer.set("after", 1);
        });

        assertThat(kv.all()).isEqualTo(Map.of("before", 1L, "after", 1L));
    }

    @Test
    void joinsATransactionOfTheStoreThatItShares() {
        assertThatThrownBy(() -> store.session().write(UnitKind.USER, tx -> {
                    Kv.in(tx).set(Key.of("own"), 1);
                    kv.set("a", 1);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(kv.has("a")).isFalse();
    }

    @Test
    void aThousandWritesAreOneCommit() {
        kv.atomically(inside -> {
            for (int i = 0; i < 1_000; i++) {
                inside.set("k" + i, i);
            }
        });

        assertThat(kv.count()).isEqualTo(1_000);
    }

    @Test
    void aTransactionHasATimeLimit() {
        assertThatThrownBy(() -> kv.atomically(inside -> {
                    inside.set("a", 1);
                    pass(10_001);
                    while (true) { // the limit is enforced on another thread
                        inside.set("b", 1);
                    }
                }))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT10S");

        assertThat(kv.count()).isZero();
    }

    @Test
    void anAsynchronousOneCommitsWhenItsStageIsDone() {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        CountDownLatch written = new CountDownLatch(1);
        CompletableFuture<Integer> result = future(kv, inside -> {
            inside.set("a", 1);
            inside.namespace("users").set("b", 2);
            written.countDown();
            return stage.thenApplyAsync(value -> {
                inside.math("a", "+", value);
                return value;
            });
        });
        Callers.pass(written);
        assertThat(result).isNotDone();

        stage.complete(7);

        assertThat(Callers.outcome(result).value()).isEqualTo(7);
        assertThat(kv.get("a")).contains(8L);
        assertThat(kv.namespace("users").get("b")).contains(2L);
    }

    @Test
    void theFailureOfAStageArrivesAndUndoesEverything() {
        List<Throwable> failures = List.of(new IllegalStateException("no"), new IOException("no"));
        for (Throwable failure : failures) {
            var result = future(kv, inside -> {
                inside.set("a", 1);
                return CompletableFuture.<String>failedFuture(failure);
            });
            assertThat(Callers.outcome(result).failure()).isSameAs(failure);
        }
        var thrown = future(kv, inside -> {
            inside.set("a", 1);
            throw new IllegalStateException("at once");
        });

        assertThat(Callers.outcome(thrown).failure()).hasMessage("at once");
        assertThat(kv.count()).isZero();
    }

    @Test
    void twoAtOnceDoNotDisturbEachOther() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        var failing = future(kv, inside -> {
            inside.set("failing", 1);
            return first;
        });
        var succeeding = future(kv, inside -> {
            inside.set("succeeding", 1);
            return second.thenApplyAsync(value -> {
                inside.set("later", 1);
                return value;
            });
        });

        first.completeExceptionally(new IllegalStateException("no"));
        second.complete("yes");

        assertThat(Callers.outcome(failing).failure()).hasMessage("no");
        assertThat(Callers.outcome(succeeding).value()).isEqualTo("yes");
        assertThat(kv.keys()).containsExactly("later", "succeeding");
    }

    @Test
    void aSetFromElsewhereIsNotPartOfIt() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch written = new CountDownLatch(1);
        var result = future(kv, inside -> {
            inside.set("inside", 1);
            written.countDown();
            return stage;
        });
        Callers.pass(written);
        try (Callers callers = new Callers()) {
            var elsewhere = callers.start(() -> {
                kv.set("elsewhere", 1);
                return true;
            });
            callers.awaitQuiet();
            stage.completeExceptionally(new IllegalStateException("no"));
            Callers.outcome(elsewhere).value();
        }

        assertThat(Callers.outcome(result).failure()).hasMessage("no");
        assertThat(kv.keys()).containsExactly("elsewhere");
    }

    @Test
    void insideAnAsynchronousOneTheOthersAreSavepoints() {
        var result = future(kv, outer -> {
            outer.set("before", 1);
            assertThatThrownBy(() -> outer.atomically(inner -> {
                        inner.set("sync", 1);
                        throw new IllegalStateException("sync");
                    }))
                    .hasMessage("sync");
            return outer.transactionAsync(inner -> {
                        inner.set("async", 1);
                        return CompletableFuture.<String>failedFuture(new IllegalStateException("async"));
                    })
                    .handleAsync((value, failure) -> {
                        outer.set("after", 1);
                        return String.valueOf(failure.getMessage());
                    });
        });

        assertThat(Callers.outcome(result).value()).contains("async");
        assertThat(kv.keys()).containsExactly("after", "before");
    }

    @Test
    void anAsynchronousOneHasATimeLimitToo() {
        CountDownLatch written = new CountDownLatch(1);
        AtomicReference<SimpleKv> handle = new AtomicReference<>();
        var result = future(kv, inside -> {
            handle.set(inside);
            inside.set("a", 1);
            written.countDown();
            return new CompletableFuture<String>();
        });
        Callers.pass(written);

        time.advance(Duration.ofSeconds(11));

        assertThat(Callers.outcome(result).failure())
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT10S");
        assertThatThrownBy(() -> handle.get().set("b", 1)).isInstanceOf(ClosedException.class);
        assertThat(kv.count()).isZero();
    }

    @Test
    void aHandleOfATransactionThatIsOverRefuses() {
        AtomicReference<SimpleKv> handle = new AtomicReference<>();
        Callers.outcome(future(kv, inside -> {
                    handle.set(inside);
                    return CompletableFuture.completedFuture(1);
                }))
                .value();

        assertThatThrownBy(() -> handle.get().get("a")).isInstanceOf(ClosedException.class);
    }

    private static <T> CompletableFuture<T> future(SimpleKv kv, Function<SimpleKv, CompletionStage<T>> work) {
        return kv.transactionAsync(work).toCompletableFuture();
    }
}
