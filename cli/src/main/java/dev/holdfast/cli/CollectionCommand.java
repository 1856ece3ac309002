package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionInfo;
import dev.holdfast.collection.CollectionWatch;
import dev.holdfast.collection.CollectionWatchOptions;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentPage;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Documents from the shell. */
@Command(
        name = "collection",
        description = "Read and write JSON documents. Filters and documents are JSON.",
        subcommands = {
            CollectionCommand.Insert.class,
            CollectionCommand.Find.class,
            CollectionCommand.Get.class,
            CollectionCommand.Update.class,
            CollectionCommand.Upsert.class,
            CollectionCommand.Delete.class,
            CollectionCommand.Count.class,
            CollectionCommand.ListCollections.class,
            CollectionIndexCommand.class,
            CollectionCommand.Watch.class
        })
final class CollectionCommand {
    CollectionCommand() {}

    /** A command on one collection. */
    abstract static class OnCollection extends StoreCommand {
        @Parameters(index = "0", paramLabel = "COLLECTION", description = "its name")
        private String name = "";

        @Override
        final int run(Namespace rooms) throws Exception {
            return run(rooms.collection(name));
        }

        /** Does the work and answers the exit code. */
        abstract int run(Collection collection) throws Exception;
    }

    /** A command on the documents of a collection that match a filter. */
    abstract static class OnMatching extends OnCollection {
        @Option(names = "--where", paramLabel = "JSON", description = "Only documents that match this filter.")
        private @Nullable String where;

        /** The filter; everything when there is none. */
        final Filter filter() {
            return where == null ? Filter.all() : Filter.parse(Json.parse(where), Instant.now());
        }

        /** Whether the command names which documents it means. */
        final boolean isFiltered() {
            return where != null;
        }
    }

    /** Inserts documents. */
    @Command(name = "insert", description = "Insert documents in one transaction and print them with their ids.")
    static final class Insert extends OnCollection implements MakesStore {
        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "JSON",
                description = "objects; - reads one from standard input")
        private List<String> documents = List.of();

        @Override
        void prepare() throws IOException {
            documents = ValueArgument.documents(documents);
        }

