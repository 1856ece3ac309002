package dev.holdfast.kv;

import dev.holdfast.engine.Tx;
import dev.holdfast.key.KeyWire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one range in Deno's order, in a snapshot.
 *
 * <p>Stored order and Deno's order differ only for keys with a big integer; those have their wire bytes in a column of
 * its own, with an index. The others stand in the same order in both, and {@link KeyWire#cut} finds the place of a
 * bound among them. So the range is two scans, one of either kind, merged. The second passes over keys of the first
 * kind: all that share what stands before their first big integer lie side by side there, and are skipped at once.
 */
final class KvWireScan {
    private static final int BATCH_MIN = 32;
    private static final int BATCH_MAX = 256;
    /** Below and above every big integer behind the same parts, in stored order. */
    private static final byte BELOW_BIG_INTEGERS = 0x0b;

    private static final byte ABOVE_BIG_INTEGERS = 0x1e;

    private final Tx tx;
    private final KvWireSql sql;
    private final int limit;
    private final boolean reverse;
    private final byte[] start;
    private final byte[] end;

    KvWireScan(Tx tx, KvWireSql sql, KvWire.Range range) {
        this.tx = tx;
        this.sql = sql;
        this.limit = range.limit();
        this.reverse = range.reverse();
        this.start = range.start();
        this.end = range.end();
    }

    List<KvWire.Entry> entries() {
        List<KvWire.Entry> withBig = sql.withBigIntegers(tx, tx.ns(), start, end, reverse, tx.now(), limit).stream()
                .map(KvWire.Entry::of)
                .toList();
        // Once there are enough of them, nothing behind the last is wanted.
        boolean enough = withBig.size() == limit;
        byte[] from = enough && reverse ? withBig.getLast().wire() : start;
        byte[] until = enough && !reverse ? withBig.getLast().wire() : end;
        return merged(withBig, others(KeyWire.cut(from), KeyWire.cut(until)));
    }

    /** Up to so many entries without a big integer, from a range in stored order. */
    private List<KvWire.Entry> others(byte[] first, byte[] last) {
        List<KvWire.Entry> found = new ArrayList<>();
        byte[] from = first;
        byte[] until = last;
        while (found.size() < limit && Arrays.compareUnsigned(from, until) < 0) {
            int batch = Math.clamp(limit - found.size(), BATCH_MIN, BATCH_MAX);
            List<KvWireSql.Row> rows = sql.inStoredOrder(tx, tx.ns(), from, until, reverse, tx.now(), batch);
            for (KvWireSql.Row row : rows) {
                row.entry().ifPresent(entry -> found.add(KvWire.Entry.of(entry)));
            }
            if (rows.size() < batch) {
                break;
            }
            byte[] passed = behind(rows.getLast());
            if (reverse) {
                until = passed;
            } else {
                from = passed;
            }
        }
        return found;
    }

    /** Where to go on behind a row: behind all that have a big integer where this one has its first. */
    private byte[] behind(KvWireSql.Row row) {
        byte[] key = row.key();
        int big = KeyWire.bigIntegerAt(key);
        if (big < 0) {
            return reverse ? key : Arrays.copyOf(key, key.length + 1);
        }
        byte[] bound = Arrays.copyOf(key, big + 1);
        bound[big] = reverse ? BELOW_BIG_INTEGERS : ABOVE_BIG_INTEGERS;
        return bound;
    }

    private List<KvWire.Entry> merged(List<KvWire.Entry> some, List<KvWire.Entry> others) {
        List<KvWire.Entry> all = new ArrayList<>(Math.min(limit, some.size() + others.size()));
        int a = 0;
        int b = 0;
        while (all.size() < limit && (a < some.size() || b < others.size())) {
            boolean first = b == others.size()
                    || (a < some.size()
                            && comesBefore(some.get(a).wire(), others.get(b).wire()));
            all.add(first ? some.get(a++) : others.get(b++));
        }
        return List.copyOf(all);
    }

    private boolean comesBefore(byte[] one, byte[] other) {
        int order = Arrays.compareUnsigned(one, other);
        return reverse ? order > 0 : order < 0;
    }
}
