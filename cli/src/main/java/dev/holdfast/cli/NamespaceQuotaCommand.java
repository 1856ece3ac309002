package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.NamespaceQuota;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a tenant may hold, from the shell. */
@Command(
        name = "quota",
        description = "Print, set and remove what a tenant may hold.",
        subcommands = {
            NamespaceQuotaCommand.Get.class,
            NamespaceQuotaCommand.Set.class,
            NamespaceQuotaCommand.Remove.class
        })
final class NamespaceQuotaCommand {
    NamespaceQuotaCommand() {}

    /** A command on one tenant. */
    abstract static class OnNamespace extends WholeStoreCommand {
        @Parameters(paramLabel = "NAME", description = "the tenant")
        private String name = "";

        /** The tenant. */
        final Namespace namespace(Holdfast holdfast) {
            return holdfast.namespace(name);
        }

        /** Whether it is there. */
        final boolean exists(Holdfast holdfast) {
            return holdfast.namespaces().list().contains(name);
        }
    }

    /** Prints a quota. */
    @Command(name = "get", description = "Print what a tenant holds and may hold; exit code 1 when there is none.")
    static final class Get extends OnNamespace {
        @Override
        int run(Holdfast holdfast) {
            if (!exists(holdfast)) {
                return absent(NamespaceCommand.NAMESPACE);
            }
            print(NamespaceJson.usage(namespace(holdfast)));
            return DONE;
        }
    }

    /** Sets a quota. */
    @Command(
            name = "set",
            description = "Set what a tenant may hold, and print it. It is made when it is missing; one that holds more"
                    + " keeps it. Reads all that it holds, once.")
    static final class Set extends OnNamespace implements MakesStore {
        @Option(names = "--rows", paramLabel = "N", description = "Entries and documents. Default: as it is.")
        private @Nullable Long rows;

        @Option(
                names = "--bytes",
                paramLabel = "SIZE",
                description = "Of keys, values, ids and documents, such as 50MiB. Default: as it is.")
        private @Nullable ByteSize bytes;

        @Override
        int run(Holdfast holdfast) {
            if (rows == null && bytes == null) {
                throw new InvalidInputException("cli.no_quota", "a quota takes --rows N, --bytes SIZE, or both");
            }
            Namespace namespace = namespace(holdfast);
            NamespaceQuota quota = namespace.quota();
            quota = rows == null ? quota : quota.withRowsMax(rows);
            namespace.quota(bytes == null ? quota : quota.withBytesMax(bytes.bytes()));
            print(NamespaceJson.usage(namespace));
            return DONE;
        }
    }

    /** Removes a quota. */
    @Command(
            name = "remove",
            description = "Lift the limits of a tenant: those named, else both; exit code 1 when there is no tenant.")
    static final class Remove extends OnNamespace {
        @Option(names = "--rows", description = "The limit of rows.")
        private boolean rows;

        @Option(names = "--bytes", description = "The limit of bytes.")
        private boolean bytes;

        @Override
        int run(Holdfast holdfast) {
            if (!exists(holdfast)) {
                return absent(NamespaceCommand.NAMESPACE);
            }
            Namespace namespace = namespace(holdfast);
            NamespaceQuota quota = namespace.quota();
            boolean both = rows == bytes;
            namespace.quota(new NamespaceQuota(
                    both || rows ? OptionalLong.empty() : quota.rowsMax(),
                    both || bytes ? OptionalLong.empty() : quota.bytesMax()));
            print(NamespaceJson.usage(namespace));
            return DONE;
        }
    }
}
