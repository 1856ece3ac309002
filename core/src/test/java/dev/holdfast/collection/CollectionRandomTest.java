package dev.holdfast.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Random programs on a collection and on its model, compared after every step. */
class CollectionRandomTest {
    private static final int STEPS = 10_000;
    private static final int STEPS_SHOWN = 30;
    private static final int DOCUMENTS_MAX = 150;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final RandomDocuments make = new RandomDocuments(random);
    private final Deque<String> last = new ArrayDeque<>();
    private CollectionModel model = new CollectionModel();

    @Test
    void agreesWithTheModelInMemory() {
        try (TestStore store = TestStore.inMemory()) {
            run(store);
        }
    }

    @Test
    void agreesWithTheModelOnAFile() {
        try (TestStore store = TestStore.onFile(folder.resolve("a.db"))) {
            run(store);
        }
    }

    private void run(TestStore store) {
        Collection collection = store.collection("things");
        try {
            for (int i = 0; i < STEPS; i++) {
                if (random.nextInt(25) == 0) {
                    inTransaction(store);
                } else {
                    step(collection);
                }
                if (i % 100 == 0) {
                    compareTables(store, collection);
                }
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", last steps:\n  " + String.join("\n  ", last), e);
        }
    }

    /** Some steps in one transaction, which is rolled back half of the time. */
    private void inTransaction(TestStore store) {
        CollectionModel before = model.copy();
        boolean rollBack = random.nextBoolean();
        note("transaction" + (rollBack ? " to be rolled back" : ""));
        try {
            store.transaction(tx -> {
                Collection inside = Collection.in(tx, "things");
                for (int i = random.nextInt(8); i >= 0; i--) {
                    edit(inside);
                    read(inside);
                }
                if (rollBack) {
                    throw new IllegalStateException("roll back");
                }
                return inside;
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("roll back");
            model = before;
        }
    }

    private void step(Collection collection) {
        switch (random.nextInt(20)) {
            case 0 -> createIndex(collection);
            case 1 -> dropIndex(collection);
            case 2, 3, 4, 5, 6, 7, 8, 9 -> read(collection);
            case 10 -> {
                if (random.nextInt(40) == 0) {
                    note("drop");
                    collection.drop();
                    model = new CollectionModel();
                }
                collection.insertMany(List.of());
            }
            default -> edit(collection);
        }
    }

    private void edit(Collection collection) {
        if (model.documents.size() > DOCUMENTS_MAX) {
            delete(collection, Filter.where("a").gte(2));
        }
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> insert(collection);
            case 3 -> insertMany(collection);
            case 4 -> upsert(collection);
            case 5 -> upsertByFilter(collection);
            case 6, 7, 8 -> updateOne(collection);
            case 9 -> updateMany(collection);
            case 10 -> deleteOne(collection);
            default -> {
                if (random.nextInt(4) == 0) {
                    delete(collection, make.filter(2));
                }
            }
        }
    }

    private void insert(Collection collection) {
        ObjectNode document = make.document();
        if (random.nextBoolean()) {
            document.put("id", make.id());
        }
        note("insert " + document);
        String id = document.path("id").asString("");
        boolean taken = model.documents.containsKey(id);
        boolean unique = taken || model.isUnique(model.with(Map.of(id, document)));
        Optional<Document> inserted = refusedUnless(
                !taken && unique, taken ? "collection.exists" : "collection.unique", () -> collection.insert(document));
        inserted.ifPresent(stored -> model.documents.put(stored.id(), stored.json()));
    }

    private void insertMany(Collection collection) {
        List<ObjectNode> documents = new ArrayList<>();
        Map<String, ObjectNode> all = new HashMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            ObjectNode document = make.document().put("id", "many" + random.nextInt(400));
            documents.add(document);
            all.put(document.path("id").stringValue(), document);
        }
        note("insertMany " + documents);
        boolean taken = all.size() < documents.size() || all.keySet().stream().anyMatch(model.documents::containsKey);
        boolean unique = taken || model.isUnique(model.with(all));
        refusedUnless(
                        !taken && unique,
                        taken ? "collection.exists" : "collection.unique",
                        () -> collection.insertMany(documents))
                .ifPresent(stored -> stored.forEach(document -> model.documents.put(document.id(), document.json())));
    }

