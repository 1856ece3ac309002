package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that opens a store, does one thing, prints what came of it, and closes the store. */
abstract class ResultCommand implements Callable<Integer> {
    /** What was asked for was done. */
    static final int DONE = 0;

    /** It was not there. */
    static final int ABSENT = 1;

    /** It failed, or was stopped. */
    static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec; // Set by picocli before call.

    @Mixin
    private OutputOption output = new OutputOption();

    private boolean silent;

    @Override
    public final Integer call() throws Exception {
        prepare();
        if (this instanceof MakesStore maker && maker.isRehearsed() && store().isMissing()) {
            rehearse();
        }
        try (Holdfast holdfast = store().open()) {
            int code = run(holdfast);
            output.end();
            return code;
        }
    }

    private void rehearse() throws Exception {
        silent = true;
        try (Holdfast nowhere = Holdfast.open(Holdfast.MEMORY)) {
            run(nowhere);
        } finally {
            silent = false;
        }
    }

    /** Looks at the words of the command line, and reads what they stand for, before a store is opened. */
    void prepare() throws IOException {}

    /** Which store it opens. */
    abstract DatabaseOption store();

    /** Does the work and answers the exit code. */
    abstract int run(Holdfast holdfast) throws Exception;

    /** Refuses a number in a flag that is below or above what it may be. */
    static void require(String flag, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "cli.range", flag + " is out of range (value=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }

    /** Refuses a limit below 0, which means all. */
    static void requireLimit(long limit) {
        if (limit < 0) {
            throw new InvalidInputException("cli.range", "--limit takes 1 or more, or 0 for all (value=" + limit + ")");
        }
    }

    /** Says on standard error that something is not there, such as {@code token}; answers the exit code. */
    final int absent(String what) {
        tell("holdfast: " + notThere(what));
        return ABSENT;
    }

    /** That something is not there, as an error is told. */
    static String notThere(String what) {
        return "there is no such " + what + " [cli.not_there]";
    }

    /** Standard output. */
    final PrintWriter out() {
        return Objects.requireNonNull(spec, "spec").commandLine().getOut();
    }

    /** Prints a line for people on standard error. */
    final void tell(String line) {
        if (!silent) {
            Objects.requireNonNull(spec, "spec").commandLine().getErr().println(line);
        }
    }

    /** Prints a JSON text as it was sent. */
    final void printAsSent(String text) {
        if (!silent) {
            output.printAsSent(out(), text);
        }
    }

    /** Refuses a form of the output that has no place for lines of text, which a flag asks for. */
    final void requireLines(String flag) {
        output.requireLines(flag);
    }

    /** Prints a line of text. */
    final void printLine(String line) {
        if (!silent) {
            out().println(line);
        }
    }

    /** Prints one JSON value in the form that was asked for. */
    final void print(JsonNode node) {
        if (!silent) {
            output.print(out(), node);
        }
    }
}