        @Override
        int run(Collection collection) {
            List<JsonNode> trees = documents.stream().map(Json::parse).toList();
            collection.insertMany(trees).forEach(document -> print(document.json()));
            return DONE;
        }
    }

    /** Prints documents. */
    @Command(name = "find", description = "Print the documents that match, one JSON object per line.")
    static final class Find extends OnMatching {
        private static final int PAGE = 100;

        @Spec
        private @Nullable CommandSpec command; // Set by picocli before run.

        @Option(names = "--sort", split = ",", paramLabel = "FIELD", description = "The order; - in front: descending.")
        private List<String> sort = List.of();

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "Documents at most; 0: all of them. Default: ${DEFAULT-VALUE}.")
        private long limit = 100;

        @Option(names = "--fields", split = ",", paramLabel = "FIELD", description = "Only these members, and the id.")
        private List<String> fields = List.of();

        @Option(names = "--without", split = ",", paramLabel = "FIELD", description = "All members but these.")
        private List<String> without = List.of();

        @Option(
                names = "--page",
                paramLabel = "N",
                description = "Print one page of so many documents, and the cursor of the next on standard error.")
        private @Nullable Integer page;

        @Option(names = "--cursor", paramLabel = "TEXT", description = "Print the page behind this cursor.")
        private @Nullable String cursor;

        @Option(names = "--explain", description = "Print how the documents would be found.")
        private boolean explain;

        @Override
        int run(Collection collection) {
            requireLimit(limit);
            DocumentQuery query = query();
            if (explain) {
                out().println(collection.explain(query));
            } else if (page != null || cursor != null) {
                page(collection, query, page == null ? PAGE : page);
            } else {
                try (Stream<Document> documents = collection.stream(query)) {
                    documents.forEach(document -> print(document.json()));
                }
            }
            return DONE;
        }

        private void page(Collection collection, DocumentQuery query, int size) {
            DocumentPage found = collection.page(query, Optional.ofNullable(cursor), size);
            found.documents().forEach(document -> print(document.json()));
            found.cursor()
                    .ifPresent(next -> Objects.requireNonNull(command, "command")
                            .commandLine()
                            .getErr()
                            .println("next page: --cursor " + next));
        }

        private DocumentQuery query() {
            DocumentQuery query = DocumentQuery.where(filter())
                    .sort(sort.toArray(String[]::new))
                    .limit(limit);
            if (!fields.isEmpty()) {
                return query.fields(fields.toArray(String[]::new));
            }
            return without.isEmpty() ? query : query.without(without.toArray(String[]::new));
        }
    }

    /** Prints a document. */
    @Command(name = "get", description = "Print a document; exit code 1 when there is none.")
    static final class Get extends OnCollection {
        @Parameters(index = "1", paramLabel = "ID", description = "its id")
        private String id = "";

        @Override
        int run(Collection collection) {
            Optional<Document> document = collection.get(id);
            document.ifPresent(found -> print(found.json()));
            return document.isPresent() ? DONE : absent("document");
        }
    }

    /** Changes documents. */
    @Command(
            name = "update",
            description = "Replace members of the documents that match, or of one; print how many that were.")
    static final class Update extends OnMatching {
        @Parameters(index = "1", paramLabel = "JSON", description = "the new members; - reads them from standard input")
        private String patch = "";

        @Option(names = "--id", paramLabel = "ID", description = "Only the document of this id.")
        private @Nullable String id;

        @Option(names = "--all", description = "Every document of the collection.")
        private boolean all;

        @Option(names = "--replace", description = "Replace the whole document but its id.")
        private boolean replace;

        @Option(names = "--remove", split = ",", paramLabel = "FIELD", description = "Remove these members besides.")
        private List<String> removed = List.of();

        @Override
        void prepare() throws IOException {
            if (id == null && !isFiltered() && !all) {
                throw new InvalidInputException("cli.which", "name the documents: --id ID, --where JSON, or --all");
            }
            patch = ValueArgument.document(patch);
        }

        @Override
        int run(Collection collection) {
            Filter which =
                    id == null ? filter() : filter().and(Filter.where("id").eq(id));
            long updated = collection.update(which, update());
            print(Json.mapper().createObjectNode().put("updated", updated));
            return id != null && updated == 0 ? ABSENT : DONE;
        }

        private DocumentUpdate update() {
            JsonNode values = Json.parse(patch);
            return replace
                    ? DocumentUpdate.replace(values)
                    : DocumentUpdate.merge(values).remove(removed.toArray(String[]::new));
        }
    }

    /** Writes a document whether it is there or not. */
    @Command(
            name = "upsert",
            description = "Insert a document or replace the one with its id; with --where: merge it into the first that"
                    + " matches. Print it.")
    static final class Upsert extends OnMatching implements MakesStore {
        @Parameters(index = "1", paramLabel = "JSON", description = "an object; - reads it from standard input")
        private String document = "";

        @Override
        void prepare() throws IOException {
            document = ValueArgument.document(document);
        }

        @Override
        int run(Collection collection) {
            JsonNode tree = Json.parse(document);
            print((isFiltered() ? collection.upsert(filter(), tree) : collection.upsert(tree)).json());
            return DONE;
        }
    }

    /** Deletes documents. */
    @Command(name = "delete", description = "Delete documents by id, by a filter, or all; print how many that were.")
    static final class Delete extends OnMatching {
        @Parameters(index = "1..*", paramLabel = "ID", description = "ids")
        private List<String> ids = List.of();

        @Option(names = "--all", description = "Every document of the collection.")
        private boolean all;

        @Override
        int run(Collection collection) {
            if (ids.isEmpty() && !isFiltered() && !all) {
                throw new InvalidInputException("cli.which", "name the documents: ids, --where JSON, or --all");
            }
            Filter which =
                    ids.isEmpty() ? filter() : filter().and(Filter.where("id").in(ids));
            long deleted = collection.delete(which);
            print(Json.mapper().createObjectNode().put("deleted", deleted));
            return !ids.isEmpty() && deleted == 0 ? ABSENT : DONE;
        }
    }

    /** Counts documents. */
    @Command(name = "count", description = "Count the documents that match.")
    static final class Count extends OnMatching {
        @Override
        int run(Collection collection) {
            out().println(collection.count(filter()));
            return DONE;
        }
    }

    /** Lists the collections. */
    @Command(name = "list", description = "Print the collections, one JSON object per line.")
    static final class ListCollections extends StoreCommand {
        @Override
        int run(Namespace rooms) {
            for (CollectionInfo info : rooms.collections().list()) {
                print(Json.mapper()
                        .createObjectNode()
                        .put("name", info.name())
                        .put("documents", info.documents())
                        .put("createdAt", info.createdAt().toString()));
            }
            return DONE;
        }
    }

    /** Prints changes until it is interrupted. */
    @Command(name = "watch", description = "Print the present documents that match and then every change.")
    static final class Watch extends OnMatching {
        @Option(names = "--no-initial", description = "Only what changes from now on.")
        private boolean changesOnly;

        @Option(names = "--count", paramLabel = "N", description = "End after so many lines.")
        private long count = Long.MAX_VALUE;

        private long printed;

        @Override
        @SuppressWarnings("try") // the watch calls back; nobody calls it
        int run(Collection collection) throws InterruptedException {
            require("--count", count, 1, Long.MAX_VALUE);
            CollectionWatchOptions options = CollectionWatchOptions.where(filter());
            WatchEnd end = new WatchEnd();
            try (CollectionWatch watch = collection.watch(
                    changesOnly ? options.withoutInitial() : options, event -> end.print(() -> tell(event, end)))) {
                end.await();
            }
            return DONE;
        }

        private void tell(CollectionWatch.Event event, WatchEnd end) {
            for (CollectionWatch.Update update : event.updates()) {
                if (printed == count) {
                    break;
                }
                ObjectNode line = Json.mapper().createObjectNode();
                line.put("change", update.kind().name().toLowerCase(Locale.ROOT))
                        .put("id", update.id());
                update.document().ifPresent(document -> line.set("document", document.json()));
                print(line);
                printed++;
            }
            out().flush();
            if (printed == count) {
                end.reach();
            }
        }
    }
}
