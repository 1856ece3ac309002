package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.record.Payload;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The stores that Kyneta publishes, release 3.0.0: a database that theirs and ours write in turn. */
abstract class KynetaContract {
    private static final String SCRIPT = "kyneta/run";

    @TempDir
    Path folder;

    /** The name of an empty database. */
    abstract String database();

    /** The same as their script names it. */
    abstract String theirDatabase();

    /** Leaves the database as their store can read it. */
    abstract void handOver() throws Exception;

    @Test
    void aDatabaseIsWrittenInTurnByBoth() throws Exception {
        List<JsonNode> theirs = lines(Suites.run(folder, SCRIPT, "write", theirDatabase()));
        assertThat(theirs).hasSizeGreaterThan(20);

        run("open", "kyneta");
        assertThat(ours()).isEqualTo(theirs);

        changeEverything();
        List<JsonNode> changed = ours();
        assertThat(changed).isNotEqualTo(theirs);
        handOver();
        assertThat(lines(Suites.run(folder, SCRIPT, "read", theirDatabase()))).isEqualTo(changed);

        Suites.run(folder, SCRIPT, "append", theirDatabase());
        assertThat(ours()).isEqualTo(withOneMoreOfEach(changed));
    }

    /** The lines with the record that their script appends to each document, before its current metadata. */
    private static List<JsonNode> withOneMoreOfEach(List<JsonNode> lines) {
        List<JsonNode> more = new ArrayList<>();
        for (JsonNode line : lines) {
            if (line.has("current")) {
                String docId = line.path("docId").stringValue();
                more.add(line(
                        docId,
                        "record",
                        "{\"kind\":\"entry\",\"version\":\"of Kyneta\",\"payload\":"
                                + "{\"kind\":\"since\",\"encoding\":\"json\",\"data\":\"" + docId + "\"}}"));
            }
            more.add(line);
        }
        return more;
    }

    /** An append, a replacement, a deletion and a new document. */
    private void changeEverything() {
        try (Holdfast holdfast = Holdfast.open(database())) {
            RecordStore store = holdfast.recordStore("kyneta");
            StoreMeta meta = store.currentMeta("notes/1").orElseThrow();
            StoreRecord bytes = new StoreRecord.Entry(
                    Payload.binary(Payload.Kind.SINCE, new byte[] {0, -1}).withLineage("\u00e9"), "bytes");
            StoreRecord text = new StoreRecord.Entry(Payload.json(Payload.Kind.ENTIRETY, "\u0000\u2028\""), "text");
            store.appendAll("notes/1", List.of(bytes, text));
            store.replace(
                    "compacted",
                    List.of(
                            text,
                            new StoreRecord.Meta(store.currentMeta("compacted").orElseThrow()),
                            bytes));
            store.delete("every/kind");
            store.appendAll("ours/\ud83d\ude00", List.of(new StoreRecord.Meta(meta), text));
        }
    }

    private static List<JsonNode> lines(String printed) {
        return printed.lines().map(Json::parse).toList();
    }

    /** What our store holds, as their script prints theirs. */
    private List<JsonNode> ours() {
        List<JsonNode> lines = new ArrayList<>();
        for (String docId : documents()) {
            List<String> dump = run("dump", "kyneta", docId);
            dump.subList(0, dump.size() - 1).forEach(record -> lines.add(line(docId, "record", record)));
            lines.add(line(docId, "current", run("meta", "kyneta", docId).getFirst()));
        }
        return lines;
    }

    private static JsonNode line(String docId, String member, String json) {
        ObjectNode line = Json.mapper().createObjectNode().put("docId", docId);
        line.set(member, Json.parse(json));
        return line;
    }

    private List<String> documents() {
        return run("list", "kyneta").stream()
                .map(line -> Json.parse(line).path("docId").stringValue())
                .toList();
    }

    private List<String> run(String... words) {
        List<String> all = new ArrayList<>(List.of("record"));
        all.addAll(List.of(words));
        all.addAll(List.of("--db", database()));
        Shell.Result result = Shell.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result.lines();
    }
}
