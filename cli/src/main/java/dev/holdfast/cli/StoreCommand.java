package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that works in one namespace of a store. */
abstract class StoreCommand extends ResultCommand {
    @Mixin
    private StoreOption store = new StoreOption();

    @Override
    final DatabaseOption store() {
        return store;
    }

    private @Nullable Holdfast open;

    @Override
    final int run(Holdfast holdfast) throws Exception {
        open = holdfast;
        return run(store.rooms(holdfast));
    }

    /** The whole store, while the command runs. */
    final Holdfast whole() {
        return Objects.requireNonNull(open, "open");
    }

    /** Does the work and answers the exit code. */
    abstract int run(Namespace rooms) throws Exception;
}
