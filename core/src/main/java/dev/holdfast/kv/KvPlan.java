package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * What an atomic commit comes to: read what it depends on, then work out the final state of every key in memory. The
 * store is written once per key, however many mutations it had.
 */
final class KvPlan {
    private final List<KvCheck> checks;
    private final List<KvMutation> mutations;
    private final KvLimits limits;
    private final Map<Key, KvEntry> stored = new HashMap<>();
    private final Map<Key, Versionstamp> stamps = new HashMap<>();
    private final Map<Key, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<Key, KvValue> computed = new HashMap<>();

    KvPlan(List<KvCheck> checks, List<KvMutation> mutations, KvLimits limits) {
        this.checks = checks;
        this.mutations = mutations;
        this.limits = limits;
    }

    /** Whether the outcome depends on anything that is stored. */
    boolean isDecision() {
        return !dependsOn().isEmpty();
    }

    /**
     * Whether the versionstamp of the commit is part of what it writes, so that it must be known before. A statement
     * that writes a whole commit takes one by itself.
     */
    boolean isStamped() {
        return mutations.stream().anyMatch(KvMutation.Stamped.class::isInstance);
    }

    /** A hash of the first key that the outcome depends on: where commits that meet in it may wait for each other. */
    int hot() {
        return dependsOn().iterator().next().hashCode();
    }

    private Set<Key> dependsOn() {
        Set<Key> keys = new LinkedHashSet<>();
        checks.forEach(check -> keys.add(check.key()));
        keys.addAll(computedFrom());
        return keys;
    }

    /** The keys whose stored values go into new ones. */
    private Set<Key> computedFrom() {
        Set<Key> keys = new LinkedHashSet<>();
        for (KvMutation mutation : mutations) {
            if (mutation instanceof KvMutation.Combine
                    || mutation instanceof KvMutation.Extend
                    || mutation instanceof KvMutation.Calculate) {
                keys.add(mutation.key());
            }
        }
        return keys;
    }

