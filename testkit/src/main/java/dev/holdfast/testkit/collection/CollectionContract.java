package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionLimits;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.testkit.Contract;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Documents: writing, reading, updating and deleting them. */
public abstract class CollectionContract extends Contract {
    private TestStore store;
    private Collection notes;

    /** A suite over the stores of one engine. */
    protected CollectionContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        notes = store.collection("notes");
    }

    @Test
    void insertGivesAnIdThatRisesAndStandsInTheDocument() {
        Document first = notes.insert(Map.of("text", "a"));
        Document second = notes.insert(Map.of("text", "b"));

        assertThat(first.id()).hasSize(36).isLessThan(second.id());
        assertThat(first.json().path("id").stringValue()).isEqualTo(first.id());
        assertThat(first.toString()).isEqualTo("{\"id\":\"" + first.id() + "\",\"text\":\"a\"}");
        assertThat(notes.get(first.id())).contains(first);
    }

    @Test
    void insertKeepsAGivenId() {
        notes.insert(Json.parse("{\"text\":\"a\",\"id\":\"n1\"}"));

        assertThat(notes.get("n1").orElseThrow()).hasToString("{\"text\":\"a\",\"id\":\"n1\"}");
    }

    @Test
    void insertLeavesTheCallersTreeAlone() {
        ObjectNode mine = (ObjectNode) Json.parse("{\"text\":\"a\"}");

        notes.insert(mine);

        assertThat(mine).hasToString("{\"text\":\"a\"}");
    }

    @Test
    void insertTakesANullIdForNone() {
        Document inserted = notes.insert(Json.parse("{\"id\":null,\"text\":\"a\"}"));

        assertThat(inserted).hasToString("{\"id\":\"" + inserted.id() + "\",\"text\":\"a\"}");
    }

    @Test
    void insertRefusesATakenId() {
        notes.insert(Map.of("id", "n1", "text", "a"));

        assertRefused("collection.exists", () -> notes.insert(Map.of("id", "n1", "text", "b")));
        assertThat(notes.get("n1").orElseThrow().json().path("text").stringValue())
                .isEqualTo("a");
    }

    @Test
    void insertManyIsAllOrNothing() {
        notes.insert(Map.of("id", "b"));

        assertRefused("collection.exists", () -> notes.insertMany(List.of(Map.of("id", "a"), Map.of("id", "b"))));
        assertRefused("collection.exists", () -> notes.insertMany(List.of(Map.of("id", "c"), Map.of("id", "c"))));
        assertThat(ids(DocumentQuery.all())).containsExactly("b");
        assertThat(notes.insertMany(List.of(Map.of("id", "c"), Map.of("id", "a"))))
                .extracting(Document::id)
                .containsExactly("c", "a");
        assertThat(notes.insertMany(List.of())).isEmpty();
    }

    @Test
    void refusesWhatIsNoObject() {
        assertRefused("collection.not_an_object", () -> notes.insert(Json.parse("[1]")));
        assertRefused("collection.not_an_object", () -> notes.insert("{}"));
        assertRefused("collection.not_an_object", () -> notes.insert(List.of()));
        assertRefused("collection.id", () -> notes.insert(Map.of("id", 7)));
    }

    @Test
    void takesRecordsAndMaps() {
        notes.insert(new Note("n1", "a", 3));

        assertThat(notes.get("n1").orElseThrow().as(Note.class)).isEqualTo(new Note("n1", "a", 3));
        assertThat(notes.find(Map.of("stars", 3))).hasSize(1);
    }

    @Test
    void knowsWhenADocumentWasWritten() {
        Document inserted = notes.insert(Map.of("id", "n1"));

        Document updated = notes.update("n1", Map.of("a", 1)).orElseThrow();

        assertThat(updated.createdAt()).isEqualTo(inserted.createdAt());
        assertThat(updated.updatedAt()).isAfterOrEqualTo(inserted.updatedAt());
        assertThat(updated.versionstamp()).isGreaterThan(inserted.versionstamp());
        assertThat(notes.get("n1").orElseThrow()).isEqualTo(updated).isNotEqualTo(inserted);
    }

    @Test
    void findsByEqualValues() {
        notes.insertMany(List.of(
                Map.of("id", "a", "done", true, "n", 1),
                Map.of("id", "b", "done", false, "n", 1.0),
                Map.of("id", "c", "done", true, "n", 2)));

        assertThat(notes.find(Map.of("done", true))).extracting(Document::id).containsExactly("a", "c");
        assertThat(notes.find(Map.of("done", false, "n", 1)))
                .extracting(Document::id)
                .containsExactly("b");
        assertThat(notes.find(Map.of())).hasSize(3);
        assertThat(notes.findOne(Map.of("n", 1)).orElseThrow().id()).isEqualTo("a");
        assertThat(notes.findOne(Map.of("n", 9))).isEmpty();
    }

    @Test
    void nullStandsForMissingOrNull() {
        notes.insert(Json.parse("{\"id\":\"a\",\"x\":null}"));
        notes.insert(Map.of("id", "b"));
        notes.insert(Map.of("id", "c", "x", 1));

        assertThat(notes.find(Collections.singletonMap("x", null)))
                .extracting(Document::id)
                .containsExactly("a", "b");
    }

    @Test
    void findsByFilterSortedAndCut() {
        notes.insertMany(IntStream.range(0, 20)
                .mapToObj(i -> Map.of("id", "n" + (10 + i), "age", i % 5, "name", "x" + i))
                .toList());

        assertThat(ids(DocumentQuery.where(Filter.where("age").gte(3))
                        .sort("age", "-name")
                        .limit(3)))
                .containsExactly("n18", "n13", "n28");
        assertThat(ids(DocumentQuery.all().sort("-id").limit(2))).containsExactly("n29", "n28");
        assertThat(notes.find(Filter.where("age").eq(2))).hasSize(4);
        assertThat(notes.findOne(Filter.where("age").eq(2)).orElseThrow().id()).isEqualTo("n12");
    }

    @Test
    void countsAllOrThoseThatMatch() {
        notes.insertMany(List.of(Map.of("n", 1), Map.of("n", 2), Map.of("n", 3)));

        assertThat(notes.count()).isEqualTo(3);
        assertThat(notes.count(Filter.all())).isEqualTo(3);
        assertThat(notes.count(Filter.where("n").gt(1))).isEqualTo(2);
        assertThat(store.collection("others").count()).isZero();
    }

    @Test
    void mergesTopLevelMembers() {
        notes.insert(Json.parse("{\"id\":\"n1\",\"a\":{\"x\":1,\"y\":2},\"b\":1,\"c\":2}"));

        Document merged = notes.update(
                        "n1",
                        DocumentUpdate.merge(Json.parse("{\"a\":{\"x\":9},\"b\":null}"))
                                .remove("c", "nothing"))
                .orElseThrow();

        assertThat(merged).hasToString("{\"id\":\"n1\",\"a\":{\"x\":9},\"b\":null}");
        assertThat(notes.get("n1")).contains(merged);
    }

    @Test
    void replacesAllButTheId() {
        notes.insert(Map.of("id", "n1", "a", 1));

        assertThat(notes.update("n1", DocumentUpdate.replace(Map.of("b", 2))).orElseThrow())
                .hasToString("{\"id\":\"n1\",\"b\":2}");
        assertThat(notes.update("n1", DocumentUpdate.replace(Map.of("id", "n1")))
                        .orElseThrow())
                .hasToString("{\"id\":\"n1\"}");
    }

    @Test
    void appliesAFunction() {
        notes.insert(Map.of("id", "n1", "n", 1));

        notes.update(
                "n1", DocumentUpdate.apply(tree -> tree.put("n", tree.path("n").asInt() + 1)));

        assertThat(notes.get("n1").orElseThrow().json().path("n").asInt()).isEqualTo(2);
    }

    @Test
    void noUpdateChangesAnId() {
        notes.insert(Map.of("id", "n1"));

        assertRefused("collection.id_change", () -> notes.update("n1", Map.of("id", "n2")));
        assertRefused("collection.id_change", () -> notes.update("n1", DocumentUpdate.replace(Map.of("id", "n2"))));
        assertRefused(
                "collection.id_change", () -> notes.update("n1", DocumentUpdate.apply(tree -> tree.put("id", "x"))));
        assertRefused("collection.id_change", () -> notes.update("n1", DocumentUpdate.remove("id")));
        assertRefused("collection.id", () -> notes.update("n1", Map.of("id", 1)));
        assertThat(notes.update("n1", Map.of("id", "n1", "a", 1))).isPresent();
    }

    @Test
    void updateOfAMissingDocumentIsEmpty() {
        assertThat(notes.update("n1", Map.of("a", 1))).isEmpty();
        assertThat(notes.update("n1", DocumentUpdate.apply(tree -> tree))).isEmpty();
        assertThat(notes.update("", Map.of("a", 1))).isEmpty();
        assertThat(notes.count()).isZero();
    }

    @Test
    void updatesEveryMatchAndCountsThem() {
        notes.insertMany(List.of(Map.of("id", "a", "n", 1), Map.of("id", "b", "n", 1), Map.of("id", "c", "n", 2)));

        assertThat(notes.update(Filter.where("n").eq(1), Map.of("n", 1))).isEqualTo(2);
        assertThat(notes.update(Filter.where("n").eq(1), Map.of("n", 2))).isEqualTo(2);
        assertThat(notes.update(
                        Filter.all(),
                        DocumentUpdate.apply(
                                tree -> tree.put("n", tree.path("n").asInt() * 10))))
                .isEqualTo(3);
        assertThat(notes.find(Map.of("n", 20))).hasSize(3);
        assertThat(notes.update(Filter.where("n").eq(1), Map.of("n", 3))).isZero();
    }

    @Test
    void updateVisitsNoDocumentTwice() {
        notes.createIndex(DocumentIndex.on("n", "n"));
        notes.insertMany(IntStream.range(0, 600).mapToObj(i -> Map.of("n", i)).toList());

        long count = notes.update(
                Filter.where("n").gte(0),
                DocumentUpdate.apply(tree -> tree.put("n", tree.path("n").asInt() + 1_000)));

        assertThat(count).isEqualTo(600);
        assertThat(notes.find(DocumentQuery.all().sort("-n").limit(1))
                        .getFirst()
                        .json()
                        .path("n")
                        .asInt())
                .isEqualTo(1_599);
    }

    @Test
    void updatesOnlyTheExpectedVersion() {
        Versionstamp first = notes.insert(Map.of("id", "n1", "n", 1)).versionstamp();
        notes.update("n1", Map.of("n", 2));

        assertRefused("collection.changed", () -> notes.update("n1", DocumentUpdate.merge(Map.of("n", 3)), first));
        assertRefused("collection.changed", () -> notes.update("n1", DocumentUpdate.apply(tree -> tree), first));
        assertRefused("collection.changed", () -> notes.delete("n1", first));
        Document now = notes.get("n1").orElseThrow();
        assertThat(notes.update("n1", DocumentUpdate.merge(Map.of("n", 3)), now.versionstamp()))
                .isPresent();
        assertThat(notes.update("n2", DocumentUpdate.merge(Map.of("n", 3)), first))
                .isEmpty();
        assertThat(notes.delete("n2", first)).isFalse();
        assertThat(notes.delete("n1", notes.get("n1").orElseThrow().versionstamp()))
                .isTrue();
    }

    @Test
    void upsertInsertsOrReplaces() {
        assertThat(notes.upsert(Map.of("id", "n1", "a", 1)))
                .hasToString(notes.get("n1").orElseThrow().toString());

        notes.upsert(Map.of("id", "n1", "b", 2));
        notes.upsert(Map.of("b", 3));

        assertThat(notes.get("n1").orElseThrow().json()).isEqualTo(Json.parse("{\"id\":\"n1\",\"b\":2}"));
        assertThat(notes.count()).isEqualTo(2);
    }

    @Test
    void upsertByFilterMergesTheFirstOrInserts() {
        notes.insertMany(List.of(Map.of("id", "b", "mail", "x", "n", 1), Map.of("id", "a", "mail", "x", "n", 2)));

        notes.upsert(Filter.where("mail").eq("x"), Map.of("n", 3));
        notes.upsert(Filter.where("mail").eq("y"), Map.of("mail", "y"));

        assertThat(notes.get("a").orElseThrow().json()).isEqualTo(Json.parse("{\"id\":\"a\",\"mail\":\"x\",\"n\":3}"));
        assertThat(notes.get("b").orElseThrow().json().path("n").asInt()).isEqualTo(1);
        assertThat(notes.find(Map.of("mail", "y"))).hasSize(1);
    }

    @Test
    void deletesOneSomeAndAll() {
        notes.insertMany(List.of(Map.of("id", "a", "n", 1), Map.of("id", "b", "n", 1), Map.of("id", "c", "n", 2)));

        assertThat(notes.delete("c")).isTrue();
        assertThat(notes.delete("c")).isFalse();
        assertThat(notes.delete(Map.of("n", 1))).isEqualTo(2);
        notes.insertMany(List.of(Map.of(), Map.of()));
        assertThat(notes.delete(Filter.all())).isEqualTo(2);
        assertThat(notes.count()).isZero();
    }

    @Test
    void projectsMembers() {
        notes.insert(Json.parse("{\"id\":\"n1\",\"a\":{\"x\":1,\"y\":{\"z\":2}},\"b\":[{\"x\":1}],\"c.d\":3}"));

        assertThat(projected(DocumentQuery.all().fields("a.x", "b")))
                .isEqualTo("{\"id\":\"n1\",\"a\":{\"x\":1},\"b\":[{\"x\":1}]}");
        assertThat(projected(DocumentQuery.all().fields("\"c.d\"", "a.y.z", "gone.x")))
                .isEqualTo("{\"id\":\"n1\",\"a\":{\"y\":{\"z\":2}},\"c.d\":3}");
        assertThat(projected(DocumentQuery.all().without("a.x", "b", "id")))
                .isEqualTo("{\"id\":\"n1\",\"a\":{\"y\":{\"z\":2}},\"c.d\":3}");
        assertThat(notes.page(DocumentQuery.all().fields("b"), Optional.empty(), 5)
                        .documents()
                        .getFirst())
                .hasToString("{\"id\":\"n1\",\"b\":[{\"x\":1}]}");
        assertRefused("collection.projection", () -> DocumentQuery.all().fields("b[0].x"));
        assertRefused("collection.projection", () -> DocumentQuery.all().fields("$"));
    }

    @Test
    void keepsNumbersAndTextExactly() {
        String text = "{\"id\":\"n1\",\"big\":123456789012345678901234567890,\"f\":1.10,\"t\":\"a\\u0000b\\ud83d\"}";

        notes.insert(Json.parse(text));

        assertThat(notes.get("n1").orElseThrow().json()).isEqualTo(Json.parse(text));
        assertThat(notes.find(Filter.where("f").eq(1.1))).hasSize(1);
    }

    @Test
    void refusesDocumentsBeyondTheLimits() {
        store.room()
                .limits(CollectionLimits.defaults().withDocumentBytesMax(100).withBatchDocumentsMax(2));

        assertRefused("collection.document_too_large", () -> notes.insert(Map.of("a", "x".repeat(100))));
        assertRefused("collection.batch", () -> notes.insertMany(List.of(Map.of(), Map.of(), Map.of())));
        notes.insert(Map.of("id", "n1"));
        assertRefused("collection.document_too_large", () -> notes.update("n1", Map.of("a", "x".repeat(100))));
        assertThat(notes.count()).isEqualTo(1);
    }

    @Test
    void getOfWhatCannotBeAnIdIsEmpty() {
        assertThat(Arrays.asList("", "a\u0000", "x".repeat(600), "\ud800").stream()
                        .map(notes::get))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void streamsManyDocumentsLazily() {
        notes.insertMany(IntStream.range(0, 1_000).mapToObj(i -> Map.of("n", i)).toList());

        try (var stream = notes.stream(DocumentQuery.where(Filter.where("n").gte(10)))) {
            assertThat(stream.limit(5).map(document -> document.json().path("n").asInt()))
                    .containsExactly(10, 11, 12, 13, 14);
        }
        assertThat(notes.find(DocumentQuery.all())).hasSize(1_000);
    }

    private String projected(DocumentQuery query) {
        return notes.find(query).getFirst().toString();
    }

    private List<String> ids(DocumentQuery query) {
        return notes.find(query).stream().map(Document::id).toList();
    }

    private static void assertRefused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(InvalidInputException.class)
                .extracting(e -> ((InvalidInputException) e).code())
                .isEqualTo(code);
    }

    record Note(String id, String text, int stars) {}
}
