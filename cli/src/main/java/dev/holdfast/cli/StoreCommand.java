package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import picocli.CommandLine.Mixin;

/** A command that works in one namespace of a store. */
abstract class StoreCommand extends ResultCommand {
    @Mixin
    private StoreOption store = new StoreOption();

    @Override
    final DatabaseOption store() {
        return store;
    }

    @Override
    final int run(Holdfast holdfast) throws Exception {
        return run(store.rooms(holdfast));
    }

    /** Does the work and answers the exit code. */
    abstract int run(Namespace rooms) throws Exception;
}
