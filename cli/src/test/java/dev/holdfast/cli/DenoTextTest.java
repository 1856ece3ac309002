package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --as deno} prints; that Deno prints the same is tested with Deno. */
class DenoTextTest {
    @TempDir
    private Path folder;

    @Test
    void keysAreTheArraysOfTheirParts() {
        assertThat(DenoText.key(Key.of("users", BigInteger.ONE, true, new byte[] {1, 2})))
                .isEqualTo("[ \"users\", 1n, true, Uint8Array(2) [ 1, 2 ] ]");
        assertThat(DenoText.key(Key.of(-1.5, -0.0, "a\"b", BigInteger.ONE.shiftLeft(64))))
                .isEqualTo("[ -1.5, -0, 'a\"b', 18446744073709551616n ]");
    }

    @Test
    void valuesOfEveryEncodingAreWhatDenoReads() {
        assertThat(DenoText.value(KvValue.jsonText("{\"a\":[1,{\"__type\":\"bigint\",\"value\":\"5\"}]}")))
                .isEqualTo("{ a: [ 1, 5n ] }");
        assertThat(DenoText.value(KvValue.v8(HexFormat.of().parseHex("ff102749022c01"))))
                .isEqualTo("Set(1) { 1 }");
        assertThat(DenoText.value(KvValue.u64(-1))).isEqualTo("[Deno.KvU64: 18446744073709551615n]");
        assertThat(DenoText.value(KvValue.bytes(new byte[] {-1}))).isEqualTo("Uint8Array(1) [ 255 ]");
        assertThat(DenoText.value(KvValue.v8(new byte[] {1, 2}))).isEqualTo("{\"__type\":\"v8\",\"value\":\"AQI\"}");
    }

    @Test
    void getAndListPrintEntriesAsDenoShowsThem() {
        String db = folder.resolve("deno.db").toString();
        Versionstamp stamp;
        try (Holdfast store = Holdfast.open(db)) {
            store.kv().set(Key.of("users", 1), "other");
            stamp = store.kv().set(Key.of("users", BigInteger.ONE), KvValue.u64(5));
        }

        assertThat(Shell.run("kv", "get", "users/1", "--as", "deno", "--db", db).out())
                .isEqualTo("\"other\"\n");
        String entry = "{ key: [ \"users\", 1n ], value: [Deno.KvU64: 5n], versionstamp: \"" + stamp.hex() + "\" }";
        assertThat(run(db, "list", "users").lines()).hasSize(2).contains(entry);
        assertThat(run(db, "get", "[\"users\",{\"__type\":\"bigint\",\"value\":\"1\"}]", "--entry")
                        .lines())
                .containsExactly(entry);
        assertThat(run(db, "list", "users", "--keys").lines())
                .isEqualTo(List.of("[ \"users\", 1 ]", "[ \"users\", 1n ]"));
    }

    @Test
    void linesOfTextAreNoTable() {
        Shell.Result refused = Shell.run("kv", "list", "--as", "deno", "-o", "table", "--db", ":memory:");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--as deno", "-o table", "cli.contradiction");
        assertThat(refused.out()).isEmpty();
    }

    private static Shell.Result run(String db, String... words) {
        String[] all = Stream.of(List.of("kv"), List.of(words), List.of("--as", "deno", "--db", db))
                .flatMap(List::stream)
                .toArray(String[]::new);
        Shell.Result result = Shell.run(all);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }
}
