package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.Rooms;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.Tables;
import dev.holdfast.schema.Schema;
import dev.holdfast.schema.SchemaCheck;
import dev.holdfast.schema.SchemaVersion;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The internal tables: printed, and compared with a live database. */
@Command(
        name = "schema",
        description = "Print the SQL of the internal tables, or compare a database with them.",
        subcommands = {SchemaCommand.Generate.class, SchemaCommand.Check.class})
final class SchemaCommand {
    SchemaCommand() {}

    /** Which database the SQL is for. */
    enum EngineName {
        sqlite(Dialect.SQLITE),
        postgres(Dialect.POSTGRES);

        private final Dialect dialect;

        EngineName(Dialect dialect) {
            this.dialect = dialect;
        }
    }

    /** Prints the SQL. */
    @Command(name = "generate", description = "Print the SQL of the internal tables.")
    static final class Generate implements Runnable {
        @Spec
        private @Nullable CommandSpec spec; // Set by picocli before run.

        @Option(names = "--engine", description = "sqlite or postgres. Default: ${DEFAULT-VALUE}.")
        private EngineName engine = EngineName.sqlite;

        @Option(
                names = "--from",
                paramLabel = "VERSION",
                description = "Leave out what this version has, such as engine=1,kv=1. Default: everything.")
        private String from = "";

        @Option(names = "--prefix", description = "Prefix of the tables. Default: ${DEFAULT-VALUE}.")
        private String prefix = "holdfast_";

        @Override
        public void run() {
            Schema schema = new Schema(new Tables(prefix), Rooms.migrations());
            out(spec).print(schema.sql(engine.dialect, SchemaVersion.parse(from)));
            out(spec).flush();
        }
    }

    /** Compares a database: 0 equal, 1 different, 2 cannot tell. */
    @Command(
            name = "check",
            description = "Compare a database with what is expected. Exit code: 0 equal, 1 different, 2 cannot tell.")
    static final class Check implements Callable<Integer> {
        private static final int EQUAL = 0;
        private static final int DRIFT = 1;
        private static final int CANNOT_TELL = 2;

        @Spec
        private @Nullable CommandSpec spec; // Set by picocli before call.

        @Mixin
        private StoreOption store = new StoreOption();

        @Override
        public Integer call() {
            HoldfastOptions options = HoldfastOptions.defaults();
            try (Engine engine = Holdfast.openEngine(store.db(), options)) {
                Schema schema = new Schema(options.tables(), Rooms.migrations());
                return switch (schema.check(engine)) {
                    case SchemaCheck.Equal equal -> {
                        out(spec).println("equal to version " + schema.version());
                        yield EQUAL;
                    }
                    case SchemaCheck.Drift drift -> {
                        drift.differences().forEach(out(spec)::println);
                        yield DRIFT;
                    }
                    case SchemaCheck.CannotTell cannot -> {
                        out(spec).println("cannot tell: " + cannot.reason());
                        yield CANNOT_TELL;
                    }
                };
            } catch (HoldfastException e) {
                out(spec).println("cannot tell: " + e.detail());
                return CANNOT_TELL;
            }
        }
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "spec").commandLine().getOut();
    }
}
