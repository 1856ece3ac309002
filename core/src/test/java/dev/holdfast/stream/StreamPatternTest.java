package dev.holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamPatternTest {
    @ParameterizedTest(name = "{0} takes {1}")
    @CsvSource({
        "a, a",
        "a/*, a/b",
        "*/b, a/b",
        "a/**, a",
        "a/**, a/b",
        "a/**, a/b/c",
        "**, a/b/c",
        "**/c, c",
        "**/c, a/b/c",
        "a/**/d, a/d",
        "a/**/d, a/b/c/d",
        "a/**/c/**/e, a/c/b/c/d/e",
        "events/2026-*, events/2026-01",
        "events/2026-*, events/2026-",
        "x*y*z, x-y-y-z",
    })
    void takes(String pattern, String name) {
        var compiled = new StreamPattern(pattern);

        assertThat(compiled.matches(name)).isTrue();
        assertThat(name).startsWith(compiled.prefix());
    }

    @ParameterizedTest(name = "{0} does not take {1}")
    @CsvSource({
        "a, A",
        "a, a/b",
        "a/*, a",
        "a/*, a/",
        "a/*, a/b/c",
        "*, a/b",
        "a/**/d, a/b/c",
        "**/c, a/b/cc",
        "events/2026-*, events/2026-01/x",
        "x*y*z, x-z",
        "a.c, abc",
    })
    void leaves(String pattern, String name) {
        assertThat(new StreamPattern(pattern).matches(name)).isFalse();
    }

    @Test
    @Timeout(5)
    void takesNoLongForPatternsThatAreMeantToTakeLong() {
        var pattern = new StreamPattern("*a".repeat(500));

        assertThat(pattern.matches("a".repeat(1_000) + "b")).isFalse();
    }
}
