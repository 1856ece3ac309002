package dev.holdfast.cli;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.IndexInfo;
import dev.holdfast.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The indexes of a collection from the shell. */
@Command(
        name = "index",
        description = "Make, list and drop the indexes of a collection.",
        subcommands = {
            CollectionIndexCommand.Create.class,
            CollectionIndexCommand.ListIndexes.class,
            CollectionIndexCommand.Drop.class
        })
final class CollectionIndexCommand {
    CollectionIndexCommand() {}

    /** Makes an index. */
    @Command(name = "create", description = "Index fields, of the documents that exist too, while others write.")
    static final class Create extends CollectionCommand.OnCollection implements MakesStore {
        @Parameters(index = "1", paramLabel = "NAME", description = "the name of the index")
        private String name = "";

        @Parameters(index = "2..*", arity = "1..*", paramLabel = "FIELD", description = "most important first")
        private List<String> fields = List.of();

        @Option(names = "--unique", description = "No two documents may have equal values.")
        private boolean unique;

        @Option(names = "--multi", description = "Index each element of an array.")
        private boolean multi;

        @Override
        int run(Collection collection) {
            DocumentIndex index = DocumentIndex.on(name, fields.toArray(String[]::new));
            index = unique ? index.asUnique() : index;
            collection.createIndex(multi ? index.asMulti() : index);
            return DONE;
        }
    }

    /** Lists the indexes. */
    @Command(name = "list", description = "Print the indexes, one JSON object per line.")
    static final class ListIndexes extends CollectionCommand.OnCollection {
        @Override
        int run(Collection collection) {
            for (IndexInfo info : collection.indexes()) {
                ObjectNode line = Json.mapper()
                        .createObjectNode()
                        .put("name", info.index().name());
                ArrayNode fields = line.putArray("fields");
                info.index().paths().forEach(path -> fields.add(path.toString()));
                print(line.put("unique", info.index().unique())
                        .put("multi", info.index().multi())
                        .put("complete", info.complete()));
            }
            return DONE;
        }
    }

    /** Drops an index. */
    @Command(name = "drop", description = "Remove an index; exit code 1 when there is none.")
    static final class Drop extends CollectionCommand.OnCollection {
        @Parameters(index = "1", paramLabel = "NAME", description = "the name of the index")
        private String name = "";

        @Override
        int run(Collection collection) {
            return collection.dropIndex(name)
                    ? DONE
                    : absent("index; holdfast collection index list prints those there are");
        }
    }
}
