package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kv.KvLimits;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dash in the place of a value is standard input. */
class ValueArgumentTest {
    private final InputStream standard = System.in;

    @TempDir
    private Path folder;

    @AfterEach
    void giveBack() {
        System.setIn(standard);
    }

    @Test
    void aValueComesFromStandardInput() {
        assertThat(run("{\"name\":\"\u00c4nn\"}\n", "kv", "set", "a", "-").code())
                .isZero();
        assertThat(run("", "kv", "get", "a").out()).isEqualTo("{\"name\":\"\u00c4nn\"}\n");
    }

    @Test
    void documentsComeFromStandardInput() {
        assertThat(run("{\"id\":\"a\",\"n\":1}", "collection", "insert", "notes", "{\"id\":\"b\"}", "-")
                        .lines())
                .containsExactly("{\"id\":\"b\"}", "{\"id\":\"a\",\"n\":1}");
        assertThat(run("{\"n\":2}", "collection", "update", "notes", "-", "--id", "a")
                        .out())
                .isEqualTo("{\"updated\":1}\n");
        assertThat(run("{\"id\":\"b\",\"n\":3}", "collection", "upsert", "notes", "-")
                        .out())
                .isEqualTo("{\"id\":\"b\",\"n\":3}\n");
        assertThat(run("", "collection", "get", "notes", "a").out()).isEqualTo("{\"id\":\"a\",\"n\":2}\n");
    }

    @Test
    void standardInputIsOneValue() {
        refused(run("{}", "collection", "insert", "notes", "-", "-"), "write - once");
        refused(run("", "kv", "set", "a", "-"), "the text is empty");
    }

    @Test
    void whatIsNoTextOrTooLongIsRefused() {
        int bytesMax = KvLimits.defaults().valueBytesMax();
        byte[] tooLong = new byte[bytesMax + 1];
        Arrays.fill(tooLong, (byte) '1');

        refused(run(tooLong, "kv", "set", "a", "-"), "valueBytesMax=" + bytesMax);
        refused(run(new byte[] {'"', (byte) 0xff, '"'}, "kv", "set", "a", "-"), "no UTF-8 text");
        refused(run("", "kv", "count"), "there is no such file");
    }

    private static void refused(Shell.Result result, String why) {
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().contains(why);
    }

    private Shell.Result run(String input, String... words) {
        return run(input.getBytes(StandardCharsets.UTF_8), words);
    }

    private Shell.Result run(byte[] input, String... words) {
        System.setIn(new ByteArrayInputStream(input));
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--db", folder.resolve("a.db").toString()));
        return Shell.run(all.toArray(String[]::new));
    }
}
