package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSearch;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.v8.V8Json;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What full-text search promises: which documents match which query, and that every kind of write keeps it in step. */
public abstract class SearchContract extends KvSuite {
    private static final KeyPrefix NOTES = KeyPrefix.of("notes");

    /** The suite over the stores of one engine. */
    protected SearchContract() {}

    @BeforeEach
    void index() {
        kv.search().createIndex(NOTES, List.of("title", "tags", "meta.author"), Tokenizer.UNICODE61, false);
    }

    @Test
    void allWordsMustOccurInAnyFieldAndOrder() {
        note(1, "The quick brown fox", "animal", "Ann");
        note(2, "Brown bread", "food", "Bob");

        assertThat(find("brown")).containsExactlyInAnyOrder(1, 2);
        assertThat(find("fox BROWN")).containsExactly(1);
        assertThat(find("bread ann")).isEmpty();
        assertThat(find("ann animal quick")).containsExactly(1);
        assertThat(find("bro")).isEmpty();
        assertThat(find("other")).isEmpty();
    }

    @Test
    void caseAndAccentsAreIgnored() {
        note(1, "Café ÜBER naïve", "x", "x");

        assertThat(find("cafe")).containsExactly(1);
        assertThat(find("CAFÉ")).containsExactly(1);
        assertThat(find("über NAIVE")).containsExactly(1);
    }

    @Test
    void everyTextIsAQueryAndOneWithoutWordsFindsNothing() {
        note(1, "it's a \"well-known\" case: 100% a*b (c)", "x", "x");

        for (String query : List.of("", " ", "-", "'", "\"", "*", "(", ":", "&|!", "title:", "\u0000")) {
            assertThat(find(query)).as(query).isEmpty();
        }
        for (String query : List.of("well-known", "it's", "100%", "\"well known\"", "\"known case", "a*b", "NOT")) {
            assertThat(find(query)).as(query).isEqualTo(query.equals("NOT") ? List.of() : List.of(1));
        }
    }

    @Test
    void prefixesPhrasesAndAlternativesAreUnderstood() {
        note(1, "running for office", "x", "x");
        note(2, "office for rent", "x", "x");

        assertThat(find("run*")).containsExactly(1);
        assertThat(find("\"for office\"")).containsExactly(1);
        assertThat(find("\"for rent\"")).containsExactly(2);
        assertThat(find("running OR rent")).containsExactlyInAnyOrder(1, 2);
        assertThat(find("\"office x\"")).isEmpty();
    }

    @Test
    void numbersBooleansAndWhatListsHoldAreIndexed() {
        kv.search().createIndex(KeyPrefix.of("m"), List.of("n", "flag", "list", "map"), Tokenizer.UNICODE61, false);
        kv.set(
                Key.of("m", 1),
                Map.of("n", 42, "flag", true, "list", List.of("red", List.of("blue")), "map", Map.of("k", "deep")));

        for (String query : List.of("42", "true", "red", "blue", "deep")) {
            assertThat(ids(kv.search().find(KvSelection.below("m"), query)))
                    .as(query)
                    .containsExactly(1);
        }
    }

    @Test
    void aV8ValueIsFoundByTheWordsOfItsJsonForm() {
        byte[] apple = V8Json.encode(Json.parse("{\"title\":\"apple\"}"));
        kv.set(Key.of("notes", 1), KvValue.v8(apple), Optional.empty());
        kv.set(Key.of("notes", 2), KvValue.v8(apple), Optional.empty());
        kv.set(Key.of("old", 1), KvValue.v8(apple), Optional.empty());
        kv.set(Key.of("old", 2), KvValue.v8(new byte[1]), Optional.empty());
        assertThat(find("apple")).containsExactly(1, 2);

        kv.set(Key.of("notes", 1), KvValue.v8(new byte[1]), Optional.empty());
        kv.search().createIndex(KeyPrefix.of("old"), List.of("title"), Tokenizer.UNICODE61, true);

        assertThat(find("apple")).containsExactly(2);
        assertThat(ids(kv.search().find(KvSelection.below("old"), "apple"))).containsExactly(1);
    }

