package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.key.Key;
import dev.holdfast.server.http.HttpServerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Polling with parameters in a body, where a URL is too short for them. */
class KeyvalPollTest {
    private static final int MANY = 1_500;

    private final ServedStore served = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());

    @BeforeEach
    void fill() {
        served.store().transaction(tx -> {
            for (int i = 0; i < MANY; i++) {
                tx.kv().set(Key.of(i % 2 == 0 ? "even" : "odd", i), i);
            }
            return MANY;
        });
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void aStateOfManyKeysIsTooLongForAUrlAndGoesByBody() throws Exception {
        JsonNode first = prefixes("");
        String state = first.path("versionstamps").stringValue();
        assertThat(first.path("entries")).hasSize(MANY);
        assertThat(served.keyval(ServedStore.ADMIN, "GET", "/watch/prefix/poll?prefix=even&versionstamps=" + state, "")
                        .status())
                .isIn(414, 431);

        assertThat(prefixes(state).path("entries")).isEmpty();
        served.store().kv().set(Key.of("even", 4), "changed");
        served.store().kv().delete(Key.of("odd", 5));
        JsonNode second = prefixes(state);

        assertThat(second.path("entries")).hasSize(2);
        assertThat(prefixes(second.path("versionstamps").stringValue()).path("entries"))
                .isEmpty();
    }

    @Test
    void everythingMayBeGoneAtOnce() throws Exception {
        String state = prefixes("").path("versionstamps").stringValue();
        served.store().kv().delete(Key.of("even"));
        served.store().kv().delete(Key.of("odd"));

        JsonNode answer = prefixes(state);

        assertThat(answer.path("entries")).hasSize(MANY);
        assertThat(answer.path("versionstamps").stringValue()).isEmpty();
    }

    @Test
    void keysAreAskedForByBodyToo() throws Exception {
        String keys = "\"keys\":[[\"even\",0],[\"none\"]]";
        JsonNode first = keys("{" + keys + "}");
        assertThat(first.path("entries")).hasSize(1);
        assertThat(first.path("versionstamps")).hasSize(2);

        String state = ",\"versionstamps\":" + first.path("versionstamps");
        assertThat(keys("{" + keys + state + "}").path("entries")).isEmpty();
        served.store().kv().set(Key.of("none"), 1);
        assertThat(keys("{" + keys + state + "}").path("entries")).hasSize(1);
        assertThat(keys("{" + keys + ",\"versionstamps\":[null,null]}").path("entries"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"prefixes\":[]}",
                "{\"prefixes\":\"even\"}",
                "{\"prefixes\":[[\"even\"]],\"versionstamps\":7}",
                "{\"prefixes\":[[\"even\"]],\"versionstamps\":\"nothing\"}",
                "{\"prefixes\":[[\"even\"]],\"limit\":0}"
            })
    void whatMakesNoSenseIsRefused(String body) throws Exception {
        assertThat(served.keyval(ServedStore.ADMIN, "POST", "/watch/prefix/poll", body)
                        .status())
                .isEqualTo(400);
    }

    private JsonNode prefixes(String state) throws Exception {
        var answer = served.keyval(
                ServedStore.ADMIN,
                "POST",
                "/watch/prefix/poll",
                "{\"prefixes\":[[\"even\"],[\"odd\"]],\"limit\":1000,\"versionstamps\":\"" + state + "\"}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode keys(String body) throws Exception {
        var answer = served.keyval(ServedStore.ADMIN, "POST", "/watch/poll", body);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }
}
