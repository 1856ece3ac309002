package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvTrigger;
import dev.holdfast.kv.KvValue;
import dev.holdfast.v8.V8Json;
import dev.holdfast.v8.V8Number;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What keys and values promise of commits that check, and of optimistic transactions. */
public abstract class KvAtomicContract extends KvSuite {
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final Key C = Key.of("c");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final BigInteger HUGE = BigInteger.TWO.pow(200);

    /** The suite over the stores of one engine. */
    protected KvAtomicContract() {}

    @Test
    void everythingIsCommittedUnderOneVersionstamp() {
        kv.set(C, "old");

        KvCommit commit =
                kv.atomic().checkMissing(A).set(A, 1).sum(B, 5).delete(C).commit();

        Versionstamp stamp = ((KvCommit.Committed) commit).versionstamp();
        assertThat(kv.get(A).orElseThrow().versionstamp()).isEqualTo(stamp);
        assertThat(kv.get(B).orElseThrow().versionstamp()).isEqualTo(stamp);
        assertThat(kv.get(C)).isEmpty();
        assertThat(((KvCommit.Committed) commit).values()).containsOnly(java.util.Map.entry(B, KvValue.json(5)));
    }

    @Test
    void aFailedCheckChangesNothingAndSaysWhich() {
        Versionstamp old = kv.set(A, 1);
        kv.set(A, 2);

        KvCommit commit = kv.atomic()
                .checkMissing(B)
                .check(A, old)
                .checkMissing(A)
                .set(B, 1)
                .sum(A, 1)
                .commit();

        assertThat(commit).isEqualTo(new KvCommit.Conflict(List.of(1, 2)));
        assertThat(commit.isCommitted()).isFalse();
        assertThat(text(A)).contains("2");
        assertThat(kv.get(B)).isEmpty();
    }

    @Test
    void checksHoldForPresentAndMissingAndExpiredEntries() {
        Versionstamp stamp = kv.set(A, 1);
        kv.set(B, 1, SECOND);
        time.advance(SECOND);

        KvCommit commit = kv.atomic()
                .check(A, stamp)
                .check(KvCheck.unchanged(kv.get(A).orElseThrow()))
                .checkMissing(B)
                .checkMissing(C)
                .set(B, 2)
                .commit();

        assertThat(commit.isCommitted()).isTrue();
        assertThat(text(B)).contains("2");
    }

    @Test
    void anEmptyCommitHasAFreshVersionstamp() {
        Versionstamp before = kv.set(A, 1);

        KvCommit commit = kv.atomic().commit();

        assertThat(((KvCommit.Committed) commit).versionstamp()).isGreaterThan(before);
        assertThat(kv.set(A, 2)).isGreaterThan(((KvCommit.Committed) commit).versionstamp());
    }

