package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.Namespaces;
import picocli.CommandLine.Option;

/** Which store and namespace a command works on. */
final class StoreOption extends DatabaseOption {
    @Option(names = "--namespace", paramLabel = "NAME", description = "The tenant. Default: default.")
    private String namespace = Namespaces.DEFAULT;

    /** The rooms of the namespace in an open store. */
    Namespace rooms(Holdfast holdfast) {
        return holdfast.namespace(namespace);
    }
}
