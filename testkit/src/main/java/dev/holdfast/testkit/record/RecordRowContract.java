package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Dialect;
import dev.holdfast.json.Json;
import dev.holdfast.record.Bytes;
import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Encoding;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.PayloadData;
import dev.holdfast.record.StoreFormatException;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.TableNames;
import dev.holdfast.record.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the tables, byte for byte; ids and prefixes; and what is refused at the gate. */
public abstract class RecordRowContract extends RecordSuite {
    private static final String META_TEXT = "{\"replicaType\":[\"plain\",1,0],\"syncMode\":{\"writerModel\":"
            + "\"serialized\",\"delivery\":\"delta-capable\",\"durability\":\"persistent\"},\"schemaHash\":\"00test\"}";
    private static final String DOC = "doc-1";
    private static final Pattern WHOLE = Pattern.compile("\\{\"major\":[0-9],\"minor\":[0-9]}");

    /** The suite over one kind of place. */
    protected RecordRowContract() {}

    @Test
    void rowsAreThoseOfKyneta() {
        store.append(DOC, record(META));
        store.append(DOC, new StoreRecord.Entry(Payload.json(Kind.SINCE, "{\"v\":1}"), "7"));
        store.append(
                DOC,
                new StoreRecord.Entry(
                        Payload.binary(Kind.SINCE, new byte[] {1, 2}).withLineage("L"), "L:2"));
        store.append(
                DOC,
                new StoreRecord.Entry(
                        Payload.json(Kind.ENTIRETY, "\"\\/\b\t\n\f\r\u0000\u001f\u007f\u2028\u00e9\ud83d\ude00")
                                .withLineage(""),
                        ""));

        assertThat(rows(DOC))
                .containsExactly(
                        "0 meta " + META_TEXT + " null",
                        "1 entry {\"kind\":\"since\",\"encoding\":\"json\",\"version\":\"7\","
                                + "\"data\":\"{\\\"v\\\":1}\"} null",
                        "2 entry {\"kind\":\"since\",\"encoding\":\"binary\",\"version\":\"L:2\","
                                + "\"lineage\":\"L\"} 0102",
                        "3 entry {\"kind\":\"entirety\",\"encoding\":\"json\",\"version\":\"\",\"data\":"
                                + "\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028\u00e9\ud83d\ude00\","
                                + "\"lineage\":\"\"} null");
        String current = text("select data from kyneta_doc_meta where doc_id = 'doc-1'");
        if (place.dialect() == Dialect.SQLITE) {
            assertThat(current).isEqualTo(META_TEXT);
        }
        assertThat(Json.parse(current)).isEqualTo(Json.parse(META_TEXT));
        assertThat(Json.parse(text("select value from kyneta_store_meta where key = 'format'")))
                .isEqualTo(Json.parse("{\"major\":1,\"minor\":0}"));
    }

    @Test
    void everyKindOfDataComesBackAsItWas() {
        byte[] large = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(large);
        List<PayloadData> contents = List.of(
                new Text(""),
                new Text("a\u0000b"),
                new Text("\ud83d\ude00 \u00e9 \uffff"),
                new Text("x".repeat(1 << 20)),
                Bytes.copyOf(new byte[0]),
                Bytes.copyOf(new byte[] {0}),
                Bytes.copyOf(large));
        List<StoreRecord> records = new ArrayList<>(List.of(record(META)));
        for (PayloadData data : contents) {
            for (Encoding encoding : Encoding.values()) {
                for (Optional<String> lineage :
                        List.of(Optional.<String>empty(), Optional.of(""), Optional.of("\u0000"))) {
                    records.add(new StoreRecord.Entry(new Payload(Kind.SINCE, encoding, data, lineage), "v\u0000"));
                }
            }
        }

        store.appendAll(DOC, records);

        assertThat(load(store, DOC)).isEqualTo(records);
    }