    @Test
    void porterFindsWordsOfTheSameStemAndAsciiLeavesAccents() {
        kv.search().createIndex(KeyPrefix.of("p"), List.of("t"), Tokenizer.PORTER, false);
        kv.search().createIndex(KeyPrefix.of("q"), List.of("t"), Tokenizer.ASCII, false);
        kv.set(Key.of("p", 1), Map.of("t", "running dogs"));
        kv.set(Key.of("q", 1), Map.of("t", "naïve running"));

        for (String query : List.of("run", "runs", "running dog")) {
            assertThat(kv.search().find(KvSelection.below("p"), query))
                    .as(query)
                    .hasSize(1);
        }
        assertThat(kv.search().find(KvSelection.below("q"), "run")).isEmpty();
        assertThat(kv.search().find(KvSelection.below("q"), "RUNNING")).hasSize(1);
        assertThat(kv.search().find(KvSelection.below("q"), "naive")).isEmpty();
        assertThat(find("run")).isEmpty();
    }

    @Test
    void moreRelevantEntriesComeFirstAndEqualOnesByKey() {
        note(3, "apple", "x", "x");
        note(1, "apple", "x", "x");
        note(2, "apple apple apple", "apple", "x");

        assertThat(find("apple")).containsExactly(2, 1, 3);
        assertThat(ids(kv.search().find(KvSelection.below("notes").reversed(), "apple")))
                .containsExactly(3, 1, 2);
    }

    @Test
    void boundsFilterAndLimitHoldTheLimitLast() {
        IntStream.range(0, 300).forEach(i -> note(i, "apple", i % 2 == 0 ? "even" : "odd", "x"));
        KvSelection below = KvSelection.below("notes");

        assertThat(ids(kv.search().find(below.limit(3), "apple"))).containsExactly(0, 1, 2);
        assertThat(ids(kv.search()
                        .find(below.where(Filter.where("tags").eq("odd")).limit(2), "apple")))
                .containsExactly(1, 3);
        assertThat(ids(kv.search().find(below.from(Key.of("notes", 10)).until(Key.of("notes", 12)), "apple")))
                .containsExactly(10, 11);
        assertThat(kv.search().find(below, "apple")).hasSize(300);
        assertThat(ids(kv.search().find(below.reversed().limit(2), "apple"))).containsExactly(299, 298);
    }

    @Test
    void everyKindOfWriteKeepsTheIndexInStep() {
        note(1, "one", "x", "x");
        kv.set(Key.of("notes", 1), Map.of("title", "changed"));
        assertThat(find("one")).isEmpty();
        assertThat(find("changed")).containsExactly(1);

        kv.atomic().set(Key.of("notes", 2), Map.of("title", "second")).commit();
        assertThat(find("second")).containsExactly(2);
        kv.atomic().delete(Key.of("notes", 2)).commit();
        assertThat(find("second")).isEmpty();

        note(3, "below", "x", "x");
        kv.set(Key.of("notes", 3, "child"), Map.of("title", "below"));
        assertThat(kv.search().find(KvSelection.below("notes"), "below")).hasSize(2);
        kv.delete(Key.of("notes", 3));
        assertThat(find("below")).isEmpty();

        note(4, "filtered", "x", "x");
        kv.delete(List.of(NOTES), Optional.of(Filter.where("title").eq("filtered")));
        assertThat(find("filtered")).isEmpty();

        note(5, "bytes", "x", "x");
        kv.set(Key.of("notes", 5), KvValue.bytes(new byte[] {1}), Optional.empty());
        assertThat(find("bytes")).isEmpty();
        kv.transaction(tx -> {
            tx.set(Key.of("notes", 5), Map.of("title", "optimistic"));
            return 1;
        });
        assertThat(find("optimistic")).containsExactly(5);
    }

    @Test
    void anExpiredEntryIsFoundByNobodyBeforeItIsSweptAndAfter() {
        kv.set(Key.of("notes", 1), Map.of("title", "short"), Duration.ofSeconds(1));
        assertThat(find("short")).containsExactly(1);

        time.advance(Duration.ofSeconds(1));

        assertThat(find("short")).isEmpty();
        assertThat(documents()).isEqualTo(1);
        KvRoom.of(store.database()).sweep("default");
        assertThat(find("short")).isEmpty();
        assertThat(documents()).isZero();
    }

