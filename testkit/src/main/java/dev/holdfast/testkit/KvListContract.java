package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvPage;
import dev.holdfast.kv.KvSelection;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keys and values promise of lists and pages. */
public abstract class KvListContract extends KvSuite {
    /** Lies above what one statement reads. */
    private static final int MANY = 700;

    /** The suite over the stores of one engine. */
    protected KvListContract() {}

    @Test
    void entriesComeInTheOrderOfTypesAndValues() {
        List<Key> ordered = List.of(
                Key.of("k"),
                Key.of("k", new byte[0]),
                Key.of("k", new byte[] {0}),
                Key.of("k", new byte[] {-1}),
                Key.of("k", ""),
                Key.of("k", "\u0000"),
                Key.of("k", "1"),
                Key.of("k", "10"),
                Key.of("k", "2"),
                Key.of("k", "2", "below"),
                Key.of("k", "\uffff"),
                Key.of("k", "\ud83d\ude00"),
                Key.of("k", Double.NEGATIVE_INFINITY),
                Key.of("k", -10),
                Key.of("k", -0.5),
                Key.of("k", 0),
                Key.of("k", 1),
                Key.of("k", 1, "below"),
                Key.of("k", 1.5),
                Key.of("k", 2),
                Key.of("k", 10),
                Key.of("k", BigInteger.TWO.pow(70).negate()),
                Key.of("k", BigInteger.valueOf(-6)),
                Key.of("k", BigInteger.valueOf(-5)),
                Key.of("k", BigInteger.ZERO),
                Key.of("k", BigInteger.valueOf(300)),
                Key.of("k", BigInteger.TWO.pow(70)),
                Key.of("k", false),
                Key.of("k", true));
        ordered.reversed().forEach(key -> kv.set(key, 1));

        assertThat(keys(KvSelection.all())).isEqualTo(ordered);
        assertThat(keys(KvSelection.all().reversed())).isEqualTo(ordered.reversed());
        assertThat(kv.keys(KvSelection.below("k"))).isEqualTo(ordered.subList(1, ordered.size()));
    }

    @Test
    void largeValuesComeWholeAndInOrderThoughAStatementReadsFewOfThem() {
        // 12 MiB: several times what one statement reads, with small values between.
        List<Key> ordered = IntStream.range(0, 24).mapToObj(i -> Key.of("n", i)).toList();
        IntStream.range(0, 24).forEach(i -> kv.set(ordered.get(i), "x".repeat(i % 2 == 0 ? 1 << 20 : 1_000)));
        KvSelection below = KvSelection.below("n");
        List<Key> asked = new ArrayList<>(ordered.reversed());
        asked.add(Key.of("n", "none"));
        asked.addAll(ordered);

        assertThat(keys(below)).isEqualTo(ordered);
        assertThat(keys(below.reversed())).isEqualTo(ordered.reversed());
        assertThat(keys(below.limit(20))).isEqualTo(ordered.subList(0, 20));
        assertThat(kv.paginate(below, Optional.empty(), 23).entries()).hasSize(23);
        assertThat(kv.getAll(asked).stream().map(found -> found.map(KvEntry::key)))
                .isEqualTo(asked.stream()
                        .map(key -> Optional.of(key).filter(ordered::contains))
                        .toList());
        assertThat(kv.deleteExact(
                        ordered.subList(0, 20), Optional.of(Filter.where("none").isNull())))
                .isEqualTo(20);
        assertThat(kv.delete(
                        List.of(KeyPrefix.of("n")),
                        Optional.of(Filter.where("none").isNull())))
                .isEqualTo(4);
    }

    @Test
    void aPrefixHoldsWholePartsAndNotItself() {
        write(Key.of("user"), Key.of("user", 1), Key.of("user", "x", 2), Key.of("users", 1), Key.of("user\u0000", 1));

        assertThat(keys(KvSelection.below("user"))).containsExactly(Key.of("user", "x", 2), Key.of("user", 1));
        assertThat(keys(KvSelection.below("use"))).isEmpty();
    }

