package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyJson;
import dev.holdfast.kv.KvSearch;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.search.Tokenizer;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Full-text search from the shell. */
@Command(
        name = "search",
        description = "Full-text indexes over keys and values, and what they find.",
        subcommands = {
            SearchCommand.Create.class,
            SearchCommand.Indexes.class,
            SearchCommand.Remove.class,
            SearchCommand.Find.class
        })
final class SearchCommand {
    SearchCommand() {}

    /** Makes an index. */
    @Command(name = "create", description = "Index the values below a prefix, those that exist included.")
    static final class Create extends StoreCommand implements MakesStore {
        @Parameters(index = "0", paramLabel = "PREFIX", description = "a key, such as notes")
        private String prefix = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "FIELD", description = "dotted paths, such as title")
        private List<String> fields = List.of();

        @Option(names = "--tokenizer", description = "unicode61, porter or ascii. Default: ${DEFAULT-VALUE}.")
        private String tokenizer = "unicode61";

        @Override
        int run(Namespace rooms) {
            rooms.kv().search().createIndex(KeyArgument.prefix(prefix), fields, Tokenizer.of(tokenizer), true);
            return DONE;
        }
    }

    /** Lists the indexes. */
    @Command(name = "indexes", description = "Print the indexes, one JSON object per line.")
    static final class Indexes extends StoreCommand {
        @Override
        int run(Namespace rooms) {
            for (KvSearch.Index index : rooms.kv().search().indexes()) {
                ObjectNode line = Json.mapper().createObjectNode();
                line.set("prefix", KeyJson.tree(index.prefix()));
                ArrayNode fields = line.putArray("fields");
                index.fields().forEach(fields::add);
                print(line.put("tokenizer", index.tokenizer().text()));
            }
            return DONE;
        }
    }

    /** Removes an index; exit code 1 when there is none. */
    @Command(name = "remove", description = "Remove an index; exit code 1 when there is none.")
    static final class Remove extends StoreCommand {
        @Parameters(paramLabel = "PREFIX", description = "a key, such as notes")
        private String prefix = "";

        @Override
        int run(Namespace rooms) {
            return rooms.kv().search().removeIndex(KeyArgument.prefix(prefix))
                    ? DONE
                    : absent("index; holdfast search indexes prints those there are");
        }
    }

    /** Prints what matches. */
    @Command(name = "find", description = "Print the entries that match, the most relevant first.")
    static final class Find extends StoreCommand {
        @Parameters(index = "0", paramLabel = "PREFIX", description = "a key that has an index")
        private String prefix = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "WORD", description = "all words must occur")
        private List<String> words = List.of();

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "Entries at most; 0: all of them. Default: ${DEFAULT-VALUE}.")
        private long limit = 20;

        @Override
        int run(Namespace rooms) {
            requireLimit(limit);
            KvSelection selection =
                    KvSelection.below(KeyArgument.prefix(prefix)).limit(limit);
            rooms.kv()
                    .search()
                    .find(selection, String.join(" ", words))
                    .forEach(entry -> print(KeyArgument.tree(entry)));
            return DONE;
        }
    }
}
