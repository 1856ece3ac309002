package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvMutation.Arithmetic;
import dev.holdfast.kv.KvMutation.Bounds;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWire;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What commits and watches of KV Connect promise beyond those of every other face. */
public abstract class KvWireWriteContract extends KvSuite {
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String RANGE_PASSED = "The result of a Sum operation would exceed its range limit";
    private static final String OTHER_KIND = "Min/max parameters have different types than the operand";

    // As V8 writes them: 5n and -5n in format 16, 1, 1.5, "a".
    private static final KvValue FIVE = v8("ff105a100500000000000000");
    private static final KvValue MINUS_FIVE = v8("ff105a110500000000000000");
    private static final KvValue ONE = v8("ff104902");
    private static final KvValue HALVES = v8("ff0f4e000000000000f83f");
    private static final KvValue TEXT = v8("ff0f220161");

    /** The suite over the stores of one engine. */
    protected KvWireWriteContract() {}

    @Test
    void countersWrapAndCompareAsUnsignedNumbers() {
        commit(sum(A, KvValue.u64(-1)));
        assertThat(value(A)).isEqualTo(KvValue.u64(-1));

        commit(sum(A, KvValue.u64(3)), sum(A, KvValue.u64(4)));
        assertThat(value(A)).isEqualTo(KvValue.u64(6));
        commit(calculate(A, Arithmetic.MAX, KvValue.u64(Long.MIN_VALUE)));
        assertThat(value(A)).isEqualTo(KvValue.u64(Long.MIN_VALUE));
        commit(calculate(A, Arithmetic.MAX, KvValue.u64(7)));
        assertThat(value(A)).isEqualTo(KvValue.u64(Long.MIN_VALUE));
        commit(calculate(A, Arithmetic.MIN, KvValue.u64(5)), calculate(B, Arithmetic.MIN, KvValue.u64(9)));
        assertThat(value(A)).isEqualTo(KvValue.u64(5));
        assertThat(value(B)).isEqualTo(KvValue.u64(9));
    }

    @Test
    void sumsOfV8ValuesAreExactOrDoubles() {
        commit(sum(A, FIVE));
        assertThat(value(A)).as("written so that every client can read it").isEqualTo(big(5));
        commit(sum(A, MINUS_FIVE), sum(A, MINUS_FIVE));
        assertThat(value(A)).isEqualTo(v8("ff0f5a110500000000000000"));
        commit(sum(A, v8("ff0f5a2000000000000000000100000000000000")));
        assertThat(value(A)).isEqualTo(v8("ff0f5a10fbffffffffffffff"));

        commit(sum(B, ONE), sum(B, HALVES));
        assertThat(value(B)).isEqualTo(v8("ff0f4e0000000000000440"));
    }

    @Test
    void whatDoesNotBelongTogetherIsRefusedAndNothingRemains() {
        kv.set(Key.of("big"), big(1));
        kv.set(Key.of("number"), ONE);
        kv.set(Key.of("counter"), KvValue.u64(1));
        kv.set(Key.of("bytes"), new byte[8]);
        kv.set(Key.of("text"), TEXT);
        kv.set(Key.of("broken"), v8("ff0f5a10"));

        refused("Cannot sum BigInt with Number", "big", ONE);
        refused("Cannot sum Number with BigInt", "number", FIVE);
        refused("Cannot sum KvU64 with Number", "counter", ONE);
        refused("Cannot sum KvU64 with BigInt", "counter", MINUS_FIVE);
        refused("Cannot sum KvU64 with BigInt", "counter", v8("ff0f5a2000000000000000000100000000000000"));
        refused("Failed to perform 'sum' mutation on a non-U64 value in the database", "big", KvValue.u64(1));
        refused("Failed to perform 'sum' mutation on a non-U64 value in the database", "bytes", KvValue.u64(1));
        refused("unsupported value type", "bytes", FIVE);
        refused("unsupported value type", "text", FIVE);
        refused("unsupported value type", "broken", FIVE);
        refused("unsupported value type", "big", TEXT);
        refused("unsupported value type", "missing", KvValue.bytes(new byte[8]));
        refused("Some of the parameters are not valid V8 values", "missing", v8("00"));
        refused(
                "Failed to perform 'max' mutation on a non-U64 operand",
                calculate(Key.of("missing"), Arithmetic.MAX, FIVE));
        refused(
                "Failed to perform 'min' mutation on a non-U64 value in the database",
                calculate(Key.of("text"), Arithmetic.MIN, KvValue.u64(1)));
        assertThat(value(Key.of("counter"))).isEqualTo(KvValue.u64(1));
        assertThat(kv.get(Key.of("missing"))).isEmpty();
    }

    @Test
    void aBigIntegerThatFitsIsAddedToACounter() {
        kv.set(A, KvValue.u64(-2));

        commit(sum(A, FIVE));

        assertThat(value(A)).isEqualTo(KvValue.u64(3));
    }

