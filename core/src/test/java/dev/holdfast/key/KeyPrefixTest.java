package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyPrefixTest {
    private static final List<Key> SIBLINGS = List.of(
            Key.of("use", 1),
            Key.of("users", 1),
            Key.of("users"),
            Key.of("user2", "x"),
            Key.of("user\0", 1),
            Key.of("user\0\0"),
            Key.of("user\u0001", 1),
            Key.of("user\uffff", 1),
            Key.of((Object) new byte[] {'u', 's', 'e', 'r'}),
            Key.of(1, "user"));

    private static final List<Key> DESCENDANTS = List.of(
            Key.of("user", new byte[0]),
            Key.of("user", ""),
            Key.of("user", "\0"),
            Key.of("user", Double.NEGATIVE_INFINITY),
            Key.of("user", Double.NaN, "deep", "deeper"),
            Key.of("user", BigInteger.ONE.shiftLeft(2000).negate()),
            Key.of("user", true),
            Key.of("user", true, true));

    @Test
    void holdsDescendantsAndNeverSiblings() {
        KeyPrefix prefix = KeyPrefix.of("user");

        assertThat(DESCENDANTS).allMatch(prefix::covers).allMatch(prefix.below()::contains);
        assertThat(DESCENDANTS).allMatch(prefix.withSelf()::contains);
        assertThat(SIBLINGS).noneMatch(prefix::covers).noneMatch(prefix.below()::contains);
        assertThat(SIBLINGS).noneMatch(prefix.withSelf()::contains);
    }

    @Test
    void holdsItselfOnlyWhenAsked() {
        Key self = Key.of("user");
        KeyPrefix prefix = KeyPrefix.of(self);

        assertThat(prefix.covers(self)).isFalse();
        assertThat(prefix.below().contains(self)).isFalse();
        assertThat(prefix.withSelf().contains(self)).isTrue();
        assertThat(prefix.key()).contains(self);
    }

    @Test
    void endsEveryKindOfPartForItself() {
        List<Object> kinds = List.of(new byte[] {1}, "a", 1, 256.5, BigInteger.ONE, BigInteger.TEN.pow(30), false);

        for (Object kind : kinds) {
            KeyPrefix prefix = KeyPrefix.of("x", kind);

            assertThat(prefix.below().contains(prefix.append("y"))).isTrue();
            assertThat(kinds.stream().filter(other -> prefix.withSelf().contains(Key.of("x", other, "y"))))
                    .containsExactly(kind);
        }
    }

    @Test
    void standsForAllKeysWhenEmpty() {
        KeyPrefix all = KeyPrefix.all();

        assertThat(DESCENDANTS)
                .allMatch(all::covers)
                .allMatch(all.below()::contains)
                .allMatch(all.withSelf()::contains);
        assertThat(SIBLINGS).allMatch(all::covers).allMatch(KeyRange.all()::contains);
        assertThat(all.key()).isEmpty();
        assertThat(all.parts()).isEmpty();
        assertThat(KeyPrefix.of())
                .isSameAs(all)
                .isEqualTo(KeyPrefix.of(List.of()))
                .hasToString("[]");
    }

    @Test
    void makesKeysOfItselfAndMore() {
        assertThat(KeyPrefix.of("user").append(1)).isEqualTo(Key.of("user", 1));
        assertThat(KeyPrefix.all().append("user")).isEqualTo(Key.of("user"));
        assertThat(KeyPrefix.of("user").append()).isEqualTo(Key.of("user"));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> KeyPrefix.all().append())
                .withMessageStartingWith("key.empty: Key cannot be empty.");
    }

    @Test
    void equalsByItsParts() {
        KeyPrefix prefix = KeyPrefix.of("user", 1);

        assertThat(prefix).isEqualTo(KeyPrefix.of(Key.of("user", 1L))).hasSameHashCodeAs(KeyPrefix.of("user", 1.0));
        assertThat(prefix).isNotEqualTo(KeyPrefix.of("user")).hasToString("[\"user\",1]");
        assertThat(prefix.size()).isEqualTo(2);
        assertThat(prefix.parts()).containsExactly(new KeyPart.Text("user"), new KeyPart.Num(1));
    }
}