    @Test
    void whatIsTakenBackIsNotFound() {
        assertThatThrownBy(() -> store.session().write(UnitKind.USER, tx -> {
                    Kv inside = Kv.in(tx);
                    inside.set(Key.of("notes", 1), Map.of("title", "gone"));
                    assertThat(inside.search().find(KvSelection.below("notes"), "gone"))
                            .hasSize(1);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(find("gone")).isEmpty();
        assertThat(documents()).isZero();
    }

    @Test
    void theKeyOfThePrefixAndItsNeighboursAreNotIndexed() {
        kv.set(Key.of("notes"), Map.of("title", "apple"));
        kv.set(Key.of("notes2", 1), Map.of("title", "apple"));
        kv.set(Key.of("note", 1), Map.of("title", "apple"));

        assertThat(find("apple")).isEmpty();
    }

    @Test
    void onePrefixMayLieWithinAnother() {
        kv.search().createIndex(KeyPrefix.all(), List.of("title"), Tokenizer.UNICODE61, false);
        note(1, "apple", "x", "x");
        kv.set(Key.of("other", 1), Map.of("title", "apple"));

        assertThat(find("apple")).containsExactly(1);
        assertThat(kv.search().find(KvSelection.all(), "apple")).hasSize(2);
        assertThat(kv.search().indexes())
                .containsExactly(
                        new KvSearch.Index(KeyPrefix.all(), List.of("title"), Tokenizer.UNICODE61, false),
                        new KvSearch.Index(NOTES, List.of("title", "tags", "meta.author"), Tokenizer.UNICODE61, false));
    }

    @Test
    void entriesFromBeforeAreIndexedWhenTheyAreWrittenAgainOrAtOnceOnRequest() {
        KeyPrefix old = KeyPrefix.of("old");
        IntStream.range(0, 300).forEach(i -> kv.set(Key.of("old", i), Map.of("title", "apple")));
        kv.set(Key.of("old", "bytes"), new byte[1]);

        kv.search().createIndex(old, List.of("title"), Tokenizer.UNICODE61, false);
        assertThat(kv.search().find(KvSelection.below(old), "apple")).isEmpty();
        kv.set(Key.of("old", 5), Map.of("title", "apple"));
        assertThat(ids(kv.search().find(KvSelection.below(old), "apple"))).containsExactly(5);

        kv.search().createIndex(old, List.of("title"), Tokenizer.UNICODE61, true);
        assertThat(kv.search().find(KvSelection.below(old), "apple")).hasSize(300);
    }

    @Test
    void anIndexIsReplacedAndRemoved() {
        note(1, "apple", "pear", "x");
        kv.search().createIndex(NOTES, List.of("tags"), Tokenizer.UNICODE61, true);
        assertThat(find("apple")).isEmpty();
        assertThat(find("pear")).containsExactly(1);

        assertThat(kv.search().removeIndex(NOTES)).isTrue();

        assertThat(kv.search().removeIndex(NOTES)).isFalse();
        assertThat(kv.search().indexes()).isEmpty();
        assertThat(documents()).isZero();
        assertThatThrownBy(() -> find("apple"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("search.no_index");
        note(1, "apple", "x", "x");
        assertThat(documents()).isZero();
    }

    @Test
    void searchNeedsExactlyThePrefixOfAnIndex() {
        assertThatThrownBy(() -> kv.search().find(KvSelection.below("notes", 1), "apple"))
                .hasMessageContaining("search.no_index");
        assertThatThrownBy(() -> kv.search().find(KvSelection.all(), "apple")).hasMessageContaining("search.no_index");
    }

    @Test
    void anIndexHasOneFieldAtLeastAndNotTooMany() {
        for (List<String> fields : List.of(List.<String>of(), Collections.nCopies(33, "a"))) {
            assertThatThrownBy(() -> kv.search().createIndex(NOTES, fields, Tokenizer.UNICODE61, false))
                    .hasMessageContaining("search.fields");
        }
        assertThat(kv.search().indexes()).hasSize(1);
    }

    @Test
    void namespacesAreSearchedApart() {
        Kv other = Kv.in(store.database().session("other"));
        other.search().createIndex(NOTES, List.of("title"), Tokenizer.UNICODE61, false);
        other.set(Key.of("notes", 1), Map.of("title", "apple"));

        assertThat(find("apple")).isEmpty();
        assertThat(other.search().find(KvSelection.below("notes"), "apple")).hasSize(1);
    }

    private void note(int number, String title, String tag, String author) {
        kv.set(
                Key.of("notes", number),
                Map.of("title", title, "tags", tag, "meta", Map.of("author", author), "other", "other"));
    }

    private List<Integer> find(String query) {
        return ids(kv.search().find(KvSelection.below("notes"), query));
    }

    private static List<Integer> ids(List<KvEntry> entries) {
        return entries.stream().map(entry -> entry.key().get(1, Integer.class)).toList();
    }

    /** Documents in all indexes, also those that no search would show. */
    private long documents() {
        String text = store.database().tables().sql("select count(*) from {p}search_docs");
        return store.session().read(tx -> tx.first(text, row -> row.getLong(1)).orElseThrow());
    }
}
