package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happens between many: cursors while others write, writers of one document, readers against replacements. */
public abstract class RecordSharedContract extends RecordSuite {
    private static final String DOC = "doc-1";
    private static final int WRITERS = 8;
    private static final int EACH = 10;

    /** The suite over one kind of place. */
    protected RecordSharedContract() {}

    @Test
    void aCursorShowsTheMomentOfItsFirstStep() {
        List<StoreRecord> before = List.of(record(META), entirety("1"), since("2"));
        store.appendAll(DOC, before);
        try (RecordCursor<StoreRecord> records = store.loadAll(DOC);
                RecordCursor<String> ids = store.listDocIds()) {
            List<StoreRecord> seen = new ArrayList<>(List.of(records.next()));
            assertThat(ids.next()).isEqualTo(DOC);

            store.append(DOC, since("3"));
            store.append("doc-2", record(META));
            seen.add(records.next());
            store.replace(DOC, List.of(record(META), entirety("4")));
            seen.add(records.next());
            store.delete(DOC);

            assertThat(seen).isEqualTo(before);
            assertThat(records.hasNext()).isFalse();
            assertThat(ids.hasNext()).isFalse();
        }
        assertThat(load(store, DOC)).isEmpty();
    }

    @Test
    void aCursorHoldsNothing() {
        store.appendAll(DOC, List.of(record(META), entirety("1"), since("2")));
        List<RecordCursor<StoreRecord>> open = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            RecordCursor<StoreRecord> records = store.loadAll(DOC);
            assertThat(records.next()).isEqualTo(record(META));
            open.add(records);
        }
        store.append(DOC, since("3"));

        assertThat(load(store, DOC)).hasSize(4);
        assertThat(open).allSatisfy(records -> assertThat(records.next()).isEqualTo(entirety("1")));
        open.forEach(RecordCursor::close);
        assertThat(open).noneMatch(RecordCursor::hasNext);
        assertThatThrownBy(() -> open.getFirst().next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aLogThatIsLargerThanMemoryShouldHoldIsCopiedToAFile() {
        StoreRecord large = new StoreRecord.Entry(Payload.binary(Kind.SINCE, random(300_000)), "large");
        StoreRecord text = new StoreRecord.Entry(Payload.json(Kind.SINCE, "\u00e9".repeat(300_000)), "text");
        List<StoreRecord> records = new ArrayList<>(List.of(record(META)));
        IntStream.range(0, 10).forEach(i -> records.addAll(List.of(large, text, since(Integer.toString(i)))));
        store.appendAll(DOC, records);

        try (RecordCursor<StoreRecord> open = store.loadAll(DOC);
                RecordCursor<StoreRecord> left = store.loadAll(DOC)) {
            assertThat(left.next()).isEqualTo(record(META));
            List<StoreRecord> seen = new ArrayList<>(List.of(open.next()));
            store.delete(DOC);
            open.forEachRemaining(seen::add);

            assertThat(seen).isEqualTo(records);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(3).nextBytes(bytes);
        return bytes;
    }

    @Test
    void writersOfOneDocumentLoseNothing() {
        store.append(DOC, record(META));

        together(WRITERS, writer -> {
            RecordStore mine = writer % 2 == 0 ? store : place.open("kyneta");
            for (int i = 0; i < EACH; i++) {
                mine.append(DOC, since(writer + ":" + i));
            }
            return writer;
        });

        List<String> versions = versions(DOC);
        assertThat(versions).hasSize(WRITERS * EACH);
        for (int writer = 0; writer < WRITERS; writer++) {
            String prefix = writer + ":";
            assertThat(versions.stream().filter(version -> version.startsWith(prefix)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, EACH).mapToObj(i -> prefix + i).toList());
        }
        List<Integer> numbers = place.sql(sql ->
                sql.list("select seq from kyneta_records where doc_id = ? order by seq", row -> row.getInt(1), DOC));
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(0, WRITERS * EACH).boxed().toList());
    }

    @Test
    void twelveMayMakeTheSameDocument() {
        together(12, creator -> {
            store.append(DOC, record(META));
            store.append(DOC, entirety("of " + creator));
            return creator;
        });

        assertThat(load(store, DOC)).hasSize(24);
        assertThat(store.currentMeta(DOC)).contains(META);
    }

    @Test
    void twelveMayOpenTheSameNewStore() {
        together(12, opener -> {
            try (RecordStore opened = place.open("fresh")) {
                opened.append("doc " + opener, record(META));
            }
            return opener;
        });

        assertThat(ids(place.open("fresh"), "doc ")).hasSize(12);
    }

    @Test
    void readersSeeALogBeforeOrAfterItsReplacement() {
        store.appendAll(DOC, log("0", 20));

        List<Integer> mixed = together(4, caller -> {
            int wrong = 0;
            for (int i = 0; i < 15; i++) {
                if (caller == 0) {
                    store.replace(DOC, log(Integer.toString(i), 1 + i % 20));
                } else {
                    List<StoreRecord> seen = load(store, DOC);
                    StoreRecord.Entry first = (StoreRecord.Entry) seen.get(1);
                    boolean whole = seen.stream()
                            .skip(1)
                            .allMatch(one -> ((StoreRecord.Entry) one).version().equals(first.version()));
                    wrong += whole && !seen.isEmpty() ? 0 : 1;
                }
            }
            return wrong;
        });

        assertThat(mixed).containsOnly(0);
    }

    private static List<StoreRecord> log(String version, int entries) {
        return Stream.concat(
                        Stream.of(record(META)), IntStream.range(0, entries).mapToObj(i -> entirety(version)))
                .toList();
    }

    @Test
    void whateverIsDoneAtOnceEndsCoherent() {
        together(6, caller -> {
            SplittableRandom random = new SplittableRandom(caller);
            for (int i = 0; i < 20; i++) {
                anything(random, "doc " + random.nextInt(3));
            }
            return caller;
        });

        for (String docId : List.of("doc 0", "doc 1", "doc 2")) {
            List<StoreRecord> log = load(store, docId);
            Optional<StoreMeta> last = log.stream()
                    .filter(StoreRecord.Meta.class::isInstance)
                    .map(meta -> ((StoreRecord.Meta) meta).meta())
                    .reduce((earlier, later) -> later);
            assertThat(store.currentMeta(docId)).as(docId).isEqualTo(last);
            assertThat(log.isEmpty()).as(docId).isEqualTo(last.isEmpty());
        }
    }

    private void anything(SplittableRandom random, String docId) {
        try {
            switch (random.nextInt(5)) {
                case 0 -> store.append(docId, record(meta("" + random.nextInt(9))));
                case 1 -> store.append(docId, since("1"));
                case 2 -> store.replace(docId, List.of(entirety("2"), record(meta("" + random.nextInt(9)))));
                case 3 -> store.delete(docId);
                default -> store.appendAll(docId, List.of(record(META), since("3")));
            }
        } catch (RecordStoreException e) {
            assertThat(e.code()).isEqualTo("meta-required");
        }
    }

    private List<String> versions(String docId) {
        return load(store, docId).stream()
                .filter(StoreRecord.Entry.class::isInstance)
                .map(entry -> ((StoreRecord.Entry) entry).version())
                .toList();
    }
}
