package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.v8.V8Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the KeyVal interface send, at and beyond the limits. */
class KeyvalInputTest {
    private final ServedStore served = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"sum,1e600000000", "max,-1e600000000", "min,1e10000"})
    void aNumberThatIsShortOnlyAsATextIsRefused(String type, String number) throws Exception {
        var answer = atomic(type, number);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(type + " value has too many digits").contains("digitsMax=10000");
        assertThat(get("n").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"1e-600000000,0", "0e600000000,0", "0e-600000000,0", "2.9,2", "1e3,1000"})
    void theFractionOfAnOperandIsCutOff(String number, String sum) throws Exception {
        assertThat(atomic("sum", number).status()).isEqualTo(200);
        assertThat(get("n").json().path("value").toString()).isEqualTo(sum);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"18446744073709551617", "1e600000000", "3155760000001", "0.5", "0", "-1", "-18446744073709551615"
            })
    void aTimeToLiveIsComparedBeforeItIsNarrowed(String millis) throws Exception {
        var answer = keyval("POST", "/keys/set", "{\"key\":[\"n\"],\"value\":1,\"expiresIn\":" + millis + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("expiresIn must be a positive number (milliseconds), received ");
        assertThat(get("n").status()).isEqualTo(404);
    }

    @Test
    void theLongestTimeToLiveIsTaken() throws Exception {
        assertThat(keyval("POST", "/keys/set", "{\"key\":[\"n\"],\"value\":1,\"expiresIn\":3155760000000}")
                        .status())
                .isEqualTo(200);
        assertThat(get("n").status()).isEqualTo(200);
    }

    @Test
    void aPlaceholderWithMoreThanAnOffsetIsRefused() throws Exception {
        var answer = keyval("PUT", "/keys/n", "{\"$now\":true,\"name\":\"x\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("$now takes one $offset and nothing else");
        assertThat(get("n").status()).isEqualTo(404);
    }

    @Test
    void aValueThatNestsTooDeepIsToldSo() throws Exception {
        var answer = keyval("PUT", "/keys/n", "[".repeat(257) + "]".repeat(257));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("deeper than the limit (jsonDepth=257, jsonDepthMax=256)");
        assertThat(keyval("PUT", "/keys/n", "[".repeat(256) + "]".repeat(256)).status())
                .isEqualTo(200);
    }

    @Test
    void aV8ValueIsShownAsJsonAndAsItsBytesWhenItHasNone() throws Exception {
        byte[] v8 = V8Json.encode(Json.parse("{\"a\":1}"));
        served.store().kv().set(Key.of("n"), KvValue.v8(v8), Optional.empty());
        served.store().kv().set(Key.of("m"), KvValue.v8(new byte[] {1, 2}), Optional.empty());

        assertThat(get("n").json().path("value").toString()).isEqualTo("{\"a\":1}");
        assertThat(get("m").json().path("value").toString()).isEqualTo("{\"__type\":\"v8\",\"value\":\"AQI\"}");
        assertThat(keyval("POST", "/keys/list", "{\"prefix\":[],\"where\":{\"a\":1}}")
                        .text())
                .contains("[\"n\"]")
                .doesNotContain("[\"m\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5x", "", "0s"})
    void aTimeToLiveThatIsNoneIsToldBothForms(String text) throws Exception {
        for (var answer : List.of(
                keyval("PUT", "/keys/n?expiresIn=" + text, "1"),
                keyval("POST", "/keys/set", "{\"key\":[\"n\"],\"value\":1,\"expiresIn\":\"" + text + "\"}"))) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text())
                    .contains("expiresIn must be a positive number (milliseconds), received ")
                    .contains("or a duration such as 30s, 1h or 7d");
        }
        assertThat(get("n").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/keys/%00", "/keys/a%00b/c"})
    void aPathThatIsNoneIsToldInTheMemberThatClientsRead(String path) throws Exception {
        var answer = keyval("GET", path, "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asString(""))
                .isEqualTo("the request is malformed: its first line cannot be read, as with %00 or a broken escape in"
                        + " the path");
    }

    private ServedStore.Answer atomic(String type, String number) throws Exception {
        return keyval(
                "POST",
                "/atomic",
                "{\"mutations\":[{\"type\":\"" + type + "\",\"key\":[\"n\"],\"value\":" + number + "}]}");
    }

    private ServedStore.Answer get(String key) throws Exception {
        return keyval("GET", "/keys/" + key, "");
    }

    private ServedStore.Answer keyval(String method, String path, String body) throws Exception {
        return served.keyval(ServedStore.ADMIN, method, path, body);
    }
}
