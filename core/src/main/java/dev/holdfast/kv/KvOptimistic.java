package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of an optimistic transaction: reads go to the store and are remembered, writes are buffered. The commit
 * checks every key that was read, also those that did not exist. Reads do not see the run's own writes. For one thread.
 */
public final class KvOptimistic {
    private final Kv kv;
    private final Map<Key, Optional<KvEntry>> read = new LinkedHashMap<>();
    private final List<KvMutation> mutations = new ArrayList<>();

    KvOptimistic(Kv kv) {
        this.kv = kv;
    }

    /** The entry of a key; a second read of a key answers what the first one did. */
    public Optional<KvEntry> get(Key key) {
        return read.computeIfAbsent(key, kv::get);
    }

    /**
     * Buffers a write, as of {@link Kv#set(Key, Object)}, without expiry. The value is encoded now, so it may change
     * afterwards; limits are checked at the commit.
     */
    public void set(Key key, Object value) {
        mutations.add(new KvMutation.Set(key, KvValue.of(value), Optional.empty()));
    }

    /** Buffers a write that expires. */
    public void set(Key key, Object value, Duration ttl) {
        mutations.add(new KvMutation.Set(key, KvValue.of(value), Optional.of(ttl)));
    }

    /** Buffers the deletion of exactly this entry. */
    public void delete(Key key) {
        mutations.add(new KvMutation.Delete(key));
    }

    /** Buffers an addition, as of {@link KvAtomic#sum(Key, long)}; the key is not checked unless it was read too. */
    public void sum(Key key, long operand) {
        combine(key, KvMutation.Arithmetic.SUM, operand);
    }

    /** Buffers a maximum. */
    public void max(Key key, long operand) {
        combine(key, KvMutation.Arithmetic.MAX, operand);
    }

    /** Buffers a minimum. */
    public void min(Key key, long operand) {
        combine(key, KvMutation.Arithmetic.MIN, operand);
    }

    private void combine(Key key, KvMutation.Arithmetic arithmetic, long operand) {
        mutations.add(new KvMutation.Combine(key, arithmetic, BigInteger.valueOf(operand), Optional.empty()));
    }

    /** Commits what was buffered if everything that was read is still so. */
    KvCommit commit() {
        List<KvCheck> checks = new ArrayList<>();
        read.forEach((key, entry) -> checks.add(new KvCheck(key, entry.map(KvEntry::versionstamp))));
        return kv.commit(checks, mutations);
    }

    /**
     * What a transaction came to.
     *
     * @param value what the function returned
     * @param versionstamp of its commit
     */
    public record Result<R>(R value, Versionstamp versionstamp) {}
}
