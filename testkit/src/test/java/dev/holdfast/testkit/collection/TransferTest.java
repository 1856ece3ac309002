package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionOptions;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.IndexInfo;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvSearch;
import dev.holdfast.kv.KvValue;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.RandomProgram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything goes from any engine to any other and stays what it was. */
class TransferTest {
    private static final List<String> NAMESPACES = List.of("default", "acme", "ä b");

    @TempDir
    Path folder;

    private final RandomProgram program = RandomProgram.seeded();
    private final RandomDocuments make = new RandomDocuments(program.random());
    private final String url = PostgresServer.shared().freshDatabase();
    private Holdfast memory;
    private Holdfast file;
    private Holdfast postgres;

    @BeforeEach
    void open() {
        memory = Holdfast.open(Holdfast.MEMORY);
        file = Holdfast.open(folder.resolve("a.db"));
        postgres = Holdfast.open(url);
    }

    @AfterEach
    void close() {
        memory.close();
        file.close();
        postgres.close();
        PostgresServer.shared().drop(url);
    }

    @Test
    void randomContentIsTheSameOnEveryEngine() throws IOException {
        NAMESPACES.forEach(name -> fill(memory.namespace(name)));
        String hash = memory.contentHash();

        copy(memory, file);
        copy(file, postgres);
        try (Holdfast back = Holdfast.open(Holdfast.MEMORY)) {
            copy(postgres, back);

            assertThat(List.of(file.contentHash(), postgres.contentHash(), back.contentHash()))
                    .as("-Dholdfast.seed=" + program.seed())
                    .containsOnly(hash);
        }
    }

    @Test
    void theSameImportMayBeRunAgain() throws IOException {
        fill(memory.namespace("default"));
        byte[] lines = export(memory);

        for (Holdfast to : List.of(file, postgres)) {
            to.importFrom(new ByteArrayInputStream(lines));
            to.importFrom(new ByteArrayInputStream(lines));
            assertThat(to.contentHash()).as("-Dholdfast.seed=" + program.seed()).isEqualTo(memory.contentHash());
        }
    }

    @Test
    void anyDifferenceChangesTheHash() {
        Collection notes = memory.collection("notes");
        notes.insert(Map.of("id", "a", "n", 1));
        List<String> hashes = new ArrayList<>(List.of(memory.contentHash()));

        notes.update("a", Map.of("n", 2));
        hashes.add(memory.contentHash());
        notes.createIndex(DocumentIndex.on("by_n", "n"));
        hashes.add(memory.contentHash());
        notes.options(CollectionOptions.defaults().withSchema("{}"));
        hashes.add(memory.contentHash());
        notes.search().createIndex(List.of("text"), Tokenizer.PORTER);
        hashes.add(memory.contentHash());
        memory.kv().set(Key.of("a"), 1);
        hashes.add(memory.contentHash());
        memory.namespace("other").kv().set(Key.of("a"), 1);
        hashes.add(memory.contentHash());
        memory.namespace("other").quota(NamespaceQuota.none().withRowsMax(5));
        hashes.add(memory.contentHash());

        assertThat(hashes).doesNotHaveDuplicates();
    }

