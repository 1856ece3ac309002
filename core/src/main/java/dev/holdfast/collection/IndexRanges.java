package dev.holdfast.collection;

import dev.holdfast.collection.DocumentSql.ByteRange;
import dev.holdfast.filter.FieldConstraint;
import dev.holdfast.filter.FieldPath;
import dev.holdfast.filter.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the constraints of a query say about the entries of one index: fields given by equality as far as they go, then
 * at most one field in a range.
 *
 * @param ranges where the matching entries are: ascending, apart from each other
 * @param given the bytes that all of them begin with
 * @param fixed how many fields have one value in all of them
 * @param listed how many fields have one of several values, behind those
 * @param bounds what is known of the field behind those: 0 nothing, 1 one end, 2 both ends
 */
record IndexRanges(List<ByteRange> ranges, byte[] given, int fixed, int listed, int bounds) {
    /** More than so many ranges are not asked for; fewer fields are used then. */
    static final int RANGES_MAX = 1_000;

    private static final byte[] NOTHING = {};
    /** Below every entry. Drivers take empty bytes for NULL. */
    private static final byte[] LOWEST = {0};

    private static final int AFTER = IndexValue.AFTER;

    static IndexRanges of(StoredIndex index, Map<FieldPath, FieldConstraint> constraints) {
        List<byte[]> prefixes = List.of(NOTHING);
        byte[] given = NOTHING;
        int fixed = 0;
        int listed = 0;
        for (FieldPath path : index.definition().paths()) {
            @Nullable FieldConstraint constraint = constraints.get(path);
            if (constraint instanceof FieldConstraint.OneOf(FieldPath p, List<Operand> values)
                    && (long) prefixes.size() * values.size() <= RANGES_MAX) {
                List<byte[]> encoded = values.stream()
                        .map(IndexValue::of)
                        .sorted(Arrays::compareUnsigned)
                        .toList();
                prefixes = prefixes.stream()
                        .flatMap(prefix -> encoded.stream().map(value -> IndexBytes.concat(prefix, value)))
                        .toList();
                if (listed == 0 && values.size() == 1) {
                    given = prefixes.getFirst();
                    fixed++;
                } else {
                    listed++;
                }
                continue;
            }
            if (constraint == null) {
                break;
            }
            ByteRange bounds = bounds(constraint);
            if (bounds == null) {
                break;
            }
            List<ByteRange> ranges = prefixes.stream()
                    .map(prefix -> new ByteRange(
                            IndexBytes.concat(prefix, bounds.first()), IndexBytes.concat(prefix, bounds.past())))
                    .toList();
            return new IndexRanges(apart(ranges), given, fixed, listed, ends(constraint));
        }
        List<ByteRange> ranges = prefixes.stream()
                .map(prefix -> new ByteRange(prefix.length == 0 ? LOWEST : prefix, IndexBytes.append(prefix, AFTER)))
                .toList();
        return new IndexRanges(apart(ranges), given, fixed, listed, 0);
    }

    /** Whether the constraints say anything about the index. */
    boolean isBounded() {
        return fixed + listed + bounds > 0;
    }

    private static @Nullable ByteRange bounds(FieldConstraint constraint) {
        return switch (constraint) {
            case FieldConstraint.OneOf tooMany -> null;
            case FieldConstraint.Prefix(FieldPath path, String text) -> {
                byte[] start = IndexValue.prefix(text);
                yield new ByteRange(start, IndexBytes.append(start, AFTER));
            }
            case FieldConstraint.Range range -> {
                Operand any = range.low().or(range::high).orElseThrow();
                yield new ByteRange(
                        range.low().map(IndexValue::of).orElseGet(() -> IndexValue.typeStart(any)),
                        range.high()
                                .map(high -> IndexBytes.append(IndexValue.of(high), AFTER))
                                .orElseGet(() -> IndexValue.typeEnd(any)));
            }
        };
    }

    private static int ends(FieldConstraint constraint) {
        return switch (constraint) {
            case FieldConstraint.Range range ->
                range.low().isPresent() && range.high().isPresent() ? 2 : 1;
            case FieldConstraint.OneOf one -> 2;
            case FieldConstraint.Prefix prefix -> 2;
        };
    }

    /**
     * Without those that are empty or lie in another: two values may look alike in an index, and a list may repeat one.
     */
    private static List<ByteRange> apart(List<ByteRange> ranges) {
        List<ByteRange> sorted = new ArrayList<>(ranges);
        sorted.removeIf(range -> Arrays.compareUnsigned(range.first(), range.past()) >= 0);
        sorted.sort(Comparator.comparing(ByteRange::first, Arrays::compareUnsigned));
        List<ByteRange> apart = new ArrayList<>();
        for (ByteRange range : sorted) {
            boolean inside = !apart.isEmpty()
                    && Arrays.compareUnsigned(range.first(), apart.getLast().past()) < 0;
            if (!inside) {
                apart.add(range);
            }
        }
        return apart;
    }
}
