package dev.holdfast.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.collection.CollectionWatch.Kind;
import dev.holdfast.collection.CollectionWatch.Update;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchViewTest {
    private static final Filter OLD = Filter.where("age").gte(50);

    @Test
    void tellsNothingTwice() {
        WatchView view = view(Filter.all(), 0, Map.of());

        assertThat(kind(view, document("a", 1, 5, 5))).contains(Kind.ADDED);
        assertThat(kind(view, document("a", 1, 5, 5))).isEmpty();
        assertThat(kind(view, document("a", 1, 6, 5))).contains(Kind.CHANGED);
        assertThat(gone(view, "a")).contains(Kind.REMOVED);
        assertThat(gone(view, "a")).isEmpty();
        assertThat(kind(view, document("a", 1, 9, 9))).contains(Kind.ADDED);
    }

    @Test
    void aDocumentThatWasThereBeforeHasChanged() {
        WatchView view = view(Filter.all(), 7, Map.of());

        assertThat(kind(view, document("a", 1, 8, 5))).contains(Kind.CHANGED);
        assertThat(kind(view, document("b", 1, 9, 9))).contains(Kind.ADDED);
        assertThat(gone(view, "c")).contains(Kind.REMOVED);
    }

    @Test
    void withAFilterEveryUpdateIsToldForWhatItIs() {
        WatchView view = view(OLD, 7, Map.of("a", 3L));

        assertThat(kind(view, document("a", 60, 3, 3))).isEmpty();
        assertThat(kind(view, document("a", 61, 8, 3))).contains(Kind.CHANGED);
        assertThat(kind(view, document("a", 10, 9, 3))).contains(Kind.REMOVED);
        assertThat(kind(view, document("a", 11, 10, 3))).isEmpty();
        assertThat(kind(view, document("a", 62, 11, 3))).contains(Kind.ADDED);
        assertThat(kind(view, document("b", 70, 12, 2))).contains(Kind.ADDED);
        assertThat(gone(view, "c")).isEmpty();
        assertThat(gone(view, "b")).contains(Kind.REMOVED);
    }

    @Test
    void goingOnWithoutKnowingWhatMatchedTellsRatherTooMuch() {
        WatchView view = new WatchView(OLD);
        view.reached(7);

        assertThat(kind(view, document("a", 60, 8, 3))).contains(Kind.CHANGED);
        assertThat(kind(view, document("b", 10, 8, 3))).contains(Kind.REMOVED);
        assertThat(kind(view, document("b", 11, 9, 3))).isEmpty();
        assertThat(kind(view, document("c", 10, 9, 9))).isEmpty();
        assertThat(kind(view, document("c", 60, 10, 9))).contains(Kind.ADDED);
    }

    @Test
    void remembersOnlySoMuch() {
        Map<String, Long> versions = new HashMap<>();
        for (int i = 0; i < 100_001; i++) {
            versions.put("n" + i, 1L);
        }
        WatchView view = view(OLD, 7, versions);

        assertThat(view.isFull(100_000)).isFalse();
        assertThat(view.isFull(100_001)).isTrue();
        assertThat(kind(view, document("new", 60, 8, 3))).contains(Kind.CHANGED);
        assertThat(gone(view, "never told")).contains(Kind.REMOVED);
    }

    private static WatchView view(Filter where, long reached, Map<String, Long> matching) {
        WatchView view = new WatchView(where);
        view.restart(matching);
        view.reached(reached);
        return view;
    }

    private static Optional<Kind> kind(WatchView view, Document document) {
        return view.update(document.id(), Optional.of(document)).map(Update::kind);
    }

    private static Optional<Kind> gone(WatchView view, String id) {
        return view.update(id, Optional.empty()).map(Update::kind);
    }

    private static Document document(String id, int age, long versionstamp, long first) {
        byte[] body = Json.text(Json.parse("{\"id\":\"" + id + "\",\"age\":" + age + "}"))
                .getBytes(StandardCharsets.UTF_8);
        return new Document(id, body, new Document.Stamps(versionstamp, first, 0, 0));
    }
}
