package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionOptions;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentPage;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.RandomProgram.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Steps that do the same to a collection and to its model, and compare what both say. For one thread. */
final class RandomSteps {
    private static final int DOCUMENTS_MAX = 150;
    private static final String NO_BOOLEAN = """
            {"properties": {"%s": {"not": {"type": "boolean"}}}}
            """.formatted(RandomDocuments.RULED);

    private final RandomGenerator random;
    private final RandomDocuments make;
    private CollectionModel model = new CollectionModel();

    RandomSteps(RandomProgram program) {
        this.random = program.random();
        this.make = new RandomDocuments(random);
    }

    CollectionModel model() {
        return model;
    }

    /** What the collection is meant to be from now on, because a transaction has no effect. */
    void goBack(CollectionModel before) {
        model = before;
    }

    /** Any step outside a transaction. */
    Step any(Collection collection) {
        return switch (random.nextInt(20)) {
            case 0 -> createIndex(collection);
            case 1 -> dropIndex(collection);
            case 2, 3, 4, 5, 6, 7, 8 -> read(collection);
            case 9 -> search(collection);
            case 10 -> seldom(collection);
            default -> edit(collection);
        };
    }

    private Step seldom(Collection collection) {
        return switch (random.nextInt(20)) {
            case 0 ->
                new Step("drop", () -> {
                    collection.drop();
                    model = new CollectionModel();
                });
            case 1, 2 ->
                new Step("make searchable", () -> {
                    collection.search().createIndex(List.of(RandomDocuments.TEXT), Tokenizer.ASCII);
                    model.searchable = true;
                });
            case 3 ->
                new Step("drop the full-text index", () -> {
                    assertThat(collection.search().dropIndex()).isEqualTo(model.searchable);
                    model.searchable = false;
                });
            case 4, 5 ->
                new Step("set a JSON Schema", () -> {
                    collection.options(CollectionOptions.defaults().withSchema(NO_BOOLEAN));
                    model.ruled = true;
                });
            case 6, 7, 8 ->
                new Step("set no JSON Schema", () -> {
                    collection.options(CollectionOptions.defaults());
                    model.ruled = false;
                });
            default ->
                new Step(
                        "insert nothing",
                        () -> assertThat(collection.insertMany(List.of())).isEmpty());
        };
    }

