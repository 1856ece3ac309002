package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferTest {
    @TempDir
    Path folder;

    private final Holdfast from = Holdfast.open(Holdfast.MEMORY);
    private final Holdfast to = Holdfast.open(Holdfast.MEMORY);

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    @Test
    void aCommitOfAnImportIsBoundedByBytesToo() throws IOException {
        for (int i = 0; i < 5; i++) {
            from.kv().set(Key.of("large", i), "x".repeat(3 << 20));
        }

        load(export());

        assertThat(to.contentHash()).isEqualTo(from.contentHash());
        assertThat(stamp(0)).isEqualTo(stamp(1)).isLessThan(stamp(2));
        assertThat(stamp(2)).isEqualTo(stamp(3)).isLessThan(stamp(4));
    }

    @Test
    void theDeepestValuesAreExportedAndImported() throws IOException {
        String inner = "{\"a\":".repeat(Json.DEPTH_MAX) + "1" + "}".repeat(Json.DEPTH_MAX);
        from.kv().set(Key.of("deep"), KvValue.jsonText(inner));
        from.collection("notes").insert(Json.parse(inner));

        List<String> lines = exported();
        load(lines);

        assertThat(to.kv().get(Key.of("deep")).orElseThrow().value())
                .isEqualTo(from.kv().get(Key.of("deep")).orElseThrow().value());
        assertThat(to.contentHash()).isEqualTo(from.contentHash());
    }

    @Test
    void aValueThatIsTooDeepIsNotImported() throws IOException {
        from.kv().set(Key.of("deep"), "x");
        String deeper = "[".repeat(Json.DEPTH_MAX + 1) + "]".repeat(Json.DEPTH_MAX + 1);
        List<String> lines = new ArrayList<>(exported());
        lines.replaceAll(line -> line.replace("\"x\"", deeper));

        assertThatThrownBy(() -> load(lines)).hasMessageContaining("json.too_deep");

        assertUnchanged();
    }

    @Test
    void anExportThatWasCutIsRefusedWhereverThatWas() {
        List<String> lines = exported();

        for (int left = 1; left < lines.size(); left++) {
            List<String> cut = lines.subList(0, left);
            assertThatThrownBy(() -> load(cut))
                    .as("%d lines", left)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("transfer.cut: the export was cut: its last line is missing (lines=" + left + ")");
        }
        List<String> gap = new ArrayList<>(lines);
        gap.remove(3);
        assertRefused("transfer.cut: lines of the export are missing, or were added (lines=11, ", gap);
        List<String> more = new ArrayList<>(lines);
        more.addAll(lines);
        assertRefused("transfer.cut: something stands behind the last line of the export (lines=12)", more);
        assertUnchanged();
    }

    @Test
    void anExportOfAnOlderProgramHasNoLastLine() throws IOException {
        List<String> lines = new ArrayList<>(exported());
        lines.set(0, "{\"holdfast\":1}");
        lines.removeLast();

        assertThat(load(lines)).isEqualTo(lines.size());

        assertThat(to.contentHash()).isEqualTo(from.contentHash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "json.malformed: line 900 is not valid JSON (column=14) | {\"room\":\"kv\", ",
                "transfer.line: line 900 is empty | ''",
                "transfer.line: line 900: it is of no known room | 5",
                "kv.transfer: line 900: the line has neither | {\"room\":\"kv\",\"key\":[\"a\"]}",
                "kv.transfer: line 900: the expiry | {\"room\":\"kv\",\"key\":[\"a\"],\"value\":1,\"expiresAt\":\"x\"}",
                "key. | {\"room\":\"kv\",\"key\":[],\"value\":1}",
                "collection.name: line 900: | {\"room\":\"collection\",\"collection\":\"\",\"indexes\":[]}",
                "namespace.name: line 900: | {\"namespace\":\"a/b\"}",
            })
    void aLineThatIsNoneChangesNothingAndIsNamed(String told, String line) throws IOException {
        List<String> lines = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"key\":[\"n\"," + i + "],\"value\":1,\"room\":\"kv\"}")
                .collect(Collectors.toCollection(ArrayList::new));
        lines.addFirst("{\"holdfast\":1}");
        lines.set(899, line);
        Path file = Files.write(folder.resolve("export"), lines);

        assertRefused(told, lines);
        assertThatThrownBy(() -> to.importFrom(file, count -> {})).hasMessageStartingWith(told);
        assertUnchanged();
    }

    @Test
    void halfOfASurrogatePairArrivesAsItWas() throws IOException {
        from.kv().set(Key.of("a"), "x\ud800y\udc00");

        load(export());

        assertThat(to.kv().get(Key.of("a")).orElseThrow().value().json().stringValue())
                .isEqualTo("x\ud800y\udc00");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[] lines = "{\"holdfast\":1}\n{\"key\":[\"ä\"],\"value\":1,\"room\":\"kv\"}\n"
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> to.importFrom(new ByteArrayInputStream(lines)))
                .hasMessageStartingWith("transfer.encoding");
        assertUnchanged();
    }

    @Test
    void whatTheStoreRefusesOnTheWayIsToldWithTheLinesThatWereImported() throws IOException {
        for (int i = 0; i < 1_200; i++) {
            from.collection("notes").insert(Map.of("id", "%04d".formatted(i), "mail", "m" + i));
        }
        to.collection("notes").createIndex(DocumentIndex.on("by_mail", "mail").asUnique());
        to.collection("notes").insert(Map.of("id", "other", "mail", "m700"));

        // A head, a namespace and a collection; then 500 documents of the first batch.
        assertThatThrownBy(() -> load(export()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("collection.unique: ")
                .hasMessageEndingWith(
                        "; lines 1 to 503 of the export were imported, the others not; it may be imported again");

        assertThat(to.collection("notes").count()).isEqualTo(501);
    }

    @Test
    void theHashOfContentDoesNotDependOnTheFormat() {
        assertThat(from.contentHash()).isEqualTo("9142ff98bf1c54a407a5e03b31c0c87e901c8fe218996c5608f84d7178acbf4e");
    }

    private List<String> exported() {
        from.kv().set(Key.of("a"), 1);
        from.namespace("acme").kv().set(Key.of("b"), Map.of("n", 2));
        for (int i = 0; i < 5; i++) {
            from.collection("notes").insert(Map.of("n", i));
        }
        return new String(export(), StandardCharsets.UTF_8).lines().toList();
    }

    private byte[] export() {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try {
            from.exportTo(lines);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return lines.toByteArray();
    }

    private long load(byte[] lines) throws IOException {
        return to.importFrom(new ByteArrayInputStream(lines));
    }

    private long load(List<String> lines) throws IOException {
        return load(Stream.concat(lines.stream(), Stream.of(""))
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(String message, List<String> lines) {
        assertThatThrownBy(() -> load(lines))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(message);
    }

    private void assertUnchanged() {
        try (Holdfast empty = Holdfast.open(Holdfast.MEMORY)) {
            assertThat(to.contentHash()).isEqualTo(empty.contentHash());
        }
    }

    private Versionstamp stamp(int number) {
        return to.kv().get(Key.of("large", number)).orElseThrow().versionstamp();
    }
}