    @Test
    void boundsNarrowAPrefixStartInclusiveEndExclusive() {
        numbers(10);
        write(Key.of("o", 1));
        KvSelection below = KvSelection.below("n");

        assertThat(keys(below.from(n(3)).until(n(6)))).containsExactly(n(3), n(4), n(5));
        assertThat(keys(below.from(n(3)).until(n(6)).reversed())).containsExactly(n(5), n(4), n(3));
        assertThat(keys(below.from(Key.of("a")).until(Key.of("z")))).hasSize(10);
        assertThat(keys(below.from(n(6)).until(n(3)))).isEmpty();
        assertThat(keys(below.from(Key.of("n", 3, "after")).limit(1))).containsExactly(n(4));
    }

    @Test
    void aLimitCountsAfterTheFilterFromEitherEnd() {
        numbers(MANY);
        Filter thirds = Filter.where("third").eq(true);

        assertThat(keys(KvSelection.below("n").limit(3))).containsExactly(n(0), n(1), n(2));
        assertThat(keys(KvSelection.below("n").limit(2).reversed())).containsExactly(n(MANY - 1), n(MANY - 2));
        assertThat(keys(KvSelection.below("n").where(thirds).limit(2))).containsExactly(n(0), n(3));
        assertThat(keys(KvSelection.below("n").where(thirds))).hasSize(234);
        assertThat(kv.keys(KvSelection.below("n").where(thirds).reversed().limit(1)))
                .containsExactly(n(699));
        assertThat(kv.keys(KvSelection.below("n").limit(300))).hasSize(300);
        assertThatThrownBy(() -> KvSelection.all().limit(-1))
                .hasMessageContaining("limit must be a positive number, received -1");
    }

    @Test
    void aListWithoutLimitGivesEverything() {
        numbers(MANY);

        assertThat(keys(KvSelection.below("n"))).hasSize(MANY).isSorted();
        assertThat(kv.keys(KvSelection.below("n").reversed())).hasSize(MANY);
    }

    @Test
    void aListIsReadAsItIsAskedFor() {
        numbers(MANY);

        try (Stream<KvEntry> entries = kv.list(KvSelection.below("n"))) {
            Iterator<KvEntry> next = entries.iterator();
            assertThat(next.next().key()).isEqualTo(n(0));
            kv.delete(n(MANY - 1));
            kv.set(n(MANY), "new");

            List<Key> rest = new ArrayList<>();
            next.forEachRemaining(entry -> rest.add(entry.key()));

            assertThat(rest).hasSize(MANY - 1).contains(n(MANY)).doesNotContain(n(MANY - 1));
        }
    }

    @Test
    void aListGoesOnAmongItsOwnDeletions() {
        numbers(MANY);

        try (Stream<KvEntry> entries = kv.list(KvSelection.below("n"))) {
            entries.forEach(entry -> kv.deleteExact(entry.key()));
        }

        assertThat(kv.count(KeyPrefix.of("n"))).isZero();
    }

