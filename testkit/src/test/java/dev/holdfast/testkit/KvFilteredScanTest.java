package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On SQLite a filtered list passes over a bounded number of entries with one statement, and misses none. */
class KvFilteredScanTest {
    private static final int ENTRIES = 45_000;

    private final Holdfast holdfast = Holdfast.open(Holdfast.MEMORY);
    private final Kv kv = holdfast.kv();

    @BeforeEach
    void fill() {
        holdfast.transaction(tx -> {
            for (int i = 0; i < ENTRIES; i++) {
                tx.kv().set(Key.of("k", i), Map.of("third", i % 3, "many", i % 15_000, "n", i));
            }
            return ENTRIES;
        });
    }

    @AfterEach
    void close() {
        holdfast.close();
    }

    @Test
    void theLastEntryOfManyIsFoundFromEitherEnd() {
        assertThat(keys(KvSelection.below("k").where(Filter.where("n").eq(ENTRIES - 1))))
                .containsExactly(Key.of("k", ENTRIES - 1));
        assertThat(keys(KvSelection.below("k")
                        .reversed()
                        .where(Filter.where("n").eq(0))))
                .containsExactly(Key.of("k", 0));
        assertThat(keys(KvSelection.below("k").where(Filter.where("n").eq(-1)))).isEmpty();
    }

    @Test
    void fewMatchesFarApartComeInOrder() {
        KvSelection few = KvSelection.below("k").where(Filter.where("many").eq(14_999));

        assertThat(keys(few)).containsExactly(Key.of("k", 14_999), Key.of("k", 29_999), Key.of("k", 44_999));
        assertThat(keys(few.reversed())).containsExactly(Key.of("k", 44_999), Key.of("k", 29_999), Key.of("k", 14_999));
        assertThat(keys(few.limit(2))).containsExactly(Key.of("k", 14_999), Key.of("k", 29_999));
    }

    @Test
    void manyMatchesAreAllThere() {
        KvSelection third = KvSelection.below("k").where(Filter.where("third").eq(0));

        assertThat(kv.count(third)).isEqualTo(ENTRIES / 3);
        assertThat(keys(third.reversed())).hasSize(ENTRIES / 3).doesNotHaveDuplicates();
    }

    private List<Key> keys(KvSelection selection) {
        try (Stream<Key> keys = kv.keys(selection)) {
            return keys.toList();
        }
    }
}
