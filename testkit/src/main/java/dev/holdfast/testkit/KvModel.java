package dev.holdfast.testkit;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvSelection;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What keys and values are meant to be, in the plainest way: a sorted map, and a clock. */
final class KvModel {
    private final TreeMap<Key, Cell> cells = new TreeMap<>();
    private final LongSupplier now;

    /** An empty model on a clock. */
    KvModel(LongSupplier now) {
        this.now = now;
    }

    /**
     * An entry.
     *
     * @param stamp none while the commit that writes it is not over
     */
    record Cell(
            JsonNode value,
            Optional<Long> expiresAt,
            @Nullable Versionstamp stamp) {}

    KvModel copy() {
        KvModel copy = new KvModel(now);
        copy.cells.putAll(cells);
        return copy;
    }

    /** Becomes what another model is. */
    void become(KvModel other) {
        cells.clear();
        cells.putAll(other.cells);
    }

    Optional<Cell> get(Key key) {
        return Optional.ofNullable(cells.get(key)).filter(this::isLive);
    }

    List<Key> keys() {
        return cells.keySet().stream().filter(key -> get(key).isPresent()).toList();
    }

    void set(Key key, JsonNode value, Optional<Duration> ttl, Versionstamp stamp) {
        cells.put(key, new Cell(value, deadline(ttl), stamp));
    }

    boolean delete(Key key) {
        boolean there = get(key).isPresent();
        cells.remove(key);
        return there;
    }

    /** The keys at and below a prefix. */
    List<Key> covered(KeyPrefix prefix) {
        return keys().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    /** The keys that a selection holds, in its order, up to its limit. */
    List<Key> select(KvSelection selection) {
        List<Key> keys = keys().stream()
                .filter(key -> key.startsWith(selection.prefix())
                        && key.size() > selection.prefix().size())
                .filter(key ->
                        selection.start().map(from -> key.compareTo(from) >= 0).orElse(true))
                .filter(key ->
                        selection.end().map(end -> key.compareTo(end) < 0).orElse(true))
                .filter(key -> selection
                        .where()
                        .map(where -> where.matches(cell(key).value))
                        .orElse(true))
                .sorted(selection.reverse() ? Comparator.reverseOrder() : Comparator.naturalOrder())
                .toList();
        return selection.limit() == 0 ? keys : keys.subList(0, (int) Math.min(keys.size(), selection.limit()));
    }

    /** The places of the checks that do not hold. */
    List<Integer> failed(List<KvCheck> checks) {
        List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            KvCheck check = checks.get(i);
            if (!get(check.key()).map(Cell::stamp).equals(check.versionstamp())) {
                failed.add(i);
            }
        }
        return failed;
    }

    /** Applies mutations in order; false when one meets a value of another kind, and then nothing has changed. */
    boolean apply(List<KvMutation> mutations) {
        KvModel work = copy();
        for (KvMutation mutation : mutations) {
            if (!work.apply(mutation)) {
                return false;
            }
        }
        become(work);
        return true;
    }

    /** Gives everything that these mutations have left its versionstamp. */
    void stamp(List<KvMutation> mutations, Versionstamp stamp) {
        Set<Key> keys = new HashSet<>();
        mutations.forEach(mutation -> keys.add(mutation.key()));
        keys.forEach(key -> cells.computeIfPresent(key, (k, cell) -> new Cell(cell.value, cell.expiresAt, stamp)));
    }

    private boolean apply(KvMutation mutation) {
        return switch (mutation) {
            case KvMutation.Set set -> put(set.key(), set.value().json(), deadline(set.ttl()));
            case KvMutation.Restore copy ->
                put(copy.key(), copy.value().json(), copy.expiresAt().map(at -> at.toEpochMilli()));
            case KvMutation.Delete delete -> {
                cells.remove(delete.key());
                yield true;
            }
            case KvMutation.Combine combine -> combine(combine);
            case KvMutation.Extend extend -> extend(extend);
            case KvMutation.Stamped stamped -> throw unknown(stamped);
            case KvMutation.Calculate calculate -> throw unknown(calculate);
        };
    }

    /** What travels in KV Connect has a suite of its own; this model holds JSON. */
    private static IllegalArgumentException unknown(KvMutation mutation) {
        return new IllegalArgumentException("the model does not know " + mutation);
    }

    private boolean combine(KvMutation.Combine combine) {
        Optional<Cell> before = get(combine.key());
        if (before.isEmpty()) {
            return put(combine.key(), node(combine.operand()), deadline(combine.ttl()));
        }
        Optional<BigInteger> have = integer(before.get().value);
        have.ifPresent(number -> put(
                combine.key(),
                node(
                        switch (combine.arithmetic()) {
                            case SUM -> number.add(combine.operand());
                            case MAX -> number.max(combine.operand());
                            case MIN -> number.min(combine.operand());
                        }),
                before.get().expiresAt));
        return have.isPresent();
    }

    private boolean extend(KvMutation.Extend extend) {
        Optional<Cell> before = get(extend.key());
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        if (before.isPresent() && !before.get().value.isArray()) {
            return false;
        }
        if (!extend.atEnd()) {
            result.addAll(extend.items());
        }
        before.ifPresent(cell -> cell.value.forEach(result::add));
        if (extend.atEnd()) {
            result.addAll(extend.items());
        }
        return put(extend.key(), result, before.isPresent() ? before.get().expiresAt : deadline(extend.ttl()));
    }

    private boolean put(Key key, JsonNode value, Optional<Long> expiresAt) {
        cells.put(key, new Cell(value, expiresAt, null));
        return true;
    }

    private Cell cell(Key key) {
        return get(key).orElseThrow();
    }

    private Optional<Long> deadline(Optional<Duration> ttl) {
        return ttl.map(time -> now.getAsLong() + time.toMillis());
    }

    private boolean isLive(Cell cell) {
        return cell.expiresAt.map(at -> at > now.getAsLong()).orElse(true);
    }

    private static Optional<BigInteger> integer(JsonNode node) {
        return node.isNumber() ? Optional.of(node.decimalValue().toBigIntegerExact()) : BigIntegerTag.read(node);
    }

    private static JsonNode node(BigInteger number) {
        return BigIntegerTag.isExact(number)
                ? JsonNodeFactory.instance.numberNode(number.longValue())
                : BigIntegerTag.node(number);
    }
}
