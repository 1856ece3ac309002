package dev.holdfast.server;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the keyspace is meant to hold, whoever writes to it, in the plainest way. */
final class FacesModel {
    private static final BigInteger COUNTER_LIMIT = BigInteger.ONE.shiftLeft(64);

    private Map<Key, Cell> cells = new HashMap<>();

    /**
     * An entry.
     *
     * @param stamp none while the commit that writes it is not over
     */
    private record Cell(JsonNode value, boolean counter, Optional<Versionstamp> stamp) {}

    /** The versionstamp of an entry, if there is one. */
    Optional<Versionstamp> stamp(Key key) {
        return Optional.ofNullable(cells.get(key)).flatMap(Cell::stamp);
    }

    /** The places of the checks that do not hold. */
    List<Integer> failed(List<KvCheck> checks) {
        List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            if (!stamp(checks.get(i).key()).equals(checks.get(i).versionstamp())) {
                failed.add(i);
            }
        }
        return failed;
    }

    /** Applies mutations in order; false when one does not fit what is there, and then nothing has changed. */
    boolean apply(List<KvMutation> mutations, boolean byDeno) {
        Map<Key, Cell> before = new HashMap<>(cells);
        for (KvMutation mutation : mutations) {
            if (!apply(mutation, byDeno)) {
                cells = before;
                return false;
            }
        }
        return true;
    }

    /** Gives everything that these mutations have left its versionstamp. */
    void stamp(List<KvMutation> mutations, Versionstamp stamp) {
        Set<Key> keys = new HashSet<>();
        mutations.forEach(mutation -> keys.add(mutation.key()));
        keys.forEach(key ->
                cells.computeIfPresent(key, (same, cell) -> new Cell(cell.value, cell.counter, Optional.of(stamp))));
    }

    /** Deletes a key and everything below it; answers how many entries that were. */
    int deleteBelow(Key key) {
        int before = cells.size();
        cells.keySet().removeIf(one -> one.startsWith(key));
        return before - cells.size();
    }

    /** What stands strictly below a prefix, in an order, up to a limit. */
    List<Face.Seen> select(KeyPrefix prefix, Comparator<Key> order, int limit) {
        List<Face.Seen> seen = new ArrayList<>();
        cells.forEach((key, cell) -> {
            if (key.startsWith(prefix) && prefix.key().filter(key::equals).isEmpty()) {
                seen.add(new Face.Seen(key, Json.text(cell.value), cell.stamp.orElseThrow()));
            }
        });
        seen.sort(Comparator.comparing(Face.Seen::key, order));
        return seen.subList(0, Math.min(seen.size(), limit));
    }

    private boolean apply(KvMutation mutation, boolean byDeno) {
        return switch (mutation) {
            case KvMutation.Set set ->
                put(set.key(), set.value().json(), set.value().encoding() == Encoding.U64);
            case KvMutation.Delete delete -> {
                cells.remove(delete.key());
                yield true;
            }
            case KvMutation.Combine combine -> sum(combine.key(), combine.operand(), byDeno);
            case KvMutation.Calculate count -> count(count.key(), count.operand());
            default -> throw new IllegalArgumentException("the program does not know " + mutation);
        };
    }

    private boolean put(Key key, JsonNode value, boolean counter) {
        cells.put(key, new Cell(value, counter, Optional.empty()));
        return true;
    }

    /** Deno adds a number, Java and KeyVal an integer. */
    private boolean sum(Key key, BigInteger operand, boolean byDeno) {
        Cell before = cells.get(key);
        if (before == null) {
            return put(key, Json.parse(operand.toString()), false);
        }
        Optional<BigInteger> big = BigIntegerTag.read(before.value);
        if (byDeno && (before.counter || big.isPresent())) {
            return false;
        }
        if (before.counter) {
            BigInteger count = number(before.value).add(operand);
            return count.signum() >= 0
                    && count.compareTo(COUNTER_LIMIT) < 0
                    && put(key, KvValue.u64(count.longValue()).json(), true);
        }
        if (big.isPresent()) {
            return put(key, BigIntegerTag.node(big.get().add(operand)), false);
        }
        if (!before.value.isNumber()) {
            return false;
        }
        BigDecimal sum = before.value.decimalValue().add(new BigDecimal(operand));
        return put(key, Json.parse(sum.toPlainString()), false);
    }

    /** Deno counts. */
    private boolean count(Key key, KvValue operand) {
        Cell before = cells.get(key);
        if (before == null) {
            return put(key, operand.json(), true);
        }
        if (!before.counter) {
            return false;
        }
        BigInteger sum = number(before.value).add(number(operand.json()));
        return put(key, KvValue.u64(sum.longValue()).json(), true);
    }

    private static BigInteger number(JsonNode value) {
        return BigIntegerTag.read(value).orElseGet(() -> value.decimalValue().toBigIntegerExact());
    }
}