    @Test
    void boundsRefuseOrHold() {
        kv.set(A, big(10));

        refused(RANGE_PASSED, bounded(FIVE, none(), big(14), false));
        refused(RANGE_PASSED, bounded(MINUS_FIVE, big(6), none(), false));
        refused(OTHER_KIND, bounded(FIVE, none(), ONE, true));
        refused(OTHER_KIND, bounded(FIVE, TEXT, none(), true));
        refused(OTHER_KIND, bounded(KvValue.u64(1), big(1), none(), true));
        refused("Some of the parameters are not valid V8 values", bounded(FIVE, v8("77"), none(), true));
        refused("Cannot sum BigInt with Number", bounded(ONE, HALVES, none(), true));
        assertThat(value(A)).isEqualTo(big(10));

        commit(bounded(FIVE, none(), big(15), false));
        assertThat(value(A)).isEqualTo(big(15));
        commit(bounded(FIVE, none(), big(17), true));
        assertThat(value(A)).isEqualTo(big(17));
        commit(bounded(MINUS_FIVE, big(16), none(), true));
        assertThat(value(A)).isEqualTo(big(16));
        commit(new KvMutation.Calculate(B, Arithmetic.SUM, FIVE, new Bounds(none(), Optional.of(big(3)), true)));
        assertThat(value(B)).as("of a missing entry too").isEqualTo(big(3));
    }

    @Test
    void jsonCountsAsTheValueThatDenoReadsInItsPlace() {
        kv.set(A, 5);
        kv.set(B, BigIntegerTag.node(BigInteger.ONE.shiftLeft(64)));
        kv.set(Key.of("text"), "5");

        commit(sum(A, HALVES), sum(B, FIVE));

        assertThat(value(A)).isEqualTo(v8("ff0f4e0000000000001a40"));
        assertThat(value(B)).isEqualTo(v8("ff0f5a2005000000000000000100000000000000"));
        refused("unsupported value type", "text", ONE);
        refused("Failed to perform 'sum' mutation on a non-U64 value in the database", "text", KvValue.u64(1));
        KvValue json = KvValue.json("a");
        assertThat(KvWire.seen(json).encoding()).isEqualTo(Encoding.V8);
        assertThat(KvWire.seen(TEXT)).isSameAs(TEXT);
    }

    @Test
    void aResultNeverExpiresAndWhatHasExpiredIsMissing() {
        Instant soon = time.instant().plusSeconds(1);
        Instant past = time.instant().minusSeconds(1);
        commit(
                new KvMutation.Restore(A, KvValue.u64(1), Optional.of(soon)),
                new KvMutation.Restore(B, KvValue.u64(1), Optional.of(past)),
                new KvMutation.Restore(Key.of("far"), FIVE, Optional.of(Instant.ofEpochMilli(Long.MAX_VALUE))));
        assertThat(kv.get(B)).isEmpty();
        assertThat(kv.get(Key.of("far"))).isPresent();

        commit(sum(A, KvValue.u64(1)), sum(B, KvValue.u64(5)));
        commit(new KvMutation.Restore(B, KvValue.u64(9), Optional.of(past)), sum(B, KvValue.u64(6)));
        time.advance(Duration.ofSeconds(2));

        assertThat(value(A)).isEqualTo(KvValue.u64(2));
        assertThat(value(B)).isEqualTo(KvValue.u64(6));
    }