    /** A step that writes documents. */
    Step edit(Collection collection) {
        if (model.documents.size() > DOCUMENTS_MAX) {
            return delete(
                    collection,
                    Filter.where("a").gte(2).or(Filter.where("b").isNull().not()));
        }
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> insert(collection);
            case 3 -> insertMany(collection);
            case 4 -> upsert(collection);
            case 5 -> upsertByFilter(collection);
            case 6, 7, 8 -> updateOne(collection);
            case 9 -> updateMany(collection);
            case 10 -> deleteOne(collection);
            default -> random.nextInt(4) == 0 ? delete(collection, make.filter(2)) : insert(collection);
        };
    }

    private Step insert(Collection collection) {
        ObjectNode document = make.document();
        if (random.nextBoolean()) {
            document.put("id", make.id());
        }
        return new Step("insert " + document, () -> {
            String id = document.path("id").asString("");
            write(Map.of(id, document), model.documents.containsKey(id), () -> collection.insert(document))
                    .ifPresent(stored -> model.documents.put(stored.id(), stored.json()));
        });
    }

    private Step insertMany(Collection collection) {
        List<ObjectNode> documents = new ArrayList<>();
        Map<String, ObjectNode> all = new HashMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            ObjectNode document = make.document().put("id", "many" + random.nextInt(400));
            documents.add(document);
            all.put(document.path("id").stringValue(), document);
        }
        return new Step("insertMany " + documents, () -> {
            boolean taken =
                    all.size() < documents.size() || all.keySet().stream().anyMatch(model.documents::containsKey);
            if (!documents.stream().allMatch(model::isAllowed)) {
                refused("collection.schema", () -> collection.insertMany(documents));
                return;
            }
            write(all, taken, () -> collection.insertMany(documents))
                    .ifPresent(
                            stored -> stored.forEach(document -> model.documents.put(document.id(), document.json())));
        });
    }

    private Step upsert(Collection collection) {
        ObjectNode document = make.document().put("id", make.id());
        return new Step(
                "upsert " + document,
                () -> write(Map.of(document.path("id").stringValue(), document), () -> collection.upsert(document))
                        .ifPresent(stored -> model.documents.put(stored.id(), stored.json())));
    }

    private Step upsertByFilter(Collection collection) {
        Filter where = make.filter(1);
        ObjectNode document = make.document();
        return new Step("upsert where " + where.toJson() + " " + document, () -> {
            Optional<String> first = model.matching(where).keySet().stream().findFirst();
            ObjectNode next = first.map(id -> merged(present(id), document)).orElse(document);
            write(Map.of(first.orElse(""), next), () -> collection.upsert(where, document))
                    .ifPresent(stored -> {
                        assertThat(stored.id()).isEqualTo(first.orElse(stored.id()));
                        model.documents.put(stored.id(), stored.json());
                    });
        });
    }

    private Step updateOne(Collection collection) {
        String id = make.id();
        ObjectNode patch = make.document();
        RandomUpdate update = RandomUpdate.of(random);
        return new Step("update " + id + " " + update + " " + patch, () -> {
            if (!model.documents.containsKey(id)) {
                assertThat(collection.update(id, update.of(patch))).isEmpty();
                return;
            }
            ObjectNode next = update.next(present(id), patch);
            write(Map.of(id, next), () -> collection.update(id, update.of(patch)))
                    .ifPresent(stored -> {
                        assertThat((JsonNode) stored.orElseThrow().json()).isEqualTo(next);
                        model.documents.put(id, next);
                    });
        });
    }

    private Step updateMany(Collection collection) {
        Filter where = make.filter(2);
        ObjectNode patch = make.document();
        RandomUpdate update = RandomUpdate.of(random);
        return new Step("update where " + where.toJson() + " " + update + " " + patch, () -> {
            Map<String, ObjectNode> changed = new LinkedHashMap<>();
            model.matching(where).forEach((id, document) -> changed.put(id, update.next(document, patch)));
            write(changed, () -> collection.update(where, update.of(patch))).ifPresent(count -> {
                assertThat(count).isEqualTo(changed.size());
                model.documents.putAll(changed);
            });
        });
    }

    private Step deleteOne(Collection collection) {
        String id = make.id();
        return new Step(
                "delete " + id, () -> assertThat(collection.delete(id)).isEqualTo(model.documents.remove(id) != null));
    }

    private Step delete(Collection collection, Filter where) {
        return new Step("delete where " + where.toJson(), () -> {
            Map<String, ObjectNode> gone = model.matching(where);
            assertThat(collection.delete(where)).isEqualTo(gone.size());
            gone.keySet().forEach(model.documents::remove);
        });
    }

    private Step createIndex(Collection collection) {
        DocumentIndex index = make.index();
        return new Step("create " + index, () -> {
            if (model.indexes.containsKey(index.name())) {
                return;
            }
            if (index.unique() && !CollectionModel.isUnique(index, model.documents)) {
                refused("collection.unique", () -> collection.createIndex(index));
                return;
            }
            collection.createIndex(index);
            model.indexes.put(index.name(), index);
        });
    }

    private Step dropIndex(Collection collection) {
        String name = "i" + random.nextInt(6);
        return new Step(
                "drop index " + name,
                () -> assertThat(collection.dropIndex(name)).isEqualTo(model.indexes.remove(name) != null));
    }

    private Step search(Collection collection) {
        String word = make.text();
        return new Step("search " + word, () -> {
            if (!model.searchable) {
                refused("search.no_index", () -> collection.search().find(word, 0));
                return;
            }
            assertThat(collection.search().find(word, 0))
                    .extracting(Document::id)
                    .containsExactlyInAnyOrderElementsOf(model.withWord(word));
        });
    }

    /** A step that reads documents. */
    Step read(Collection collection) {
        DocumentQuery query = make.query();
        String id = make.id();
        String what = query.where().toJson() + " " + query.elements() + " " + query.sort() + " " + query.limit()
                + " by " + collection.explain(query);
        Step step = switch (random.nextInt(4)) {
            case 0 -> page(what, collection, query);
            case 1 ->
                new Step(
                        "count " + what,
                        () -> assertThat(collection.count(query.where()))
                                .isEqualTo(model.matching(query.where()).size()));
            default -> new Step("find " + what, () -> find(collection, query));
        };
        return new Step(step.text(), () -> {
            step.action().run();
            assertThat(collection.get(id).map(Document::json).orElse(null)).isEqualTo(model.documents.get(id));
        });
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
    private Step page(String what, Collection collection, DocumentQuery query) {
        int size = 1 + random.nextInt(20);
        boolean comeAndGo = random.nextInt(3) == 0;
        return new Step("pages of " + size + (comeAndGo ? ", dropping indexes, " : " ") + what, () -> {
            List<String> ids = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            do {
                DocumentPage page = collection.page(query, cursor, size);
                page.documents().forEach(document -> ids.add(document.id()));
                cursor = page.cursor();
                if (comeAndGo && cursor.isPresent()) {
                    dropIndex(collection).action().run();
                }
            } while (cursor.isPresent());
            List<String> expected = model.find(query);
            if (query.sort().isEmpty()) {
                assertThat(ids).containsExactlyInAnyOrderElementsOf(expected);
            } else {
                assertThat(ids).isEqualTo(expected);
            }
        });
    }

    private <R> Optional<R> write(Map<String, ObjectNode> next, Supplier<R> call) {
        return write(next, false, call);
    }

    /**
     * Writes what may be written, and asserts that anything else is refused for its right reason.
     *
     * @param next the documents that come to be
     * @param taken whether one of them has an id that it must not have
     */
    private <R> Optional<R> write(Map<String, ObjectNode> next, boolean taken, Supplier<R> call) {
        Optional<String> refusal = refusal(next, taken);
        if (refusal.isEmpty()) {
            return Optional.of(call.get());
        }
        refused(refusal.get(), () -> assertThat(call.get()).isNull());
        return Optional.empty();
    }

    private Optional<String> refusal(Map<String, ObjectNode> next, boolean taken) {
        if (!next.values().stream().allMatch(model::isAllowed)) {
            return Optional.of("collection.schema");
        }
        if (taken) {
            return Optional.of("collection.exists");
        }
        return model.isUnique(model.with(next)) ? Optional.empty() : Optional.of("collection.unique");
    }

    private static void refused(String code, Runnable call) {
        try {
            call.run();
        } catch (InvalidInputException e) {
            assertThat(e.code()).isEqualTo(code);
            return;
        }
        throw new AssertionError("should be refused with " + code);
    }

    private ObjectNode present(String id) {
        return Objects.requireNonNull(model.documents.get(id));
    }

    private static ObjectNode merged(ObjectNode document, ObjectNode patch) {
        ObjectNode next = document.deepCopy();
        next.setAll(patch);
        return next;
    }

    /** The kinds of updates, as the collection and as the model do them. */
    private enum RandomUpdate {
        MERGE {
            @Override
            DocumentUpdate of(ObjectNode patch) {
                return DocumentUpdate.merge(patch).remove("b");
            }

            @Override
            ObjectNode next(ObjectNode document, ObjectNode patch) {
                ObjectNode next = merged(document, patch);
                next.remove("b");
                return next;
            }
        },
        REPLACE {
            @Override
            DocumentUpdate of(ObjectNode patch) {
                return DocumentUpdate.replace(patch);
            }

            @Override
            ObjectNode next(ObjectNode document, ObjectNode patch) {
                return merged(patch.objectNode().set("id", document.path("id")), patch);
            }
        },
        APPLY {
            @Override
            DocumentUpdate of(ObjectNode patch) {
                return DocumentUpdate.apply(tree -> next(tree, patch));
            }

            @Override
            ObjectNode next(ObjectNode document, ObjectNode patch) {
                ObjectNode next = document.deepCopy();
                JsonNode value = patch.path("a").isMissingNode() ? document.path("b") : patch.path("a");
                if (!value.isMissingNode()) {
                    next.set("a", value.deepCopy());
                }
                return next;
            }
        };

        abstract DocumentUpdate of(ObjectNode patch);

        abstract ObjectNode next(ObjectNode document, ObjectNode patch);

        static RandomUpdate of(RandomGenerator random) {
            return values()[random.nextInt(values().length)];
        }
    }
}
