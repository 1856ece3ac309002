package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Keys and values from the shell. */
@Command(
        name = "kv",
        description = "Read and write keys and values. Keys are paths (users/42) or JSON arrays, values are JSON.",
        subcommands = {
            KvCommand.Get.class,
            KvCommand.Set.class,
            KvCommand.Delete.class,
            KvCommand.ListEntries.class,
            KvCommand.Count.class,
            KvCommand.Sum.class,
            KvCommand.Watch.class
        })
final class KvCommand {
    /** Prints the value of a key; exit code 1 when there is none. */
    @Command(name = "get", description = "Print an entry's value; exit code 1 when there is none.")
    static final class Get extends StoreCommand {
        @Parameters(paramLabel = "KEY", description = KeyArgument.HELP)
        private String key = "";

        @Option(names = "--entry", description = "Print key, value, versionstamp and expiry.")
        private boolean whole;

        @Mixin
        private FaceOption face = new FaceOption();

        @Override
        void prepare() {
            face.prepare(this);
        }

        @Override
        int run(Namespace rooms) {
            Optional<KvEntry> entry = rooms.kv().get(KeyArgument.key(key));
            entry.ifPresent(this::show);
            return entry.isPresent() ? DONE : absent("entry");
        }

        private void show(KvEntry entry) {
            if (face.isDeno()) {
                printLine(whole ? DenoText.entry(entry) : DenoText.value(entry.value()));
            } else {
                print(whole ? KeyArgument.tree(entry) : EntryValue.json(entry.value()));
            }
        }
    }

    /** Writes a value. */
    @Command(name = "set", description = "Write a JSON value.")
    static final class Set extends StoreCommand implements MakesStore {
        @Parameters(index = "0", paramLabel = "KEY", description = KeyArgument.HELP)
        private String key = "";

        @Parameters(index = "1", paramLabel = "JSON", description = ValueArgument.HELP)
        private String value = "";

        @Option(names = "--ttl", paramLabel = "DURATION", description = "Time to live, such as 30s or 7d.")
        private @Nullable Duration ttl;

        @Override
        void prepare() throws IOException {
            value = ValueArgument.value(value);
        }

        @Override
        int run(Namespace rooms) {
            var stamp = rooms.kv().set(KeyArgument.key(key), KvValue.jsonText(value), Optional.ofNullable(ttl));
            print(Json.mapper().createObjectNode().put("versionstamp", stamp.uuid()));
            return DONE;
        }
    }

    /** Deletes a key and everything below it. */
    @Command(name = "delete", description = "Delete a key and everything below it.")
    static final class Delete extends StoreCommand {
        @Parameters(paramLabel = "KEY", description = KeyArgument.HELP)
        private String key = "";

        @Option(names = "--exact", description = "Only the key itself.")
        private boolean exact;

        @Option(names = "--where", paramLabel = "JSON", description = "Only values that match this filter.")
        private @Nullable String where;

        @Override
        int run(Namespace rooms) {
            Optional<Filter> filter = filter(where);
            Key target = KeyArgument.key(key);
            long deleted = exact
                    ? rooms.kv().deleteExact(List.of(target), filter)
                    : rooms.kv().delete(List.of(KeyPrefix.of(target)), filter);
            print(Json.mapper().createObjectNode().put("deleted", deleted));
            return DONE;
        }
    }

    /** Prints entries, one JSON object per line. */
    @Command(name = "list", description = "Print the entries below a prefix, one JSON object per line.")
    static final class ListEntries extends StoreCommand {
        @Parameters(paramLabel = "PREFIX", defaultValue = "", description = KeyArgument.PREFIX_HELP)
        private String prefix = "";

        @Option(names = "--start", paramLabel = "KEY", description = "First key, inclusive.")
        private @Nullable String start;

        @Option(names = "--end", paramLabel = "KEY", description = "Key before which the list ends.")
        private @Nullable String end;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "Entries at most; 0: all of them. Default: ${DEFAULT-VALUE}.")
        private long limit = 100;

        @Option(names = "--reverse", description = "From the last key to the first.")
        private boolean reverse;

        @Option(names = "--keys", description = "Print keys only.")
        private boolean keysOnly;

        @Option(names = "--where", paramLabel = "JSON", description = "Only values that match this filter.")
        private @Nullable String where;

        @Mixin
        private FaceOption face = new FaceOption();