    @Test
    void aKeyMayEndInTheVersionstampOfItsCommit() {
        Versionstamp stamp = commit(
                new KvMutation.Stamped(A, TEXT, Optional.empty()),
                new KvMutation.Stamped(
                        Key.of("b", 1), FIVE, Optional.of(time.instant().plusSeconds(1))),
                sum(B, KvValue.u64(1)));

        assertThat(kv.get(A)).isEmpty();
        KvEntry log = kv.get(A.append(stamp.hex())).orElseThrow();
        assertThat(log.versionstamp()).isEqualTo(stamp);
        assertThat(log.value()).isEqualTo(TEXT);
        assertThat(kv.get(Key.of("b", 1, stamp.hex())).orElseThrow().expiresAt())
                .isPresent();
        Key nearlyTooLong = KeyWire.decode(HexFormat.of().parseHex("02" + "61".repeat(2040) + "00"));
        assertThatThrownBy(() -> commit(new KvMutation.Stamped(nearlyTooLong, TEXT, Optional.empty())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("key.too_large");
    }

    @Test
    void allChecksThatFailAreToldAndKeysThatCannotBeStoredAreMissing() {
        Versionstamp stamp = kv.set(A, 1);
        KvWire.Check holds = new KvWire.Check(KeyWire.wire(A), Optional.of(stamp));
        KvWire.Check fails = new KvWire.Check(KeyWire.wire(A), Optional.empty());
        KvWire.Check noKey = new KvWire.Check(new byte[] {2, 'a'}, Optional.empty());
        KvWire.Check never = new KvWire.Check(new byte[3_000], Optional.of(stamp));
        KvMutation set = new KvMutation.Restore(B, TEXT, Optional.empty());

        assertThat(wire().commit(List.of(fails, holds, noKey, fails), List.of(set)))
                .isEqualTo(new KvCommit.Conflict(List.of(0, 3)));
        assertThat(wire().commit(List.of(holds, never, fails, noKey), List.of(set)))
                .isEqualTo(new KvCommit.Conflict(List.of(1, 2)));
        assertThat(kv.get(B)).isEmpty();
        assertThat(wire().commit(List.of(noKey, holds), List.of(set)).isCommitted())
                .isTrue();
        assertThat(kv.get(B)).isPresent();
    }

    @Test
    void anEmptyCommitHasAVersionstampOfItsOwn() {
        Versionstamp before = commit();

        assertThat(commit()).isGreaterThan(before);
        assertThat(commit(new KvMutation.Delete(A))).isGreaterThan(before);
    }

    @Test
    void aWatchTellsAllKeysFromOneSnapshotWhenOneHasChanged() {
        Versionstamp first = kv.set(A, FIVE);
        List<List<Optional<KvWire.Entry>>> seen = Collections.synchronizedList(new ArrayList<>());
        List<byte[]> keys = List.of(KeyWire.wire(A), new byte[] {7}, KeyWire.wire(B), KeyWire.wire(A));
        try (KvWatch watch = wire().watch(keys, seen::add)) {
            assertThat(watch).isNotNull();
            awaitSeen(seen, 1);
            assertThat(stamps(seen.getFirst())).containsExactly(some(first), none(), none(), some(first));

            Versionstamp second = kv.set(B, TEXT, Duration.ofSeconds(1));
            awaitSeen(seen, 2);
            assertThat(stamps(seen.get(1))).containsExactly(some(first), none(), some(second), some(first));
            kv.deleteExact(A);
            awaitSeen(seen, 3);
            assertThat(stamps(seen.get(2))).containsExactly(none(), none(), some(second), none());
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> {
                time.advance(Duration.ofMillis(20));
                return seen.size() >= 4;
            });
            assertThat(stamps(seen.get(3))).containsExactly(none(), none(), none(), none());
        }
    }

    @Test
    void aWatchOfNothingThatCanBeStoredTellsSoOnce() {
        List<List<Optional<KvWire.Entry>>> seen = Collections.synchronizedList(new ArrayList<>());
        try (KvWatch watch = wire().watch(List.of(new byte[0]), seen::add)) {
            assertThat(watch).isNotNull();
            kv.set(A, 1);

            assertThat(seen).containsExactly(List.of(Optional.empty()));
        }
    }

    private static void awaitSeen(List<List<Optional<KvWire.Entry>>> seen, int times) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> seen.size() >= times);
    }

    private static List<Optional<Versionstamp>> stamps(List<Optional<KvWire.Entry>> seen) {
        return seen.stream()
                .map(entry -> entry.map(found -> found.entry().versionstamp()))
                .toList();
    }

    private void refused(String text, String key, KvValue operand) {
        refused(text, sum(Key.of(key), operand));
    }

    /** A commit that fails half-way leaves nothing. */
    private void refused(String text, KvMutation mutation) {
        KvMutation before = new KvMutation.Restore(Key.of("before"), TEXT, Optional.empty());
        assertThatThrownBy(() -> commit(before, mutation))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.detail()).isEqualTo(text));
        assertThat(kv.get(Key.of("before"))).isEmpty();
    }

    private Versionstamp commit(KvMutation... mutations) {
        KvCommit commit = wire().commit(List.of(), List.of(mutations));
        return ((KvCommit.Committed) commit).versionstamp();
    }

    private KvWire wire() {
        return KvWire.in(store.session());
    }

    private KvValue value(Key key) {
        KvEntry entry = kv.get(key).orElseThrow();
        assertThat(entry.expiresAt()).isEmpty();
        return entry.value();
    }

    private static KvMutation sum(Key key, KvValue operand) {
        return calculate(key, Arithmetic.SUM, operand);
    }

    private static KvMutation calculate(Key key, Arithmetic arithmetic, KvValue operand) {
        return new KvMutation.Calculate(key, arithmetic, operand, Bounds.none());
    }

    private static KvMutation bounded(KvValue operand, Object min, Object max, boolean clamp) {
        return new KvMutation.Calculate(A, Arithmetic.SUM, operand, new Bounds(bound(min), bound(max), clamp));
    }

    private static Optional<KvValue> bound(Object value) {
        return value instanceof KvValue bound ? Optional.of(bound) : Optional.empty();
    }

    private static KvValue big(int value) {
        return v8("ff0f5a10" + HexFormat.of().toHexDigits((byte) value) + "00".repeat(7));
    }

    private static KvValue v8(String hex) {
        return KvValue.v8(HexFormat.of().parseHex(hex));
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }

    private static Optional<Versionstamp> some(Versionstamp stamp) {
        return Optional.of(stamp);
    }
}