    @Test
    void aCommitIsMadeOnce() {
        var atomic = kv.atomic().set(A, 1);
        atomic.commit();

        assertThatThrownBy(atomic::commit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mutationsOfOneKeySeeEachOtherInOrder() {
        kv.set(A, 10, SECOND);

        KvCommit commit = kv.atomic()
                .sum(A, 5)
                .max(A, 12)
                .min(A, 14)
                .set(B, 1)
                .delete(B)
                .sum(B, 7)
                .append(C, 1, 2)
                .prepend(C, "x", "y")
                .append(C, List.of(3))
                .commit();

        assertThat(commit.isCommitted()).isTrue();
        assertThat(text(A)).contains("14");
        assertThat(text(B)).contains("7");
        assertThat(text(C)).contains("[\"x\",\"y\",1,2,[3]]");
        assertThat(kv.get(A).orElseThrow().expiresAt()).isPresent();
    }

    @Test
    void arithmeticStartsWithTheOperandAndTakesNegativeOnes() {
        kv.atomic().sum(A, -5).max(B, -3).min(C, 9).commit();
        kv.atomic().sum(A, -5).max(B, -4).min(C, 8).commit();

        assertThat(List.of(text(A), text(B), text(C)))
                .containsExactly(Optional.of("-10"), Optional.of("-3"), Optional.of("8"));
    }

    @Test
    void arithmeticIsExactAtAnySize() {
        kv.set(A, 9_007_199_254_740_991L);
        kv.atomic().sum(A, 1).sum(B, HUGE).sum(B, BigInteger.ONE).max(C, HUGE).commit();

        assertThat(integer(A)).isEqualTo("9007199254740992");
        assertThat(text(A)).contains("{\"__type\":\"bigint\",\"value\":\"9007199254740992\"}");
        assertThat(integer(B)).isEqualTo(HUGE.add(BigInteger.ONE));
        assertThat(integer(C)).isEqualTo(HUGE);

        kv.atomic().sum(A, -1).sum(B, HUGE.negate()).min(C, -1).commit();

        assertThat(text(A)).contains("9007199254740991");
        assertThat(text(B)).contains("1");
        assertThat(text(C)).contains("-1");
    }

    @Test
    void aFractionStaysOne() {
        kv.set(A, 1.5);
        kv.set(B, Json.parse("0.1"));

        kv.atomic().sum(A, 1).sum(B, 1).commit();

        assertThat(text(A)).contains("2.5");
        assertThat(text(B)).contains("1.1");
    }

    @Test
    void countersStayCountersWithinTheirRange() {
        kv.set(A, KvValue.u64(5));
        kv.atomic().sum(A, 7).commit();
        assertThat(kv.get(A).orElseThrow().value()).isEqualTo(KvValue.u64(12));

        assertThatThrownBy(() -> kv.atomic().sum(A, -13).commit()).hasMessageContaining("kv.counter_range");
        assertThat(kv.get(A).orElseThrow().value()).isEqualTo(KvValue.u64(12));
    }

    @Test
    void numbersOfV8StayNumbersOfV8() {
        kv.set(A, KvValue.v8(V8Json.encode(Json.parse("40"))), SECOND);
        kv.set(B, v8(new V8Number.Big(HUGE)));
        kv.set(C, v8(new V8Number.Real(0.1)));

        KvCommit commit = kv.atomic().sum(A, 2).sum(B, -1).sum(C, 1).commit();

        assertThat(((KvCommit.Committed) commit).values())
                .isEqualTo(java.util.Map.of(
                        A, v8(new V8Number.Real(42)),
                        B, v8(new V8Number.Big(HUGE.subtract(BigInteger.ONE))),
                        C, v8(new V8Number.Real(1.1))));
        assertThat(kv.get(A).orElseThrow().expiresAt()).isPresent();
        kv.atomic().max(A, 50).max(A, 7).min(B, 7).min(C, 7).commit();
        assertThat(kv.get(A).orElseThrow().value()).isEqualTo(v8(new V8Number.Real(50)));
        assertThat(kv.get(B).orElseThrow().value()).isEqualTo(v8(new V8Number.Big(BigInteger.valueOf(7))));
        assertThat(kv.get(C).orElseThrow().value()).isEqualTo(v8(new V8Number.Real(1.1)));
    }

    @Test
    void whatANumberOfV8CannotHoldIsRefused() {
        kv.set(A, v8(new V8Number.Real(9_007_199_254_740_991.0)));

        kv.atomic().sum(A, 1).commit();
        for (var commit : List.of(kv.atomic().sum(A, 1), kv.atomic().sum(A, BigInteger.TEN.pow(400)))) {
            assertThatThrownBy(commit::commit).hasMessageContaining("kv.number_range");
        }
        kv.atomic().sum(A, 2).commit();

        assertThat(kv.get(A).orElseThrow().value()).isEqualTo(v8(new V8Number.Real(9_007_199_254_740_994.0)));
        for (KvValue none : List.of(
                v8(new V8Number.Real(Double.NaN)),
                v8(new V8Number.Real(Double.NEGATIVE_INFINITY)),
                KvValue.v8(V8Json.encode(Json.parse("\"5\""))),
                KvValue.v8(new byte[] {1, 2}))) {
            kv.set(B, none);
            assertThatThrownBy(() -> kv.atomic().sum(B, 1).commit()).hasMessageContaining("kv.type_mismatch");
            assertThat(kv.get(B).orElseThrow().value()).isEqualTo(none);
        }
    }

    @Test
    void aValueOfAnotherKindIsNotOverwritten() {
        kv.set(A, "abc");
        kv.set(B, new byte[] {1});

        for (var commit : List.of(
                kv.atomic().set(C, 1).sum(A, 1),
                kv.atomic().set(C, 1).max(B, 1),
                kv.atomic().set(C, 1).append(A, 1),
                kv.atomic().set(C, 1).prepend(B, 1))) {
            assertThatThrownBy(commit::commit)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("kv.type_mismatch");
        }

        assertThat(text(A)).contains("\"abc\"");
        assertThat(kv.get(C)).isEmpty();
    }

    @Test
    void numbersThatWouldFillTheMemoryAreRefused() {
        kv.set(A, Json.parse("1e999999999"));
        kv.set(B, Json.parse("1e-999999999"));

        for (Key key : List.of(A, B)) {
            assertThatThrownBy(() -> kv.atomic().sum(key, 1).commit()).hasMessageContaining("kv.number_range");
        }
        assertThatThrownBy(() -> kv.atomic().sum(C, BigInteger.TEN.pow(10_000)).commit())
                .hasMessageContaining("kv.number_range");
    }

    @Test
    void aResultThatNobodyCouldReadIsRefused() {
        kv.set(A, Json.parse("1e-1000"));
        kv.set(B, Json.parse("1e-999"));
        String deep = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);
        kv.set(C, KvValue.jsonText("[]"));

        assertThatThrownBy(() -> kv.atomic().sum(A, 1).commit()).hasMessageContaining("json.number_too_long");
        assertThatThrownBy(() -> kv.atomic().append(C, Json.parse(deep)).commit())
                .hasMessageContaining("json.too_deep");
        assertThatThrownBy(() -> kv.set(C, new BigDecimal("1.5").add(BigDecimal.TEN.pow(1_500))))
                .hasMessageContaining("json.number_too_long");
        assertThat(kv.atomic().sum(B, 1).commit().isCommitted()).isTrue();

        assertThat(text(A)).contains("1E-1000");
        assertThat(kv.get(B).orElseThrow().value().json().decimalValue().precision())
                .isEqualTo(1_000);
        assertThat(text(C)).contains("[]");
    }

    @Test
    void expiryStaysWithTheEntryAndIsSetForNewOnes() {
        kv.set(A, 1, SECOND);
        KvMutation.Combine sum = new KvMutation.Combine(
                A, KvMutation.Arithmetic.SUM, BigInteger.ONE, Optional.of(SECOND.multipliedBy(5)));
        kv.commit(List.of(), List.of(sum));
        kv.commit(List.of(), List.of(new KvMutation.Extend(B, List.of(), true, Optional.of(SECOND))));
        assertThat(kv.get(A).orElseThrow().expiresAt()).contains(time.instant().plus(SECOND));
        assertThat(kv.get(B).orElseThrow().expiresAt()).contains(time.instant().plus(SECOND));

        time.advance(SECOND);
        kv.commit(List.of(), List.of(sum));

        assertThat(text(A)).contains("1");
        assertThat(kv.get(A).orElseThrow().expiresAt()).contains(time.instant().plus(SECOND.multipliedBy(5)));
        assertThat(kv.get(B)).isEmpty();
    }

    @Test
    void setInACommitRemovesOrSetsTheExpiry() {
        kv.set(A, 1, SECOND);
        kv.set(B, 1);

        kv.atomic().set(A, 2).set(B, 2, SECOND).commit();

        assertThat(kv.get(A).orElseThrow().expiresAt()).isEmpty();
        assertThat(kv.get(B).orElseThrow().expiresAt()).isPresent();
    }

    @Test
    void aCommitHasItsLimits() {
        KvRoom.of(store.database()).limits(new KvLimits(100, 3, 10));

        assertThat(kv.atomic().checkMissing(A).set(A, 1).set(B, 1).commit().isCommitted())
                .isTrue();
        assertThatThrownBy(() ->
                        kv.atomic().set(A, 1).set(A, 2).set(A, 3).set(A, 4).commit())
                .hasMessageContaining("kv.too_many_operations")
                .hasMessageContaining("operations=4, operationsMax=3");
        kv.set(C, List.of("x".repeat(90)));
        assertThatThrownBy(() -> kv.atomic().append(C, "y".repeat(10)).commit())
                .hasMessageContaining("kv.value_too_large");
    }

    @Test
    void aThousandOperationsAreOneCommit() {
        var atomic = kv.atomic();
        IntStream.range(0, 1_000).forEach(i -> atomic.set(Key.of("n", i), i));

        assertThat(atomic.commit().isCommitted()).isTrue();

        assertThat(kv.count(KeyPrefix.of("n"))).isEqualTo(1_000);
    }

    @Test
    void insideATransactionACommitIsAStepOfIt() {
        List<KvCommit> commits = new ArrayList<>();

        assertThatThrownBy(() -> store.session().write(UnitKind.USER, tx -> {
                    Kv inside = Kv.in(tx);
                    commits.add(inside.atomic().checkMissing(A).set(A, 1).commit());
                    commits.add(inside.atomic().checkMissing(A).set(A, 2).commit());
                    commits.add(inside.atomic().sum(A, 5).commit());
                    assertThat(inside.get(A).orElseThrow().value()).hasToString("6");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(commits.stream().map(KvCommit::isCommitted)).containsExactly(true, false, true);
        assertThat(kv.get(A)).isEmpty();
    }

    @Test
    void ofManyCallersExactlyOneMakesAKey() {
        try (Callers callers = new Callers()) {
            var all = IntStream.range(0, 12)
                    .mapToObj(caller -> callers.start(() ->
                            kv.atomic().checkMissing(A).set(A, caller).commit().isCommitted()))
                    .toList();

            assertThat(all.stream().filter(one -> Callers.outcome(one).value())).hasSize(1);
        }
    }

    @Test
    void sumsOfManyCallersAddUp() {
        try (Callers callers = new Callers()) {
            var all = IntStream.range(0, 8)
                    .mapToObj(caller -> callers.start(() -> {
                        IntStream.range(0, 20)
                                .forEach(i -> kv.atomic().sum(A, 1).sum(B, -1).commit());
                        return true;
                    }))
                    .toList();
            all.forEach(one -> Callers.outcome(one).value());
        }

        assertThat(text(A)).contains("160");
        assertThat(text(B)).contains("-160");
    }

    @Test
    void anOptimisticTransactionChecksEverythingItRead() {
        kv.set(A, 1);

        var result = kv.transaction(tx -> {
            int have = tx.get(A).orElseThrow().value().as(Integer.class);
            assertThat(tx.get(B)).isEmpty();
            kv.set(B, "came between");
            tx.set(A, have + 1);
            return have;
        });

        assertThat(result).isEmpty();
        assertThat(text(A)).contains("1");
    }

    @Test
    void anOptimisticTransactionRunsAgainUntilNothingCameBetween() {
        kv.set(A, 1);
        AtomicInteger runs = new AtomicInteger();

        var result = kv.transaction(
                tx -> {
                    int have = tx.get(A).orElseThrow().value().as(Integer.class);
                    if (runs.incrementAndGet() < 3) {
                        kv.set(A, have + 10);
                    }
                    tx.set(A, have + 1);
                    tx.sum(B, 1);
                    tx.max(C, have);
                    return have;
                },
                2,
                Duration.ZERO);

        assertThat(result.orElseThrow().value()).isEqualTo(21);
        assertThat(runs).hasValue(3);
        assertThat(text(A)).contains("22");
        assertThat(text(B)).contains("1");
        assertThat(kv.get(A).orElseThrow().versionstamp())
                .isEqualTo(result.orElseThrow().versionstamp());
    }

    @Test
    void anOptimisticTransactionReadsOnceAndNotItsOwnWrites() {
        kv.set(A, 1);

        var result = kv.transaction(tx -> {
            tx.set(A, 2);
            tx.delete(A);
            return tx.get(A).orElseThrow().equals(tx.get(A).orElseThrow());
        });

        assertThat(result.orElseThrow().value()).isTrue();
        assertThat(kv.get(A)).isEmpty();
    }

    @Test
    void whatAnOptimisticTransactionThrowsPassesOnAndNothingIsWritten() {
        assertThatThrownBy(() -> kv.transaction(tx -> {
                    tx.set(A, 1);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(kv.get(A)).isEmpty();
        assertThatThrownBy(() -> kv.transaction(tx -> 1, -1, Duration.ZERO)).hasMessageContaining("kv.retries");
    }

    @Test
    void anOptimisticTransactionWaitsLongerWithEveryRun() {
        List<Long> pauses = new ArrayList<>();
        Kv hurried = Kv.in(stores().fresh(hurried(pauses)).session());

        var result = hurried.transaction(
                tx -> {
                    tx.get(A);
                    return hurried.set(A, 1);
                },
                3,
                Duration.ofMillis(12_345));

        assertThat(result).isEmpty();
        assertThat(pauses).containsExactly(12_345L, 24_690L, 37_035L);
    }

    /** The machine's clock, on which pauses of this length are noted and over at once. */
    private static TimeSource hurried(List<Long> pauses) {
        return new TimeSource() {
            @Override
            public long millis() {
                return TimeSource.system().millis();
            }

            @Override
            public Timer after(long delayMillis, Runnable task) {
                if (delayMillis == 0 || delayMillis % 12_345 != 0) {
                    return TimeSource.system().after(delayMillis, task);
                }
                pauses.add(delayMillis);
                task.run();
                return () -> {};
            }
        };
    }

    @Test
    void triggersAreToldOfEveryEntryAfterTheCommit() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        kv.set(Key.of("a", 1), 1);
        AutoCloseable registered = kv.addTrigger(new KvTrigger(
                KeyPrefix.of("a"),
                Set.of(Change.Kind.SET, Change.Kind.DELETE),
                event -> told.add(event.kind() + " " + event.key() + " "
                        + event.value().map(KvValue::toString).orElse("-") + " "
                        + kv.get(event.key()).isPresent())));

        kv.set(Key.of("a", 2), 2);
        kv.set(Key.of("ab"), 2);
        kv.atomic().sum(Key.of("a", 2), 3).delete(Key.of("a", 3)).commit();
        kv.atomic().checkMissing(Key.of("a", 2)).set(Key.of("a", 9), 1).commit();
        kv.delete(Key.of("a"));
        kv.delete(Key.of("a"));
        registered.close();
        kv.set(Key.of("a", 1), 1);

        assertThat(told)
                .containsExactly(
                        "SET [\"a\",2] 2 true",
                        "SET [\"a\",2] 5 true",
                        "DELETE [\"a\",1] - false",
                        "DELETE [\"a\",2] - false");
        assertThat(kv.count(KvSelection.all())).isEqualTo(2);
    }

    @Test
    void aFailingTriggerFailsNothing() throws Exception {
        try (AutoCloseable registered = kv.addTrigger(new KvTrigger(KeyPrefix.all(), Set.of(Change.Kind.SET), event -> {
            throw new IllegalStateException("this trigger fails on purpose");
        }))) {
            assertThat(registered).isNotNull();
            kv.set(A, 1);
        }

        assertThat(text(A)).contains("1");
    }

    private BigInteger integer(Key key) {
        return kv.get(key).orElseThrow().value().as(BigInteger.class);
    }

    private static KvValue v8(V8Number number) {
        return KvValue.v8(number.encode());
    }
}