        @Override
        void prepare() {
            face.prepare(this);
        }

        @Override
        int run(Namespace rooms) {
            requireLimit(limit);
            KvSelection selection = new KvSelection(
                    KeyArgument.prefix(prefix),
                    Optional.ofNullable(start).map(KeyArgument::key),
                    Optional.ofNullable(end).map(KeyArgument::key),
                    reverse,
                    filter(where),
                    limit);
            if (keysOnly) {
                try (Stream<Key> keys = rooms.kv().keys(selection)) {
                    keys.forEach(this::show);
                }
            } else {
                try (Stream<KvEntry> entries = rooms.kv().list(selection)) {
                    entries.forEach(this::show);
                }
            }
            return DONE;
        }

        private void show(Key key) {
            if (face.isDeno()) {
                printLine(DenoText.key(key));
            } else {
                print(KeyJson.tree(key));
            }
        }

        private void show(KvEntry entry) {
            if (face.isDeno()) {
                printLine(DenoText.entry(entry));
            } else {
                print(KeyArgument.tree(entry));
            }
        }
    }

    /** Counts entries. */
    @Command(name = "count", description = "Count the entries below a prefix.")
    static final class Count extends StoreCommand {
        @Parameters(paramLabel = "PREFIX", defaultValue = "", description = KeyArgument.PREFIX_HELP)
        private String prefix = "";

        @Option(names = "--where", paramLabel = "JSON", description = "Only values that match this filter.")
        private @Nullable String where;

        @Override
        int run(Namespace rooms) {
            KvSelection selection = KvSelection.below(KeyArgument.prefix(prefix));
            out().println(rooms.kv().count(filter(where).map(selection::where).orElse(selection)));
            return DONE;
        }
    }

    /** Adds to a number. */
    @Command(name = "sum", description = "Add an integer to a stored number and print the result.")
    static final class Sum extends StoreCommand implements MakesStore {
        @Parameters(index = "0", paramLabel = "KEY", description = KeyArgument.HELP)
        private String key = "";

        @Parameters(index = "1", paramLabel = "INTEGER", description = "what is added; may be negative")
        private BigInteger operand = BigInteger.ZERO;

        @Override
        int run(Namespace rooms) {
            Key target = KeyArgument.key(key);
            if (rooms.kv().atomic().sum(target, operand).commit() instanceof KvCommit.Committed committed) {
                committed.values().values().forEach(value -> print(value.json()));
            }
            return DONE;
        }
    }

    /** Prints changes until it is interrupted. */
    @Command(name = "watch", description = "Print the present entries and then every change below a prefix.")
    static final class Watch extends StoreCommand {
        @Parameters(paramLabel = "PREFIX", defaultValue = "", description = KeyArgument.PREFIX_HELP)
        private String prefix = "";

        @Option(names = "--no-initial", description = "Only what changes from now on.")
        private boolean changesOnly;

        @Option(names = "--count", paramLabel = "N", description = "End after so many lines.")
        private long count = Long.MAX_VALUE;

        private long printed;

        @Override
        @SuppressWarnings("try") // the watch calls back; nobody calls it
        int run(Namespace rooms) throws InterruptedException {
            require("--count", count, 1, Long.MAX_VALUE);
            KvWatchOptions options = KvWatchOptions.prefixes(KeyArgument.prefix(prefix));
            WatchEnd end = new WatchEnd();
            try (KvWatch watch = rooms.kv()
                    .watch(
                            changesOnly ? options.withoutInitial() : options,
                            event -> end.print(() -> tell(event, end)))) {
                end.await();
            }
            return DONE;
        }

        private void tell(KvWatch.Event event, WatchEnd end) {
            for (KvWatch.Update update : event.updates()) {
                if (printed == count) {
                    break;
                }
                ObjectNode line = update.entry().map(KeyArgument::tree).orElseGet(() -> {
                    ObjectNode gone = Json.mapper().createObjectNode();
                    gone.set("key", KeyJson.tree(update.key()));
                    return gone;
                });
                print(line.put("change", update.kind().name().toLowerCase(Locale.ROOT)));
                printed++;
            }
            out().flush();
            if (printed == count) {
                end.reach();
            }
        }
    }

    KvCommand() {}

    private static Optional<Filter> filter(@Nullable String json) {
        return Optional.ofNullable(json).map(text -> Filter.parse(Json.parse(text), Instant.now()));
    }
}
