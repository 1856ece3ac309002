package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in URLs and on command lines: KeyVal section 1.4 with D1. */
class KeyPathTest {
    @Test
    void splitsAtSlashesAndDropsEmptySegments() {
        assertThat(KeyPath.key("users/123/name")).isEqualTo(Key.of("users", 123, "name"));
        assertThat(KeyPath.key("/users//123/")).isEqualTo(Key.of("users", 123));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, -5, 10, 9007199254740991L, -9007199254740991L})
    void readsCanonicalIntegersAsNumbers(long number) {
        Key key = KeyPath.key("k/" + number);

        assertThat(key).isEqualTo(Key.of("k", number));
        assertThat(KeyPath.print(key)).contains("k/" + number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "007",
                "0001",
                "-0",
                "00",
                "-",
                "--1",
                "1-",
                "+1",
                "1.5",
                "1e3",
                "true",
                "null",
                "9007199254740992",
                "-9007199254740992",
                "9007199254740993",
                "99999999999999999999",
                "٣"
            })
    void leavesEverythingElseText(String text) {
        Key key = KeyPath.key(text);

        assertThat(key).isEqualTo(Key.of(text));
        assertThat(KeyPath.print(key)).contains(text);
    }

    @ParameterizedTest
    @CsvSource({
        "ann%40example.org, ann@example.org",
        "50%25, 50%",
        "a%3Fb%23c, a?b#c",
        "x%26y%3Dz, x&y=z",
        "a%3ab%3Bc%2cd, 'a:b;c,d'",
        "a+b, a+b",
        "a%2Bb, a+b",
        "%245, $5",
        "a%2Fb, a/b",
        "a%20b, a b",
        "%C3%A4-%c3%b6, ä-ö",
        "%E6%BC%A2%E5%AD%97%20%F0%9F%9A%80, 漢字 🚀",
        "ä漢🚀, ä漢🚀",
        "%2525, %25",
        "%2F, /"
    })
    void decodesEverySegmentCompletely(String path, String text) {
        assertThat(KeyPath.key(path)).isEqualTo(Key.of(text));
    }

    @Test
    void decidesAboutNumbersAfterDecoding() {
        assertThat(KeyPath.key("%37/%2D5")).isEqualTo(Key.of(7, -5));
        assertThat(KeyPath.key("a%00b")).isEqualTo(Key.of("a\0b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%zz",
                "%4g",
                "%g4",
                "a%",
                "%C3",
                "%C3%28",
                "%C3x",
                "%ED%A0%80",
                "%FF",
                "%C0%80",
                "%20%"
            })
    void refusesBrokenEscapes(String segment) {
        refused(
                () -> KeyPath.key("a/" + segment + "/b"),
                "key.path_malformed",
                "Key path has a broken percent escape in part 1:"
                        + " expected %XX escapes of UTF-8, and a percent sign itself as %25");
    }

    @Test
    void refusesPathsBeyondTheLimits() {
        assertThat(KeyPath.key("d/".repeat(20)).size()).isEqualTo(20);
        assertThat(KeyPath.key("x".repeat(1024))).isEqualTo(Key.of("x".repeat(1024)));
        assertThat(KeyPath.key("%41".repeat(1024))).isEqualTo(Key.of("A".repeat(1024)));
        refused(() -> KeyPath.key(""), "key.empty", "Key path cannot be empty");
        refused(() -> KeyPath.key("//"), "key.empty", "Key path cannot be empty");
        refused(() -> KeyPath.key("d/".repeat(21)), "key.too_deep", "Key path too deep (max 20 parts)");
        refused(() -> KeyPath.key("x".repeat(1025)), "key.part_too_long", "Key part too long (max 1024 chars)");
        refused(() -> KeyPath.key("%41".repeat(1025)), "key.part_too_long", "Key part too long (max 1024 chars)");
        refused(() -> KeyPath.key("漢".repeat(1000)), "key.too_large", "Key too large: 3002 bytes (max 2048)");
    }

    @Test
    void readsPrefixesThatMayBeEmpty() {
        assertThat(KeyPath.prefix("")).isEqualTo(KeyPrefix.all());
        assertThat(KeyPath.prefix("/")).isEqualTo(KeyPrefix.all());
        assertThat(KeyPath.prefix("users/123")).isEqualTo(KeyPrefix.of("users", 123));
    }

    @Test
    void splitsListsAtCommasBeforeDecoding() {
        List<Key> keys = KeyPath.keys("a/1,b%2Cc,a/1");

        assertThat(keys).containsExactly(Key.of("a", 1), Key.of("b,c"), Key.of("a", 1));
        refused(() -> KeyPath.keys(""), "key.empty", "Key path cannot be empty");
        refused(() -> KeyPath.keys("a,"), "key.empty", "Key path cannot be empty");
        refused(() -> KeyPath.keys(",a"), "key.empty", "Key path cannot be empty");
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.org, ann@example.org",
        "a/b, a%2Fb",
        "50%, 50%25",
        "a b, a%20b",
        "'a,b', a%2Cb",
        "'$(x)', %24%28x%29",
        "\"it's\", %22it%27s%22",
        "ä漢🚀, ä漢🚀",
        "a\u200eb, a%E2%80%8Eb",
        "a\u00a0b, a%C2%A0b"
    })
    void printsTextWithoutWhatPathsListsOrShellsWouldTakeApart(String text, String path) {
        Key key = Key.of("k", text);

        assertThat(KeyPath.print(key)).contains("k/" + path);
        assertThat(KeyPath.key("k/" + path)).isEqualTo(key);
    }

    @Test
    void printsNoPathForWhatAPathCannotName() {
        List<Object> others = List.of(
                "", "5", "-5", "0", 1.5, -0.0, Double.NaN, 1e300, 9007199254740992L, true, BigInteger.ONE, new byte[] {1
                });

        assertThat(others)
                .allSatisfy(part -> assertThat(KeyPath.print(Key.of("k", part))).isEmpty());
    }

    private static void refused(ThrowingCallable call, String code, String detail) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.detail()).isEqualTo(detail));
    }
}