    @Test
    void insideATransactionAListGivesWhatWasThereWithItsOwnWrites() {
        numbers(MANY);

        long seen = store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            inside.delete(n(0));
            try (Stream<KvEntry> entries = inside.list(KvSelection.below("n"))) {
                return entries.filter(entry -> inside.get(entry.key()).isPresent())
                        .count();
            }
        });

        assertThat(seen).isEqualTo(MANY - 1);
    }

    @Test
    void pagesGoThroughEverythingAndSayWhyTheyEnd() {
        numbers(7);

        KvPage first = kv.paginate(KvSelection.below("n"), Optional.empty(), 3);
        KvPage second = kv.paginate(KvSelection.below("n"), first.cursor(), 3);
        KvPage last = kv.paginate(KvSelection.below("n"), second.cursor(), 3);

        assertThat(pageKeys(first)).containsExactly(n(0), n(1), n(2));
        assertThat(first.end()).isEqualTo(KvPage.End.COUNT);
        assertThat(first.cursor().orElseThrow()).matches("[A-Za-z0-9+/=]+");
        assertThat(pageKeys(second)).containsExactly(n(3), n(4), n(5));
        assertThat(pageKeys(last)).containsExactly(n(6));
        assertThat(last.cursor()).isEmpty();
        assertThat(last.end()).isEqualTo(KvPage.End.EXHAUSTED);
    }

    @Test
    void anExactlyFullLastPageIsTheLast() {
        numbers(6);

        KvPage first = kv.paginate(KvSelection.below("n").reversed(), Optional.empty(), 3);
        KvPage last = kv.paginate(KvSelection.below("n").reversed(), first.cursor(), 3);

        assertThat(pageKeys(last)).containsExactly(n(2), n(1), n(0));
        assertThat(last.end()).isEqualTo(KvPage.End.EXHAUSTED);
        assertThat(last.cursor()).isEmpty();
    }

    @Test
    void aCursorStaysRightWhileEntriesComeAndGo() {
        numbers(6);
        KvPage first = kv.paginate(KvSelection.below("n"), Optional.empty(), 3);

        kv.delete(n(2));
        kv.delete(n(3));
        kv.set(Key.of("n", 0.5), "before");
        kv.set(Key.of("n", 2.5), "behind");

        assertThat(pageKeys(kv.paginate(KvSelection.below("n"), first.cursor(), 10)))
                .containsExactly(Key.of("n", 2.5), n(4), n(5));
    }

    @Test
    void aPageEndsByItsBytesBeforeMemoryDoes() {
        String large = "x".repeat(9 << 20);
        for (int i = 0; i < 3; i++) {
            kv.set(n(i), large);
        }

        KvPage page = kv.paginate(KvSelection.below("n"), Optional.empty(), 3);

        assertThat(page.end()).isEqualTo(KvPage.End.BYTES);
        assertThat(pageKeys(page)).containsExactly(n(0), n(1));
        assertThat(pageKeys(kv.paginate(KvSelection.below("n"), page.cursor(), 3)))
                .containsExactly(n(2));
    }

    @Test
    void pagesHoldWhatMatches() {
        numbers(MANY);
        KvSelection thirds = KvSelection.below("n").where(Filter.where("third").eq(true));

        List<Key> all = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            KvPage page = kv.paginate(thirds, cursor, 100);
            all.addAll(pageKeys(page));
            cursor = page.cursor();
        } while (cursor.isPresent());

        assertThat(all).hasSize(234).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aForeignCursorAndAnImpossibleSizeAreRefused() {
        for (String cursor : List.of("", "x", "!!!", "AAAA", "////")) {
            assertThatThrownBy(() -> kv.paginate(KvSelection.all(), Optional.of(cursor), 10))
                    .as(cursor)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("kv.cursor");
        }
        for (int size : List.of(0, -1, 1_001)) {
            assertThatThrownBy(() -> kv.paginate(KvSelection.all(), Optional.empty(), size))
                    .hasMessageContaining("limit must be a positive number, received " + size);
        }
    }

    @Test
    void expiredEntriesTakeNoPlaceInALimitOrPage() {
        numbers(4);
        kv.expire(n(0), Optional.of(Duration.ofSeconds(1)));
        kv.expire(n(2), Optional.of(Duration.ofSeconds(1)));
        time.advance(Duration.ofSeconds(1));

        assertThat(keys(KvSelection.below("n").limit(2))).containsExactly(n(1), n(3));
        assertThat(pageKeys(kv.paginate(KvSelection.below("n"), Optional.empty(), 2)))
                .containsExactly(n(1), n(3));
    }

    private static Key n(int number) {
        return Key.of("n", number);
    }

    private void numbers(int count) {
        store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            IntStream.range(0, count).forEach(i -> inside.set(n(i), new Numbered(i, i % 3 == 0)));
            return count;
        });
    }

    private static List<Key> pageKeys(KvPage page) {
        return page.entries().stream().map(KvEntry::key).toList();
    }

    private record Numbered(int number, boolean third) {}
}