    /** Reads what the commit depends on; answers the checks that do not hold. */
    List<Integer> read(Tx tx, KvSql sql) {
        Set<Key> keys = dependsOn();
        if (!keys.isEmpty()) {
            KvLimits.Held held = limits.new Held();
            Set<Key> needed = computedFrom();
            sql.getMany(tx, tx.ns(), List.copyOf(keys), tx.now(), entry -> {
                stamps.put(entry.key(), entry.versionstamp());
                if (needed.contains(entry.key())) {
                    held.add(entry.value());
                    stored.put(entry.key(), entry);
                }
            });
        }
        List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            KvCheck check = checks.get(i);
            var actual = Optional.ofNullable(stamps.get(check.key()));
            if (!actual.equals(check.versionstamp())) {
                failed.add(i);
            }
        }
        return failed;
    }

    /**
     * PostgreSQL: locks the entries that the commit writes, and reads what it depends on, when that is nothing else.
     *
     * @return the keys that it depends on and that have no entry, so that nothing of them is locked
     */
    List<Key> lock(Tx tx, PostgresKvSql sql) {
        Set<Key> missing = dependsOn();
        List<Key> written = mutations.stream().map(KvMutation::key).toList();
        for (KvEntry entry : sql.lock(tx, tx.ns(), written)) {
            missing.remove(entry.key());
            if (KvSql.isLive(entry, tx.now())) {
                stored.put(entry.key(), entry);
            }
        }
        return List.copyOf(missing);
    }

    /** Applies the mutations in order, in memory. */
    void apply(Tx tx) {
        for (KvMutation mutation : mutations) {
            switch (mutation) {
                case KvMutation.Set set -> {
                    KvValue value = KvNow.resolve(set.value(), tx.now());
                    outcomes.put(set.key(), new Outcome(limits.requireValue(value), KvWriter.expiry(tx, set.ttl())));
                }
                case KvMutation.Restore copy -> outcomes.put(copy.key(), outcome(copy.value(), copy.expiresAt()));
                case KvMutation.Stamped stamped ->
                    outcomes.put(
                            stamped.key().append(new Versionstamp(tx.versionstamp()).hex()),
                            outcome(stamped.value(), stamped.expiresAt()));
                case KvMutation.Delete delete -> outcomes.put(delete.key(), Outcome.DELETED);
                case KvMutation.Combine combine ->
                    computed(combine.key(), combined(combine), KvWriter.expiry(tx, combine.ttl()));
                case KvMutation.Extend extend ->
                    computed(extend.key(), extended(extend, tx.now()), KvWriter.expiry(tx, extend.ttl()));
                case KvMutation.Calculate calculate -> calculate(calculate, tx.now());
            }
        }
    }

    private Outcome outcome(KvValue value, Optional<Instant> expiresAt) {
        return new Outcome(
                limits.requireValue(value), expiresAt.map(Instant::toEpochMilli).orElse(null));
    }

    private void calculate(KvMutation.Calculate calculate, long now) {
        Outcome before = current(calculate.key());
        // What this commit has written may have expired before it.
        boolean missing = before.value == null || (before.expiresAt != null && before.expiresAt <= now);
        KvValue result = limits.requireValue(KvCalculation.of(calculate, missing ? null : before.value));
        outcomes.put(calculate.key(), new Outcome(result, null));
        computed.put(calculate.key(), result);
    }

    /** The final state of every key that is written, in the order of their first mutation. */
    Map<Key, Outcome> outcomes() {
        return outcomes;
    }

    /** The new values of the keys that were combined or extended. */
    Map<Key, KvValue> computed() {
        return computed;
    }

    private void computed(Key key, KvValue value, @Nullable Long expiryWhenNew) {
        limits.requireValue(value);
        Outcome before = current(key);
        outcomes.put(key, new Outcome(value, before.value == null ? expiryWhenNew : before.expiresAt));
        computed.put(key, value);
    }

    private Outcome current(Key key) {
        Outcome pending = outcomes.get(key);
        if (pending != null) {
            return pending;
        }
        KvEntry entry = stored.get(key);
        return entry == null
                ? Outcome.DELETED
                : new Outcome(
                        entry.value(),
                        entry.expiresAt().map(at -> at.toEpochMilli()).orElse(null));
    }

    private KvValue combined(KvMutation.Combine combine) {
        String operation = combine.arithmetic().name().toLowerCase(Locale.ROOT);
        BigDecimal operand = new BigDecimal(combine.operand());
        KvValue before = current(combine.key()).value;
        if (before == null) {
            return KvNumber.write(operand, operation);
        }
        BigDecimal have = KvNumber.read(before, operation);
        BigDecimal result = switch (combine.arithmetic()) {
            case SUM -> have.add(operand);
            case MAX -> have.max(operand);
            case MIN -> have.min(operand);
        };
        return KvNumber.write(result, before, operation);
    }

    private KvValue extended(KvMutation.Extend extend, long now) {
        String operation = extend.atEnd() ? "append" : "prepend";
        KvValue before = current(extend.key()).value;
        ArrayNode result = Json.mapper().createArrayNode();
        List<JsonNode> items =
                extend.items().stream().map(item -> KvNow.resolve(item, now)).toList();
        if (!extend.atEnd()) {
            result.addAll(items);
        }
        if (before != null) {
            if (before.encoding() != Encoding.JSON || !(before.json() instanceof ArrayNode array)) {
                throw KvNumber.mismatch(operation, "an array");
            }
            result.addAll(array);
        }
        if (extend.atEnd()) {
            result.addAll(items);
        }
        return new KvValue(Encoding.JSON, Json.bytes(result));
    }

    /** The final state of a key; without a value it is deleted. */
    record Outcome(@Nullable KvValue value, @Nullable Long expiresAt) {
        static final Outcome DELETED = new Outcome(null, null);
    }
}