    private void upsert(Collection collection) {
        ObjectNode document = make.document().put("id", make.id());
        note("upsert " + document);
        boolean unique = model.isUnique(model.with(Map.of(document.path("id").stringValue(), document)));
        refusedUnless(unique, "collection.unique", () -> collection.upsert(document))
                .ifPresent(stored -> model.documents.put(stored.id(), stored.json()));
    }

    private void upsertByFilter(Collection collection) {
        Filter where = make.filter(1);
        ObjectNode document = make.document();
        note("upsert where " + where.toJson() + " " + document);
        Optional<String> first = model.matching(where).keySet().stream().findFirst();
        ObjectNode next = first.map(id -> merged(Objects.requireNonNull(model.documents.get(id)), document))
                .orElse(document);
        boolean unique = model.isUnique(model.with(Map.of(first.orElse(""), next)));
        refusedUnless(unique, "collection.unique", () -> collection.upsert(where, document))
                .ifPresent(stored -> {
                    assertThat(stored.id()).isEqualTo(first.orElse(stored.id()));
                    model.documents.put(stored.id(), stored.json());
                });
    }

    private void updateOne(Collection collection) {
        String id = make.id();
        ObjectNode patch = make.document();
        boolean exists = model.documents.containsKey(id);
        int kind = random.nextInt(3);
        note("update " + id + " kind " + kind + " " + patch);
        DocumentUpdate update = update(kind, patch);
        ObjectNode next = exists ? next(kind, Objects.requireNonNull(model.documents.get(id)), patch) : patch;
        boolean unique = !exists || model.isUnique(model.with(Map.of(id, next)));
        refusedUnless(unique, "collection.unique", () -> collection.update(id, update))
                .ifPresent(stored -> {
                    assertThat(stored.isPresent()).isEqualTo(exists);
                    stored.ifPresent(document -> {
                        assertThat((JsonNode) document.json()).isEqualTo(next);
                        model.documents.put(id, next);
                    });
                });
    }

    private void updateMany(Collection collection) {
        Filter where = make.filter(2);
        ObjectNode patch = make.document();
        int kind = random.nextInt(3);
        note("update where " + where.toJson() + " kind " + kind + " " + patch);
        Map<String, ObjectNode> changed = new LinkedHashMap<>();
        model.matching(where).forEach((id, document) -> changed.put(id, next(kind, document, patch)));
        boolean unique = model.isUnique(model.with(changed));
        refusedUnless(unique, "collection.unique", () -> collection.update(where, update(kind, patch)))
                .ifPresent(count -> {
                    assertThat(count).isEqualTo(changed.size());
                    model.documents.putAll(changed);
                });
    }

    private static DocumentUpdate update(int kind, ObjectNode patch) {
        return switch (kind) {
            case 0 -> DocumentUpdate.merge(patch).remove("b");
            case 1 -> DocumentUpdate.replace(patch);
            default ->
                DocumentUpdate.apply(tree -> {
                    JsonNode value = patch.path("a").isMissingNode() ? tree.path("b") : patch.path("a");
                    return value.isMissingNode() ? tree : tree.set("a", value.deepCopy());
                });
        };
    }

    private static ObjectNode next(int kind, ObjectNode document, ObjectNode patch) {
        return switch (kind) {
            case 0 -> {
                ObjectNode next = merged(document, patch);
                next.remove("b");
                yield next;
            }
            case 1 -> merged(patch.objectNode().set("id", document.path("id")), patch);
            default -> {
                ObjectNode next = document.deepCopy();
                JsonNode value = patch.path("a").isMissingNode() ? document.path("b") : patch.path("a");
                if (!value.isMissingNode()) {
                    next.set("a", value);
                }
                yield next;
            }
        };
    }

    private static ObjectNode merged(ObjectNode document, ObjectNode patch) {
        ObjectNode next = document.deepCopy();
        next.setAll(patch);
        return next;
    }

    private void deleteOne(Collection collection) {
        String id = make.id();
        note("delete " + id);
        assertThat(collection.delete(id)).isEqualTo(model.documents.remove(id) != null);
    }

    private void delete(Collection collection, Filter where) {
        note("delete where " + where.toJson());
        Map<String, ObjectNode> gone = model.matching(where);
        assertThat(collection.delete(where)).isEqualTo(gone.size());
        gone.keySet().forEach(model.documents::remove);
    }

