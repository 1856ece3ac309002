package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.json.Json;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that opens a store, does one thing in a namespace, and closes it. */
abstract class StoreCommand implements Callable<Integer> {
    /** What was asked for was done. */
    static final int DONE = 0;

    /** It was not there. */
    static final int ABSENT = 1;

    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Mixin
    private StoreOption store = new StoreOption();

    @Override
    public final Integer call() throws Exception {
        try (Holdfast holdfast = store.open()) {
            return run(store.rooms(holdfast));
        }
    }

    /** Does the work and answers the exit code. */
    abstract int run(Namespace rooms) throws Exception;

    /** Standard output. */
    final PrintWriter out() {
        return Objects.requireNonNull(spec, "spec").commandLine().getOut();
    }

    /** Prints one JSON value on a line of its own. */
    final void print(JsonNode node) {
        out().println(Json.text(node));
    }
}
