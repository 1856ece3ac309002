package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tenants of a store from the shell. */
@Command(
        name = "namespace",
        description = "List, export, limit and delete the tenants of a store.",
        subcommands = {
            NamespaceCommand.Listing.class,
            NamespaceCommand.Delete.class,
            NamespaceCommand.Export.class,
            NamespaceQuotaCommand.class
        })
final class NamespaceCommand {
    /** What {@link ResultCommand#absent} says of a tenant. */
    static final String NAMESPACE = "namespace; holdfast namespace list prints those there are";

    NamespaceCommand() {}

    /** Lists the tenants. */
    @Command(
            name = "list",
            description = "Print the tenants with what they hold and may hold. One without a quota is counted, which"
                    + " reads all of it.")
    static final class Listing extends WholeStoreCommand {
        @Option(names = "--names-only", description = "Only their names; counts nothing.")
        private boolean namesOnly;

        @Override
        int run(Holdfast holdfast) {
            for (String name : holdfast.namespaces().list()) {
                print(namesOnly ? NamespaceJson.name(name) : NamespaceJson.usage(holdfast.namespace(name)));
            }
            return DONE;
        }
    }

    /** Deletes a tenant with all that it holds. */
    @Command(
            name = "delete",
            description = "Delete a tenant and everything in it, for good; exit code 1 when there is none.")
    static final class Delete extends WholeStoreCommand {
        @Parameters(paramLabel = "NAME", description = "the tenant")
        private String name = "";

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        int run(Holdfast holdfast) {
            confirmation.require("deletes the namespace and all it holds");
            return holdfast.deleteNamespace(name) ? DONE : absent(NAMESPACE);
        }
    }

    /** Writes a tenant as lines of JSON. */
    @Command(name = "export", description = "Write a tenant as lines of JSON; exit code 1 when there is none.")
    static final class Export extends TransferCommands.WholeStore {
        @Parameters(index = "0", paramLabel = "NAME", description = "the tenant")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "FILE",
                defaultValue = TransferCommands.STANDARD,
                description = "where to; - is standard output")
        private String target = TransferCommands.STANDARD;

        @Override
        public Integer call() throws IOException {
            return inStore(this::run);
        }

        private int run(Holdfast holdfast) throws IOException {
            if (!holdfast.namespaces().list().contains(name)) {
                tell("holdfast: " + ResultCommand.notThere(NAMESPACE));
                return ResultCommand.ABSENT;
            }
            return export(holdfast, List.of(name), target);
        }
    }
}