    private void createIndex(Collection collection) {
        DocumentIndex index = make.index();
        if (model.indexes.containsKey(index.name())) {
            return;
        }
        note("create " + index);
        boolean unique = !index.unique() || CollectionModel.isUnique(index, model.documents);
        refusedUnless(unique, "collection.unique", () -> {
                    collection.createIndex(index);
                    return index;
                })
                .ifPresent(made -> model.indexes.put(made.name(), made));
    }

    private void dropIndex(Collection collection) {
        String name = "i" + random.nextInt(6);
        note("drop index " + name);
        assertThat(collection.dropIndex(name)).isEqualTo(model.indexes.remove(name) != null);
    }

    private void read(Collection collection) {
        DocumentQuery query = make.query();
        note("find " + query.where().toJson() + " " + query.elements() + " " + query.sort() + " " + query.limit()
                + " by " + collection.explain(query));
        switch (random.nextInt(4)) {
            case 0 -> page(collection, query);
            case 1 ->
                assertThat(collection.count(query.where()))
                        .isEqualTo(model.matching(query.where()).size());
            default -> find(collection, query);
        }
        String id = make.id();
        assertThat(collection.get(id).map(Document::json).orElse(null)).isEqualTo(model.documents.get(id));
    }

    private void find(Collection collection, DocumentQuery query) {
        List<Document> found = collection.find(query);
        List<String> expected = model.find(query);
        List<String> ids = found.stream().map(Document::id).toList();
        int size = query.limit() == 0 ? expected.size() : (int) Math.min(expected.size(), query.limit());
        if (query.sort().isEmpty()) {
            assertThat(ids).hasSize(size).doesNotHaveDuplicates().isSubsetOf(expected);
        } else {
            assertThat(ids).isEqualTo(expected.subList(0, size));
        }
        found.forEach(document -> assertThat((JsonNode) document.json()).isEqualTo(model.documents.get(document.id())));
    }

    /** All pages, while indexes come and go between them. */
    private void page(Collection collection, DocumentQuery query) {
        List<String> ids = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        int size = 1 + random.nextInt(20);
        boolean comeAndGo = random.nextInt(3) == 0;
        do {
            DocumentPage page = collection.page(query, cursor, size);
            page.documents().forEach(document -> ids.add(document.id()));
            cursor = page.cursor();
            if (comeAndGo && cursor.isPresent()) {
                dropIndex(collection);
            }
        } while (cursor.isPresent());
        List<String> expected = model.find(query);
        if (query.sort().isEmpty()) {
            assertThat(ids).containsExactlyInAnyOrderElementsOf(expected);
        } else {
            assertThat(ids).isEqualTo(expected);
        }
    }

    /** What is stored is what the documents say, no more and no less. */
    private void compareTables(TestStore store, Collection collection) {
        assertThat(collection.count()).isEqualTo(model.documents.size());
        assertThat(store.rows("documents")).isEqualTo(model.documents.size());
        long entries = 0;
        long places = 0;
        for (DocumentIndex index : model.indexes.values()) {
            StoredIndex stored = new StoredIndex(0, index, StoredIndex.State.COMPLETE, "");
            for (ObjectNode document : model.documents.values()) {
                entries += stored.entries(document).size();
                places += stored.uniqueKeys(document).size();
            }
        }
        assertThat(store.rows("document_index")).isEqualTo(entries);
        assertThat(store.rows("document_unique")).isEqualTo(places);
        assertThat(collection.indexes()).extracting(IndexInfo::index).containsExactlyElementsOf(model.indexes.values());
    }

    private <R> Optional<R> refusedUnless(boolean allowed, String code, Supplier<R> call) {
        try {
            R result = call.get();
            assertThat(allowed).as("should be refused with " + code).isTrue();
            return Optional.of(result);
        } catch (InvalidInputException e) {
            assertThat(allowed).as(String.valueOf(e.getMessage())).isFalse();
            assertThat(e.code()).isEqualTo(code);
            return Optional.empty();
        }
    }

    private void note(String step) {
        last.addLast(step.length() > 300 ? step.substring(0, 300) + "..." : step);
        if (last.size() > STEPS_SHOWN) {
            last.removeFirst();
        }
    }
}
