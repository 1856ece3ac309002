package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Namespace;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.search.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The calls of the page on full-text search. */
final class SearchCalls {
    private static final List<String> TITLE = List.of("title");

    private SearchCalls() {}

    static Calls all() {
        return new Calls()
                .add(
                        "`kv.search().createIndex` over *n*",
                        SearchCalls::posts,
                        (at, run, n) ->
                                at.kv().search().createIndex(KeyPrefix.of("posts", run), TITLE, Tokenizer.PORTER, true))
                .add(
                        "`kv.set` of a new entry below an index",
                        SearchCalls::index,
                        (at, run, n) -> at.kv().set(Key.of("posts", run), post(run)))
                .add(
                        "`kv.set` of an entry that was there",
                        (at, run, n) -> {
                            index(at, run, n);
                            at.kv().set(Key.of("posts", run), post(run));
                        },
                        (at, run, n) -> at.kv().set(Key.of("posts", run), post(run + 1)))
                .add(
                        "`kv.deleteExact` below an index",
                        (at, run, n) -> {
                            index(at, run, n);
                            at.kv().set(Key.of("posts", run), post(run));
                        },
                        (at, run, n) -> assertThat(at.kv().deleteExact(Key.of("posts", run)))
                                .isTrue())
                .add(
                        "`kv.search().find` of *n*",
                        (at, run, n) -> {
                            index(at, run, n);
                            posts(at, run, n);
                        },
                        (at, run, n) -> assertThat(at.kv().search().find(KvSelection.below("posts"), "run" + run))
                                .hasSize(n))
                .add(
                        "`insert` into a collection with an index",
                        SearchCalls::notes,
                        (at, run, n) -> at.collection("notes").insert(post(run)))
                .add(
                        "`collection.search().find` of *n*",
                        (at, run, n) -> {
                            notes(at, run, n);
                            at.collection("notes")
                                    .insertMany(IntStream.range(0, n)
                                            .mapToObj(i -> post(run))
                                            .toList());
                        },
                        (at, run, n) -> assertThat(
                                        at.collection("notes").search().find("run" + run, 0))
                                .hasSize(n));
    }

    private static Map<String, Object> post(int run) {
        return Map.of("title", "a post of run" + run);
    }

    private static void posts(Namespace at, int run, int n) {
        KvAtomic atomic = at.kv().atomic();
        IntStream.range(0, n).forEach(i -> atomic.set(Key.of("posts", run, i), post(run)));
        assertThat(atomic.commit().isCommitted()).isTrue();
    }

    private static void index(Namespace at, int run, int n) {
        if (run == 0) {
            at.kv().search().createIndex(KeyPrefix.of("posts"), TITLE, Tokenizer.PORTER, false);
        }
    }

    private static void notes(Namespace at, int run, int n) {
        if (run == 0) {
            at.collection("notes").search().createIndex(TITLE, Tokenizer.PORTER);
        }
    }
}
