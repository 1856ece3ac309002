package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException;
import dev.holdfast.record.RecordStoreException.Reason;
import dev.holdfast.record.RecordStores;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Record stores from the shell. */
@Command(
        name = "record",
        description = "Look at record stores, and take over those that are in the database already.",
        subcommands = {
            RecordCommand.Open.class,
            RecordCommand.ListStores.class,
            RecordCommand.Dump.class,
            RecordCommand.Meta.class
        })
final class RecordCommand {
    private static final String STORE = "record store; holdfast record list prints those there are";
    private static final String DOCUMENT = "document";
    private static final Set<Reason> WRONG_WORDS = EnumSet.of(Reason.INVALID_STORE_NAME, Reason.INVALID_DOC_ID);

    RecordCommand() {}

    /** A command on stores. */
    abstract static class OnStores extends StoreCommand {
        @Override
        final int run(Namespace rooms) {
            return sayingWhoIsWrong(() -> run(rooms.recordStores()));
        }

        /** Does the work and answers the exit code. */
        abstract int run(RecordStores stores);
    }

    /** A command on one document. */
    abstract static class OnDocument extends OnStores {
        @Parameters(index = "0", paramLabel = "STORE", description = "its name, such as kyneta")
        private String name = "";

        @Parameters(index = "1", paramLabel = "DOC", description = "the id of the document")
        private String docId = "";

        @Override
        final int run(RecordStores stores) {
            Optional<RecordStore> store = stores.find(name);
            if (store.isEmpty()) {
                return absent(STORE);
            }
            return run(store.get(), docId) ? DONE : absent(DOCUMENT);
        }

        /** Does the work, and answers whether there is such a document. */
        abstract boolean run(RecordStore store, String docId);
    }

    /** Makes a store, or takes over the tables that are there. */
    @Command(
            name = "open",
            description = "Make a record store; the tables of its name that another program made are taken over.")
    static final class Open extends OnStores implements MakesStore {
        @Parameters(paramLabel = "STORE", description = "its name, such as kyneta")
        private String name = "";

        @Override
        int run(RecordStores stores) {
            boolean added = stores.create(name);
            print(Json.mapper().createObjectNode().put("store", name).put("added", added));
            return DONE;
        }
    }

    /** Prints the stores, or the documents of one. */
    @Command(name = "list", description = "Print the record stores, or the documents of one.")
    static final class ListStores extends OnStores {
        @Parameters(arity = "0..1", paramLabel = "STORE", description = "whose documents are printed")
        private @Nullable String name;

        @Option(names = "--prefix", paramLabel = "TEXT", description = "Only documents whose ids begin so.")
        private @Nullable String prefix;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "Documents at most; 0: all of them. Default: ${DEFAULT-VALUE}.")
        private long limit = 100;

        @Override
        int run(RecordStores stores) {
            requireLimit(limit);
            if (name != null) {
                Optional<RecordStore> store = stores.find(name);
                store.ifPresent(this::printDocuments);
                return store.isPresent() ? DONE : absent(STORE);
            }
            if (prefix != null) {
                throw new InvalidInputException("cli.no_record_store", "--prefix is for documents; name their store");
            }
            for (String store : stores.list()) {
                print(Json.mapper().createObjectNode().put("store", store));
            }
            return DONE;
        }

        private void printDocuments(RecordStore store) {
            try (RecordCursor<String> ids = store.listDocIds(Objects.requireNonNullElse(prefix, ""))) {
                for (long count = 0; ids.hasNext() && (limit == 0 || count < limit); count++) {
                    print(Json.mapper().createObjectNode().put("docId", ids.next()));
                }
            }
        }
    }

    /** Prints the log of a document. */
    @Command(
            name = "dump",
            description = "Print the log of a document, a record a line, and behind it a line with their number.")
    static final class Dump extends OnDocument {
        @Override
        boolean run(RecordStore store, String docId) {
            long count = 0;
            try (RecordCursor<StoreRecord> records = store.loadAll(docId)) {
                for (; records.hasNext(); count++) {
                    print(RecordJson.of(records.next()));
                }
            }
            if (count > 0) {
                print(Json.mapper().createObjectNode().put("kind", "end").put("count", count));
            }
            return count > 0;
        }
    }

    /** Prints the current metadata of a document. */
    @Command(name = "meta", description = "Print the current metadata of a document.")
    static final class Meta extends OnDocument {
        @Override
        boolean run(RecordStore store, String docId) {
            Optional<StoreMeta> meta = store.currentMeta(docId);
            meta.ifPresent(current -> print(RecordJson.of(current)));
            return meta.isPresent();
        }
    }

    /** A name or an id that is none is a fault of the command line, not of the store. */
    private static int sayingWhoIsWrong(IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (RecordStoreException e) {
            if (WRONG_WORDS.contains(e.reason())) {
                throw new InvalidInputException(e.code(), e.detail(), e);
            }
            throw e;
        }
    }
}
