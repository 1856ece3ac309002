package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.kv.KvValue;
import dev.holdfast.v8.V8Json;
import org.junit.jupiter.api.Test;

class EntryValueTest {
    @Test
    void showsTheJsonFormOfWhatHasOneAndElseTheBytes() {
        byte[] v8 = V8Json.encode(Json.parse("{\"a\":[1]}"));

        assertThat(shown(KvValue.jsonText("[1, 2]"))).isEqualTo("[1,2]");
        assertThat(shown(KvValue.u64(7))).isEqualTo("7");
        assertThat(shown(KvValue.v8(v8))).isEqualTo("{\"a\":[1]}");
        assertThat(shown(KvValue.v8(new byte[] {1, 2}))).isEqualTo("{\"__type\":\"v8\",\"value\":\"AQI\"}");
        assertThat(shown(KvValue.bytes(new byte[] {1, 2}))).isEqualTo("{\"__type\":\"bytes\",\"value\":\"AQI\"}");
    }

    private static String shown(KvValue value) {
        return Json.text(EntryValue.json(value));
    }
}
