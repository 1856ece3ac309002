package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.key.KeyJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path on the command line means, as the guide tells it. */
class KeyArgumentTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    users/42|["users",42]
                    a/0/-7|["a",0,-7]
                    9007199254740991|[9007199254740991]
                    9007199254740992|["9007199254740992"]
                    9007199254740993|["9007199254740993"]
                    007/-0/1.5/true/+1|["007","-0","1.5","true","+1"]
                    a%2Fb/c|["a/b","c"]
                    %34%32|[42]
                    ["users","42"]|["users","42"]
                    ["a",""]|["a",""]
                    """)
    void aPathIsAKey(String word, String key) {
        assertThat(KeyJson.text(KeyArgument.key(word))).isEqualTo(key);
        assertThat(KeyJson.text(KeyArgument.prefix(word))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//", "/a", "a/", "a//b", "/a/b"})
    void anEmptyPartIsRefused(String word) {
        assertThatThrownBy(() -> KeyArgument.key(word)).hasMessageStartingWith("cli.key_part_empty: ");
        assertThatThrownBy(() -> KeyArgument.prefix(word)).hasMessageStartingWith("cli.key_part_empty: ");
    }

    @Test
    void noPathIsEveryKey() {
        assertThat(KeyJson.text(KeyArgument.prefix(""))).isEqualTo("[]");
    }

    @Test
    void theHelpSaysWhatAPathMeans() {
        assertThat(Shell.run("kv", "get", "--help").out())
                .contains("007", "%2F")
                .doesNotContain("%%");
    }
}
