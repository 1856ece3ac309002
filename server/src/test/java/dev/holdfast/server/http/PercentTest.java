package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PercentTest {
    @Test
    void decodesEscapesAsUtf8() {
        assertThat(Percent.decodePath("a%20b%2Fc%25")).isEqualTo("a b/c%");
        assertThat(Percent.decodePath("%C3%A4%e2%82%ac%F0%9F%98%80")).isEqualTo("ä€😀");
        assertThat(Percent.decodePath("ä%20")).isEqualTo("ä ");
        assertThat(Percent.decodePath("%00")).isEqualTo("\0");
        assertThat(Percent.decodePath("")).isEmpty();
    }

    @Test
    void plusIsABlankInQueriesOnly() {
        assertThat(Percent.decodePath("a+b%2B")).isEqualTo("a+b+");
        assertThat(Percent.decodeQuery("a+b%2B")).isEqualTo("a b+");
        assertThat(Percent.decodeQuery("a+b")).isEqualTo("a b");
    }

    @Test
    void refusesWhatIsNoEscape() {
        for (String broken : List.of("%", "a%", "%4", "%zz", "%4g", "% 1", "%-1", "%\u0664\u0661")) {
            assertThatThrownBy(() -> Percent.decodePath(broken))
                    .as(broken)
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isEqualTo("http.percent_encoding"));
        }
    }

    @Test
    void refusesWhatIsNotUtf8() {
        for (String broken : List.of("%FF", "%C3", "%C3%28", "%ED%A0%80", "%C0%80", "%F5%80%80%80")) {
            assertThatThrownBy(() -> Percent.decodeQuery(broken)).as(broken).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void undoesWhatEncodersDo() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(20), 0, 0x11_0000)
                    .filter(c -> c < 0xd800 || c > 0xdfff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);

            assertThat(Percent.decodeQuery(encoded)).as("seed %d", seed).isEqualTo(text);
            assertThat(Percent.decodePath(encoded.replace("+", "%20")))
                    .as("seed %d", seed)
                    .isEqualTo(text);
        }
    }
}