    @Test
    void rowsThatOthersWroteAreRead() {
        store.append(DOC, record(META));
        insert(1, "entry", "{\"version\":\"1\",\"encoding\":\"binary\",\"kind\":\"since\",\"epoch\":\"e\"}");
        insert(5, "entry", "{\"kind\":\"since\",\"encoding\":\"json\",\"version\":\"2\",\"data\":\"x\"}");

        store.append(DOC, since("3"));

        assertThat(load(store, DOC))
                .containsExactly(
                        record(META),
                        new StoreRecord.Entry(Payload.binary(Kind.SINCE, new byte[0]), "1"),
                        new StoreRecord.Entry(Payload.json(Kind.SINCE, "x"), "2"),
                        since("3"));
        assertThat(rows(DOC).getLast()).startsWith("6 entry");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "entry|{\"kind\":\"since\",\"encoding\":\"json\",\"version\":\"1\"}",
                "entry|{\"kind\":\"other\",\"encoding\":\"json\",\"version\":\"1\",\"data\":\"\"}",
                "entry|{\"kind\":\"since\",\"encoding\":\"json\",\"data\":\"\"}",
                "entry|{\"kind\":",
                "entry|7",
                "meta|{\"replicaType\":[\"plain\",1],\"syncMode\":{},\"schemaHash\":\"\"}",
                "other|{}"
            })
    void aRowThatNoStoreWritesIsAnErrorInItsPlace(String kind, String payload) {
        store.appendAll(DOC, List.of(record(META), entirety("1")));
        insert(2, kind, payload);

        try (var records = store.loadAll(DOC)) {
            assertThat(records.next()).isEqualTo(record(META));
            assertThat(records.next()).isEqualTo(entirety("1"));
            assertThat(refusal(records::next)).isEqualTo("corrupt-record");
            assertThat(refusal(records::hasNext)).isEqualTo("corrupt-record");
        }
        store.delete(DOC);
        assertThat(load(store, DOC)).isEmpty();
    }

    @Test
    void numbersEndWithThirtyTwoBits() {
        store.append(DOC, record(META));
        insert(Integer.MAX_VALUE - 1, "entry", "{\"kind\":\"since\",\"encoding\":\"binary\",\"version\":\"\"}");

        assertThat(refusal(() -> store.appendAll(DOC, List.of(since("1"), since("2")))))
                .isEqualTo("log-full");
        store.append(DOC, since("last"));
        assertThat(refusal(() -> store.append(DOC, since("more")))).isEqualTo("log-full");
        store.replace(DOC, List.of(record(META)));
        store.append(DOC, since("again"));

        assertThat(rows(DOC)).hasSize(2).last().asString().startsWith("1 entry");
    }

    @Test
    void idsComeByTheirBytesAndPrefixesMeanTheirCharacters() {
        List<String> ids = List.of(
                "",
                "%",
                "A",
                "Users/Bob",
                "_",
                "a",
                "a%",
                "a%b",
                "a\\",
                "a_",
                "ab",
                "users/",
                "users/alice",
                "\u00e9",
                "\u00e9a",
                "\ud7ff",
                "\ud7ffx",
                "\ue000",
                "\uffff",
                "\ud83d\ude00",
                "\udbff\udfff",
                "\udbff\udfffz",
                ".",
                "..",
                "a/./b",
                "x".repeat(1_024));
        List<String> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(id -> store.append(id, record(META)));
        List<String> sorted = ids.stream()
                .sorted(Comparator.comparing(RecordRowContract::bytes))
                .toList();

        assertThat(ids(store, "")).isEqualTo(sorted);
        Stream.concat(ids.stream(), Stream.of("user", "U", "zzz", "a%b%"))
                .forEach(prefix -> assertThat(ids(store, prefix))
                        .as("prefix %s", prefix.length() > 9 ? "long" : prefix)
                        .isEqualTo(sorted.stream()
                                .filter(id -> id.startsWith(prefix))
                                .toList()));
    }

    private static String bytes(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void idsThatNoDatabaseHoldsAreRefused() {
        for (String id : List.of("a\u0000", "\ud800", "x\udc00y", "x".repeat(1_025), "\u00e9".repeat(513))) {
            assertThat(refusal(() -> store.append(id, record(META)))).isEqualTo("invalid-doc-id");
            assertThat(refusal(() -> store.loadAll(id))).isEqualTo("invalid-doc-id");
            assertThat(refusal(() -> store.currentMeta(id))).isEqualTo("invalid-doc-id");
            assertThat(refusal(() -> store.delete(id))).isEqualTo("invalid-doc-id");
            assertThat(refusal(() -> store.replace(id, List.of(record(META))))).isEqualTo("invalid-doc-id");
        }
    }

    @Test
    void whatBreaksTheRulesOfARecordIsRefused() {
        assertThat(refusal(() -> meta("x".repeat(257)))).isEqualTo("malformed-record");
        assertThat(refusal(() -> meta("\u0000"))).isEqualTo("malformed-record");
        assertThat(refusal(() -> since("\ud800"))).isEqualTo("malformed-record");
        StoreRecord large = new StoreRecord.Entry(Payload.json(Kind.SINCE, "x".repeat((16 << 20) - 4)), "");
        store.append(DOC, record(META));

        assertThat(refusal(() -> store.append(DOC, large))).isEqualTo("record-too-large");
        assertThat(load(store, DOC)).containsExactly(record(META));
    }

    @Test
    void openingAgainFindsEverythingAndNumbersGoOn() {
        store.appendAll(DOC, List.of(record(META), since("1"), since("2")));

        var again = place.open("kyneta");
        again.append(DOC, since("3"));

        assertThat(again.currentMeta(DOC)).contains(META);
        assertThat(load(again, DOC)).containsExactly(record(META), since("1"), since("2"), since("3"));
        assertThat(rows(DOC)).hasSize(4).last().asString().startsWith("3 entry");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"major\":2,\"minor\":0}",
                "{\"major\":0,\"minor\":9}",
                "{\"major\":1}",
                "{\"major\":1.5,\"minor\":0}",
                "{\"major\":\"1\",\"minor\":0}",
                "null",
                "\"x\"",
                "[1,0]"
            })
    void anotherFormatIsRefused(String marker) {
        made("theirs");
        mark("theirs", marker);

        assertThatThrownBy(() -> place.open("theirs"))
                .isInstanceOf(StoreFormatException.class)
                .hasMessageContaining(WHOLE.matcher(marker).matches() ? "incompatible-major" : "malformed-version")
                .hasMessageContaining("this build 1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"major\":1,\"minor\":7}", "{\"major\":1,\"minor\":0,\"more\":true}"})
    void anotherMinorFormatIsReadAndNotRewritten(String marker) {
        made("theirs");
        mark("theirs", marker);

        place.open("theirs").append(DOC, record(META));

        assertThat(Json.parse(text("select value from theirs_store_meta"))).isEqualTo(Json.parse(marker));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into theirs_doc_meta (doc_id, data) values ('d', '{}')",
                "insert into theirs_records (doc_id, seq, kind) values ('d', 0, 'meta')"
            })
    void documentsWithoutAMarkerAreRefusedAndLeftAlone(String insert) {
        made("theirs");
        place.sql(sql -> sql.exec(insert));

        assertThatThrownBy(() -> place.open("theirs"))
                .isInstanceOf(StoreFormatException.class)
                .hasMessageContaining("unversioned-existing-data")
                .hasMessageContaining("on disk none");
        List<String> keys = place.sql(sql -> sql.list("select key from theirs_store_meta", row -> row.getString(1)));
        assertThat(keys).isEmpty();
    }

    @Test
    void tablesWithoutDocumentsGetTheirMarker() {
        made("theirs");

        place.open("theirs").append(DOC, record(META));

        assertThat(Json.parse(text("select value from theirs_store_meta")))
                .isEqualTo(Json.parse("{\"major\":1,\"minor\":0}"));
    }

    @Test
    void tablesWithOtherColumnsAreRefused() {
        place.sql(sql -> sql.exec("create table wrong_doc_meta (doc_id text primary key, data integer not null)"));
        place.sql(sql -> sql.exec("create table less_records (doc_id text primary key)"));

        assertThatThrownBy(() -> place.open("wrong"))
                .hasMessageContaining("schema-mismatch")
                .hasMessageContaining("column=data");
        assertThatThrownBy(() -> place.open("less")).hasMessageContaining("no column seq");
    }

    private void made(String name) {
        place.sql(sql -> {
            TableNames.ofStore(name).ddl(place.dialect()).forEach(sql::exec);
            return name;
        });
    }

    private void mark(String name, String marker) {
        String value = place.dialect() == Dialect.POSTGRES ? "cast(? as jsonb)" : "?";
        place.sql(sql ->
                sql.exec("insert into " + name + "_store_meta (key, value) values ('format', " + value + ")", marker));
    }

    private void insert(int seq, String kind, String payload) {
        place.sql(sql -> sql.exec(
                "insert into kyneta_records (doc_id, seq, kind, payload) values (?, ?, ?, ?)",
                DOC,
                seq,
                kind,
                payload));
    }

    private String text(String query) {
        return place.sql(sql -> sql.first(query, row -> row.getString(1)).orElseThrow());
    }

    private List<String> rows(String docId) {
        return place.sql(sql -> sql.list(
                "select seq, kind, payload, blob from kyneta_records where doc_id = ? order by seq",
                row -> {
                    byte[] blob = row.getBytes(4);
                    return row.getInt(1) + " " + row.getString(2) + " " + row.getString(3) + " "
                            + (blob == null ? "null" : HexFormat.of().formatHex(blob));
                },
                docId));
    }
}
