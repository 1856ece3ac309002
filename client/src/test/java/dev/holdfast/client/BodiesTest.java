package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
    @Test
    void bytesComeOneBehindTheOther() {
        assertThat(joined(false, "a", " [1]", "b")).isEqualTo("a [1]b");
    }

    @Test
    void messagesBecomeOneArray() {
        assertThat(joined(true, "{\"a\":1}", " 2 ", "\"x\"", "null")).isEqualTo("[{\"a\":1},2,\"x\",null]");
    }

    @Test
    void anArrayCountsAsItsElements() {
        assertThat(joined(true, "[1,2]", " [ [3] ] ", "4")).isEqualTo("[1,2, [3] ,4]");
    }

    @Test
    void emptyArraysLeaveNoTrace() {
        assertThat(joined(true, "[]", "1", "[ ]", "2")).isEqualTo("[1,2]");
        assertThat(joined(true, "[]", "[]")).isEqualTo("[]");
    }

    @Test
    void oneContentStaysWhatItIs() {
        assertThat(joined(true, " [1] ")).isEqualTo(" [1] ");
        assertThat(joined(true, "{}")).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", " [ \n\t] "})
    void knowsArraysWithoutMessages(String text) {
        assertThat(Bodies.isEmptyArray(text.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "]", "0", "[[]]", "[1]", "{}", "[null]"})
    void knowsWhatIsNotEmpty(String text) {
        assertThat(Bodies.isEmptyArray(text.getBytes(UTF_8))).isFalse();
    }

    private static String joined(boolean json, String... texts) {
        List<byte[]> contents =
                Arrays.stream(texts).map(text -> text.getBytes(UTF_8)).toList();
        return new String(Bodies.join(json, contents), UTF_8);
    }
}
