package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
    private static final List<Key> KEYS = Stream.of(
                    Key.of("a"),
                    Key.of("a", 1),
                    Key.of("a", 2),
                    Key.of("a", 2, "x"),
                    Key.of("a", 2, "y"),
                    Key.of("a", 3),
                    Key.of("b"))
            .toList();

    @Test
    void startsInclusiveAndEndsExclusive() {
        KeyRange range = KeyPrefix.of("a").below().from(Key.of("a", 2)).until(Key.of("a", 3));

        assertThat(KEYS.stream().filter(range::contains))
                .containsExactly(Key.of("a", 2), Key.of("a", 2, "x"), Key.of("a", 2, "y"));
    }

    @Test
    void continuesBehindAKeyWithTheKeysBelowIt() {
        KeyRange range = KeyPrefix.of("a").below().after(Key.of("a", 2));

        assertThat(KEYS.stream().filter(range::contains))
                .containsExactly(Key.of("a", 2, "x"), Key.of("a", 2, "y"), Key.of("a", 3));
    }

    @Test
    void neverGrowsWhenLimitsLieOutside() {
        KeyRange below = KeyPrefix.of("a").below();

        assertThat(below.from(Key.of("A")).until(Key.of("z"))).isEqualTo(below);
        assertThat(below.after(Key.of("A"))).isEqualTo(below).hasSameHashCodeAs(below);
        assertThat(below.from(Key.of("z")).isEmpty()).isTrue();
        assertThat(below.until(Key.of("A")).isEmpty()).isTrue();
        assertThat(KEYS).noneMatch(below.until(Key.of("A"))::contains);
    }

    @Test
    void isEmptyWhenItEndsWhereItStarts() {
        Key key = Key.of("a", 2);

        assertThat(KeyRange.all().from(key).until(key).isEmpty()).isTrue();
        assertThat(KeyRange.all().isEmpty()).isFalse();
    }

    @Test
    void holdsOneKeyAlone() {
        KeyRange range = Key.of("a", 2).range();

        assertThat(KEYS.stream().filter(range::contains)).containsExactly(Key.of("a", 2));
        assertThat(range).hasToString("KeyRange[02610005c000000000000000, 02610005c00000000000000000)");
        assertThat(range).isNotEqualTo(Key.of("a").range());
    }
}
