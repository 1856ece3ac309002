package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.ImportSource;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.postgres.PostgresEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whole stores in and out: copies of a SQLite file, and lines of JSON between engines. */
final class TransferCommands {
    /** The name of standard input and output where a file may be named. */
    static final String STANDARD = "-";

    private TransferCommands() {}

    /** Copies a SQLite store while it is used. */
    @Command(name = "backup", description = "Copy a SQLite store to a file while it is being used.")
    static final class Backup extends WholeStore {
        @Parameters(paramLabel = "FILE", description = "the copy; replaced when it exists")
        private Path target = Path.of(STANDARD);

        @Override
        public Integer call() throws IOException {
            return inStore(holdfast -> {
                holdfast.backup(target);
                tell("backup written to " + target);
                return ResultCommand.DONE;
            });
        }
    }

    /** Puts a copy in the place of a SQLite store. */
    @Command(
            name = "restore",
            description = "Put a copy that backup wrote in the place of a SQLite store that nobody has open.")
    static final class Restore implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec; // Set by picocli before call.

        @Mixin
        private DatabaseOption store = new DatabaseOption();

        @Parameters(paramLabel = "FILE", description = "the copy")
        private Path backup = Path.of(STANDARD);

        @Option(names = "--replace", description = "Replace the store that is there.")
        private boolean replace;

        @Override
        public Integer call() {
            String db = store.db();
            if (db.equals(Holdfast.MEMORY) || PostgresEngine.isUrl(db)) {
                throw new InvalidInputException("cli.restore", "only a SQLite file can be restored; use --db FILE");
            }
            Holdfast.restore(backup, Path.of(db), HoldfastOptions.defaults(), replace);
            Objects.requireNonNull(spec, "spec").commandLine().getErr().println("restored " + db + " from " + backup);
            return 0;
        }
    }

    /** Writes a store as lines of JSON. */
    @Command(name = "export", description = "Write everything, or one namespace, as lines of JSON.")
    static final class Export extends WholeStore {
        @Option(names = "--namespace", paramLabel = "NAME", description = "Only this tenant. Default: all of them.")
        private @Nullable String namespace;

        @Parameters(paramLabel = "FILE", defaultValue = STANDARD, description = "where to; - is standard output")
        private String target = STANDARD;

        @Override
        public Integer call() throws IOException {
            return inStore(this::run);
        }

        private int run(Holdfast holdfast) throws IOException {
            List<String> there = holdfast.namespaces().list();
            if (namespace != null && !there.contains(namespace)) {
                throw new InvalidInputException(
                        "namespace.unknown",
                        "there is no such namespace; holdfast namespace list prints those there are");
            }
            return export(holdfast, namespace == null ? there : List.of(namespace), target);
        }
    }

    /** Reads lines of JSON into a store. */
    @Command(name = "import", description = "Read lines of JSON that export wrote into a store.")
    static final class Import extends WholeStore implements MakesStore {
        @Parameters(paramLabel = "FILE", defaultValue = STANDARD, description = "where from; - is standard input")
        private String source = STANDARD;

        /** What is no export is refused before the store is opened, which may make it. */
        @Override
        public Integer call() throws IOException {
            requireStore();
            try (ImportSource lines =
                    source.equals(STANDARD) ? ImportSource.of(System.in) : ImportSource.of(Path.of(source))) {
                lines.check();
                return inStore(holdfast -> {
                    tell(lines.readInto(holdfast, this::progress) + " lines imported");
                    return ResultCommand.DONE;
                });
            }
        }
    }

    /** A command on a whole store that tells on standard error what was done. */
    abstract static class WholeStore implements Callable<Integer> {
        private static final long PROGRESS_LINES = 50_000;

        @Spec
        private @Nullable CommandSpec spec; // Set by picocli before call.

        @Mixin
        private DatabaseOption store = new DatabaseOption();

        /** Work in a store, which answers the exit code. */
        interface Work {
            int in(Holdfast holdfast) throws IOException;
        }

        /** Refuses a command line that names no store. */
        final void requireStore() {
            var unused = store.db();
        }

        /** Opens the store, does the work, and closes it. */
        final int inStore(Work work) throws IOException {
            try (Holdfast holdfast = store.open()) {
                return work.in(holdfast);
            }
        }

        /** Tells now and then how far long work is. */
        final void progress(long lines) {
            if (lines % PROGRESS_LINES == 0) {
                tell(lines + " lines so far");
            }
        }

        /** Writes some namespaces to a file or to standard output, and tells how many lines they are. */
        final int export(Holdfast holdfast, List<String> namespaces, String target) throws IOException {
            long lines = target.equals(STANDARD)
                    ? holdfast.exportTo(System.out, namespaces, this::progress)
                    : holdfast.exportTo(Path.of(target), namespaces, this::progress);
            tell(lines + " lines exported");
            return ResultCommand.DONE;
        }

        /** Prints a line for people on standard error. */
        final void tell(String line) {
            Objects.requireNonNull(spec, "spec").commandLine().getErr().println(line);
        }
    }
}
