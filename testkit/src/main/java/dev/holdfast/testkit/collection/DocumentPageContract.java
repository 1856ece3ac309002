package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionLimits;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentPage;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.testkit.Contract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages, cursors and sorts. */
public abstract class DocumentPageContract extends Contract {
    private TestStore store;
    private Collection things;

    /** A suite over the stores of one engine. */
    protected DocumentPageContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        things = store.collection("things");
        things.insertMany(IntStream.range(0, 100)
                .mapToObj(i -> Map.of("id", "n" + (100 + i), "age", i % 10))
                .toList());
    }

    @Test
    void saysWhyAPageEnded() {
        DocumentPage first = things.page(DocumentQuery.all(), Optional.empty(), 60);
        DocumentPage second = things.page(DocumentQuery.all(), first.cursor(), 60);

        assertThat(first.end()).isEqualTo(DocumentPage.End.COUNT);
        assertThat(first.documents()).hasSize(60);
        assertThat(second.end()).isEqualTo(DocumentPage.End.EXHAUSTED);
        assertThat(second.documents()).hasSize(40);
        assertThat(second.cursor()).isEmpty();
    }

    @Test
    void aFullPageThatIsTheLastHasNoCursor() {
        DocumentPage page = things.page(DocumentQuery.all(), Optional.empty(), 100);

        assertThat(page.documents()).hasSize(100);
        assertThat(page.cursor()).isEmpty();
    }

    @Test
    void largeDocumentsComeWholeAndInOrderThoughAStatementReadsFewOfThem() {
        // 12 MiB: several times what one statement reads, with small documents between.
        Collection large = store.collection("large");
        large.createIndex(DocumentIndex.on("by_rank", "rank"));
        List<String> ids = IntStream.range(10, 34).mapToObj(i -> "n" + i).toList();
        for (int i = 0; i < ids.size(); i++) {
            large.insert(Map.of("id", ids.get(i), "rank", i, "text", "x".repeat(i % 2 == 0 ? 1 << 20 : 1_000)));
        }
        List<DocumentQuery> queries = List.of(
                DocumentQuery.all(),
                DocumentQuery.all().sort("rank"),
                DocumentQuery.where(Filter.where("rank").gte(0)),
                DocumentQuery.where(Filter.where("rank")
                                .in(IntStream.range(0, 24).boxed().toList()))
                        .sort("rank"),
                DocumentQuery.where(Filter.where("text").startsWith("x")),
                DocumentQuery.where(Filter.where("id").in(ids)));

        for (DocumentQuery query : queries) {
            assertThat(large.find(query)).extracting(Document::id).isEqualTo(ids);
            assertThat(large.find(query.limit(20))).extracting(Document::id).isEqualTo(ids.subList(0, 20));
        }
        assertThat(large.find(DocumentQuery.all().sort("-rank")))
                .extracting(Document::id)
                .isEqualTo(ids.reversed());
    }

    @Test
    void endsByTheBytesOfItsDocuments() {
        Collection large = store.collection("large");
        for (int i = 0; i < 4; i++) {
            large.insert(Map.of("id", "n" + i, "text", "x".repeat(6 << 20)));
        }

        DocumentPage page = large.page(DocumentQuery.all(), Optional.empty(), 10);

        assertThat(page.end()).isEqualTo(DocumentPage.End.BYTES);
        assertThat(page.documents()).hasSize(3);
        assertThat(large.page(DocumentQuery.all(), page.cursor(), 10).documents())
                .extracting(Document::id)
                .containsExactly("n3");
    }

    @Test
    void pagesStayApartWhileDocumentsComeGoAndMove() {
        for (boolean indexed : new boolean[] {false, true}) {
            DocumentQuery query =
                    DocumentQuery.where(Filter.where("age").gte(2)).sort("-age");
            if (indexed) {
                things.createIndex(DocumentIndex.on("by_age", "age"));
            }
            DocumentPage first = things.page(query, Optional.empty(), 15);
            Document last = first.documents().getLast();

            things.delete(last.id());
            things.insert(Map.of("id", "before" + indexed, "age", 9));
            things.insert(Map.of("id", "behind" + indexed, "age", 2));
            List<String> rest = allPages(query, first.cursor());

            assertThat(rest)
                    .doesNotContainAnyElementsOf(
                            first.documents().stream().map(Document::id).toList())
                    .doesNotContain("before" + indexed)
                    .contains("behind" + indexed);
            things.upsert(Map.of("id", last.id(), "age", last.json().path("age").asInt()));
            things.delete("before" + indexed);
            things.delete("behind" + indexed);
            assertThat(rest).hasSize(80 - 15 + 1);
        }
    }

    @Test
    void goesOnInTheSameOrderWhenTheIndexThatGaveItIsGone() {
        things.createIndex(DocumentIndex.on("by_age", "age"));
        DocumentQuery unsorted = DocumentQuery.where(Filter.where("age").gte(5));
        List<String> whole = things.find(unsorted).stream().map(Document::id).toList();
        DocumentPage first = things.page(unsorted, Optional.empty(), 7);

        things.dropIndex("by_age");
        List<String> rest = allPages(unsorted, first.cursor());

        List<String> both =
                new ArrayList<>(first.documents().stream().map(Document::id).toList());
        both.addAll(rest);
        assertThat(both)
                .isEqualTo(whole)
                .isNotEqualTo(things.find(unsorted).stream().map(Document::id).toList());
    }

    @Test
    void aStreamGoesOnWhenTheIndexThatGaveItsOrderIsGone() {
        things.createIndex(DocumentIndex.on("by_age", "age"));
        List<String> expected = things.find(DocumentQuery.all().sort("age")).stream()
                .map(Document::id)
                .toList();

        try (var stream = things.stream(DocumentQuery.all().sort("age"))) {
            var iterator = stream.iterator();
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add(iterator.next().id());
            }
            things.dropIndex("by_age");
            iterator.forEachRemaining(document -> ids.add(document.id()));

            assertThat(ids).isEqualTo(expected);
        }
    }

    @Test
    void refusesACursorOfAnotherSort() {
        Optional<String> cursor = things.page(DocumentQuery.all().sort("age"), Optional.empty(), 5)
                .cursor();

        assertRefused("collection.cursor", () -> things.page(DocumentQuery.all().sort("-age"), cursor, 5));
    }

    @Test
    void refusesWhatIsNoCursor() {
        for (String text : List.of(
                "",
                "x",
                "!!",
                encoded("7"),
                encoded("[]"),
                encoded("[1,[],false,[],7]"),
                encoded("[2,[],false,[],\"a\"]"),
                encoded("[1,[\"a\"],false,[],\"a\"]"),
                encoded("[1,[],false,[],\"\\u0000\"]"),
                encoded("[1,[\"\"],false,[\"AA\"],\"a\"]"),
                encoded("[1,[1,2,3,4,5,6,7,8,9],false,[],\"a\"]"),
                "A".repeat(100_000))) {
            assertRefused("collection.cursor", () -> things.page(DocumentQuery.all(), Optional.of(text), 5));
        }
    }

    @Test
    void refusesSizesOutOfRange() {
        assertRefused("collection.page_size", () -> things.page(DocumentQuery.all(), Optional.empty(), 0));
        assertRefused("collection.page_size", () -> things.page(DocumentQuery.all(), Optional.empty(), 1_001));
    }

    @Test
    void refusesToSortMoreThanTheLimitsInMemory() {
        store.room().limits(CollectionLimits.defaults().withSortDocumentsMax(50));

        assertRefused(
                "collection.sort_limit", () -> things.find(DocumentQuery.all().sort("age")));
        assertRefused(
                "collection.sort_limit",
                () -> things.find(DocumentQuery.all().sort("age").limit(60)));
        assertThat(things.find(DocumentQuery.all().sort("age").limit(50))).hasSize(50);
        store.room().limits(CollectionLimits.defaults().withSortBytesMax(1 << 10));
        assertRefused(
                "collection.sort_limit", () -> things.find(DocumentQuery.all().sort("age")));
        assertThat(things.find(DocumentQuery.all().sort("age").limit(10))).hasSize(10);
        things.createIndex(DocumentIndex.on("by_age", "age"));
        assertThat(things.find(DocumentQuery.all().sort("age"))).hasSize(100);
    }

    private List<String> allPages(DocumentQuery query, Optional<String> from) {
        List<String> ids = new ArrayList<>();
        Optional<String> cursor = from;
        while (cursor.isPresent()) {
            DocumentPage page = things.page(query, cursor, 9);
            page.documents().forEach(document -> ids.add(document.id()));
            cursor = page.cursor();
        }
        return ids;
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(InvalidInputException.class)
                .extracting(e -> ((InvalidInputException) e).code())
                .isEqualTo(code);
    }
}
