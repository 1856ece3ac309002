package dev.holdfast.cli;

import picocli.CommandLine.Mixin;

/** A command that works on a store as a whole. */
abstract class WholeStoreCommand extends ResultCommand {
    @Mixin
    private DatabaseOption store = new DatabaseOption();

    @Override
    final DatabaseOption store() {
        return store;
    }
}
