package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Collects checks and mutations for one atomic commit: all checks first, then the mutations in order, everything or
 * nothing. For one thread; may be committed once.
 */
public final class KvAtomic {
    private final StoredKv kv;
    private final List<KvCheck> checks = new ArrayList<>();
    private final List<KvMutation> mutations = new ArrayList<>();
    private boolean committed;

    KvAtomic(StoredKv kv) {
        this.kv = kv;
    }

    /** The entry must still carry this versionstamp: nobody has written it since it was read. */
    public KvAtomic check(Key key, Versionstamp versionstamp) {
        return check(new KvCheck(key, Optional.of(versionstamp)));
    }

    /** The entry must not exist; one whose time has passed does not. */
    public KvAtomic checkMissing(Key key) {
        return check(KvCheck.missing(key));
    }

    /** A condition that was made elsewhere. */
    public KvAtomic check(KvCheck check) {
        checks.add(check);
        return this;
    }

    /** Writes a value, as {@link Kv#set(Key, Object)} does, without expiry. */
    public KvAtomic set(Key key, Object value) {
        return mutate(new KvMutation.Set(key, KvValue.of(value), Optional.empty()));
    }

    /**
     * Writes a value that expires.
     *
     * @param ttl 1 ms to 100 years from the commit, by the store's clock
     */
    public KvAtomic set(Key key, Object value, Duration ttl) {
        return mutate(new KvMutation.Set(key, KvValue.of(value), Optional.of(ttl)));
    }

    /** Deletes exactly this entry, nothing below it; a missing one is no error. */
    public KvAtomic delete(Key key) {
        return mutate(new KvMutation.Delete(key));
    }

    /**
     * Adds to the stored number, exactly: a JSON number, a tagged big integer, a counter, a number or big integer of
     * V8. A missing entry becomes the operand; the entry keeps its expiry and its encoding. A counter that would leave
     * 0 to 2^64 - 1 is refused at the commit with {@code kv.counter_range}. A number of V8 is a double: a fraction is
     * rounded to the nearest one, and a result beyond 2^53 - 1 that none holds is refused with
     * {@code kv.number_range}.
     *
     * @param operand negative to subtract
     */
    public KvAtomic sum(Key key, long operand) {
        return combine(key, KvMutation.Arithmetic.SUM, BigInteger.valueOf(operand));
    }

    /** Adds to the stored number, exactly, at any size up to 10,000 digits; see {@link #sum(Key, long)}. */
    public KvAtomic sum(Key key, BigInteger operand) {
        return combine(key, KvMutation.Arithmetic.SUM, operand);
    }

    /** Keeps the larger of the stored number and the operand; a missing entry becomes the operand. */
    public KvAtomic max(Key key, long operand) {
        return combine(key, KvMutation.Arithmetic.MAX, BigInteger.valueOf(operand));
    }

    /** Keeps the larger of the stored number and the operand. */
    public KvAtomic max(Key key, BigInteger operand) {
        return combine(key, KvMutation.Arithmetic.MAX, operand);
    }

    /** Keeps the smaller of the stored number and the operand; a missing entry becomes the operand. */
    public KvAtomic min(Key key, long operand) {
        return combine(key, KvMutation.Arithmetic.MIN, BigInteger.valueOf(operand));
    }

    /** Keeps the smaller of the stored number and the operand. */
    public KvAtomic min(Key key, BigInteger operand) {
        return combine(key, KvMutation.Arithmetic.MIN, operand);
    }

    /** Adds items, of anything with a JSON form, at the end of the stored array; a missing one is made. */
    public KvAtomic append(Key key, Object... items) {
        return mutate(new KvMutation.Extend(key, nodes(items), true, Optional.empty()));
    }

    /** Adds items at the start of the stored array, in their order. */
    public KvAtomic prepend(Key key, Object... items) {
        return mutate(new KvMutation.Extend(key, nodes(items), false, Optional.empty()));
    }

    /** A mutation that was made elsewhere. */
    public KvAtomic mutate(KvMutation mutation) {
        mutations.add(mutation);
        return this;
    }

    /**
     * Applies everything in one transaction, durably, or nothing.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code kv.type_mismatch}: a stored value is not a number or an
     *     array where one is needed; {@code kv.too_many_operations}, {@code kv.value_too_large}: a limit was passed.
     *     Nothing was changed
     */
    public KvCommit commit() {
        if (committed) {
            throw new IllegalStateException("this commit was made already; start another with atomic()");
        }
        committed = true;
        return kv.commit(List.copyOf(checks), List.copyOf(mutations));
    }

    private KvAtomic combine(Key key, KvMutation.Arithmetic arithmetic, BigInteger operand) {
        return mutate(new KvMutation.Combine(key, arithmetic, operand, Optional.empty()));
    }

    private static List<JsonNode> nodes(Object... items) {
        return Arrays.stream(items)
                .map(item -> Json.mapper().<JsonNode>valueToTree(item))
                .toList();
    }
}