    @Test
    void aQuotaArrivesBehindWhatItsNamespaceHolds() throws IOException {
        NamespaceQuota small = NamespaceQuota.none().withRowsMax(2).withBytesMax(10_000);
        Namespace acme = memory.namespace("acme");
        for (int i = 0; i < 3; i++) {
            acme.kv().set(Key.of("k", i), i);
        }
        acme.quota(small);

        copy(memory, file);
        copy(file, postgres);

        for (Holdfast to : List.of(file, postgres)) {
            assertThat(to.namespace("acme").quota()).isEqualTo(small);
            assertThat(to.namespace("acme").usage().rows()).isEqualTo(3);
            assertThatThrownBy(() -> to.namespace("acme").kv().set(Key.of("one more"), 1))
                    .hasMessageStartingWith("namespace.quota");
        }
        assertThatThrownBy(() -> postgres.importFrom(new ByteArrayInputStream("""
                        {"holdfast":2}
                        {"namespace":"acme","quota":{"rowsMax":-1}}
                        {"end":true,"lines":3}
                        """.getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("rowsMax=-1");
        assertThat(postgres.namespace("acme").quota()).isEqualTo(small);
    }

    @Test
    void anIndexThatIsNotCompleteArrivesAsThat() throws IOException {
        memory.kv().set(Key.of("old", 1), Map.of("text", "before"));
        memory.kv().search().createIndex(KeyPrefix.of("old"), List.of("text"), Tokenizer.ASCII, false);
        memory.kv().search().createIndex(KeyPrefix.of("whole"), List.of("text"), Tokenizer.ASCII, true);

        copy(memory, file);
        copy(file, postgres);

        for (Holdfast to : List.of(memory, file, postgres)) {
            assertThat(to.kv().search().indexes())
                    .extracting(KvSearch.Index::complete)
                    .containsExactly(false, true);
            assertThat(to.contentHash()).isEqualTo(memory.contentHash());
        }
    }

    @Test
    void anIndexOfAnOlderExportIsComplete() throws IOException {
        postgres.importFrom(new ByteArrayInputStream("""
                {"holdfast":2}
                {"namespace":"default"}
                {"index":{"prefix":["p"],"fields":["text"],"tokenizer":"ascii"},"room":"kv"}
                {"end":true,"lines":4}
                """.getBytes(StandardCharsets.UTF_8)));

        assertThat(postgres.kv().search().indexes())
                .extracting(KvSearch.Index::complete)
                .containsExactly(true);
    }

    @Test
    void aCollectionArrivesWithEverythingThatBelongsToIt() throws IOException {
        Collection notes = file.collection("notes");
        notes.insert(Map.of("id", "old", "text", "red fox"));
        notes.createIndex(DocumentIndex.on("by_mail", "mail", "n").asUnique());
        notes.createIndex(DocumentIndex.on("by_tag", "tags").asMulti());
        notes.search().createIndex(List.of("text"), Tokenizer.PORTER);
        notes.options(CollectionOptions.defaults().withSchema("{\"required\":[\"mail\"]}"));
        Document written = notes.insert(Map.of("mail", "m", "n", 1, "tags", List.of("a", "b")));

        copy(file, postgres);

        Collection there = postgres.collection("notes");
        assertThat(there.indexes())
                .containsExactly(
                        new IndexInfo(DocumentIndex.on("by_mail", "mail", "n").asUnique(), true),
                        new IndexInfo(DocumentIndex.on("by_tag", "tags").asMulti(), true));
        assertThat(there.search().find("foxes", 0)).extracting(Document::id).containsExactly("old");
        assertThat(there.find(DocumentQuery.all().containing("tags", "b")))
                .extracting(Document::id)
                .containsExactly(written.id());
        Document arrived = there.get(written.id()).orElseThrow();
        assertThat(arrived.createdAt()).isEqualTo(written.createdAt());
        assertThat(arrived.updatedAt()).isEqualTo(written.updatedAt());
        assertThatThrownBy(() -> there.insert(Map.of("mail", "m", "n", 1))).hasMessageStartingWith("collection.unique");
        assertThatThrownBy(() -> there.insert(Map.of("n", 1))).hasMessageStartingWith("collection.schema");
    }

    @Test
    void oneNamespaceIsExportedAlone() throws IOException {
        fill(memory.namespace("acme"));
        memory.collection("notes").insert(Map.of("n", 1));
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        List<Long> progress = new ArrayList<>();

        long count = memory.exportTo(lines, List.of("acme"), progress::add);
        postgres.importFrom(new ByteArrayInputStream(lines.toByteArray()), progress::add);

        assertThat(progress).hasSize((int) (2 * count - 1)).endsWith(count);
        assertThat(lines.toString(StandardCharsets.UTF_8).lines())
                .hasSize((int) count)
                .last()
                .isEqualTo("{\"end\":true,\"lines\":" + count + "}");
        assertThat(postgres.namespaces().list()).contains("acme");
        assertThat(postgres.collection("notes").count()).isZero();
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        postgres.exportTo(back, List.of("acme"), lineCount -> {});
        assertThat(back.toString(StandardCharsets.UTF_8)).isEqualTo(lines.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDatabaseIsNoPlaceForAnExportOfWhateverEngine() {
        file.kv().set(Key.of("a"), 1);

        for (Holdfast from : List.of(memory, file, postgres)) {
            assertThatThrownBy(() -> from.exportTo(folder.resolve("a.db"), List.of("default"), lines -> {}))
                    .hasMessageStartingWith(from == file ? "export.own_file" : "export.occupied");
        }

        file.kv().set(Key.of("a"), 2);
    }

    @Test
    void whatIsNoExportIsRefused() {
        assertRefused("transfer.format", "");
        assertRefused("transfer.format", "words\n");
        assertRefused("transfer.format", "{\"holdfast\":99}\n");
        assertRefused("transfer.line", "{\"holdfast\":1}\n{\"room\":\"none\"}\n");
        assertRefused("collection.transfer", "{\"holdfast\":1}\n{\"room\":\"collection\",\"document\":{}}\n");
        assertRefused(
                "collection.transfer",
                "{\"holdfast\":1}\n{\"room\":\"collection\",\"collection\":\"a\",\"document\":{\"n\":1}}\n");
        assertThat(memory.collections().list()).isEmpty();
    }

    private void assertRefused(String code, String lines) {
        assertThatThrownBy(() -> memory.importFrom(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8))))
                .hasMessageStartingWith(code);
    }

    private void fill(Namespace rooms) {
        for (int i = 0; i < 300; i++) {
            int n = i;
            Key key = program.oneOf(List.of(
                    Key.of("k", n), Key.of(n * 0.5, make.word()), Key.of(n % 2 == 0, BigInteger.TEN.pow(n % 40))));
            Optional<Duration> ttl = program.chance(20) ? Optional.of(Duration.ofDays(1 + n)) : Optional.empty();
            rooms.kv().set(key, KvValue.json(make.value()), ttl);
        }
        rooms.kv().set(Key.of("bytes"), new byte[] {0, (byte) 255});
        for (String name : List.of("things", "a/b ä", "empty")) {
            Collection collection = rooms.collection(name);
            collection.createIndex(DocumentIndex.on("by_a", "a", "n.x"));
            collection.createIndex(DocumentIndex.on("by_tag", "tags").asMulti());
            if (program.chance(50)) {
                collection.search().createIndex(List.of(RandomDocuments.TEXT), Tokenizer.UNICODE61);
            }
            for (int i = 0; i < 700 && !name.equals("empty"); i++) {
                collection.insert(make.document());
            }
            collection.delete(Filter.where("b").eq(3));
        }
    }

    private static void copy(Holdfast from, Holdfast to) throws IOException {
        to.importFrom(new ByteArrayInputStream(export(from)));
    }

    private static byte[] export(Holdfast from) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        from.exportTo(lines);
        return lines.toByteArray();
    }
}
