package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.server.StoreDurability;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures a store on the machine and disk where it stands, in a namespace of its own that is deleted afterwards, also
 * when it is told to stop.
 */
@Command(
        name = "bench",
        description = "Measure sets, gets, lists and finds on this store and disk, in a namespace that is deleted"
                + " afterwards. The figures are of this machine at this moment.",
        subcommands = BenchStreamsCommand.class)
final class BenchCommand extends WholeStoreCommand implements MakesStore {
    private static final int SECONDS_MAX = 600;
    private static final int CLIENTS_MAX = 1_024;
    private static final int VALUE_BYTES_MIN = 16;
    private static final int VALUE_BYTES_MAX = 1 << 20;
    private static final int ENTRIES_MAX = 1_000_000;
    private static final long OPERATIONS_MAX = 100_000_000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each part lasts at most, 1 to 600. Default: ${DEFAULT-VALUE}.")
    private long seconds = 3;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Callers at once in the parts that have many, 1 to 1024. Default: ${DEFAULT-VALUE}.")
    private int clients = 64;

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            description = "Bytes of a value as JSON text, 16 to 1048576. Default: ${DEFAULT-VALUE}.")
    private int valueBytes = 256;

    @Option(
            names = "--entries",
            paramLabel = "N",
            description = "Keys, and documents, that are there: 10 to 1000000. Default: ${DEFAULT-VALUE}.")
    private int entries = 10_000;

    @Option(
            names = "--operations",
            paramLabel = "N",
            description = "Operations of each part at most, 1 to 100000000. Default: ${DEFAULT-VALUE}.")
    private long operations = 1_000_000;

    @Override
    public boolean isRehearsed() {
        return false;
    }

    @Override
    void prepare() {
        require("--seconds", seconds, 1, SECONDS_MAX);
        require("--clients", clients, 1, CLIENTS_MAX);
        require("--value-bytes", valueBytes, VALUE_BYTES_MIN, VALUE_BYTES_MAX);
        require("--entries", entries, BenchWork.ITEMS, ENTRIES_MAX);
        require("--operations", operations, 1, OPERATIONS_MAX);
    }

    @Override
    int run(Holdfast holdfast) throws IOException, InterruptedException {
        String name = "bench-" + UUID.randomUUID();
        BenchCallers callers = new BenchCallers(operations, TimeUnit.SECONDS.toNanos(seconds));
        StopSignal signal = StopSignal.handle(callers::stop);
        try {
            tell("measuring in the namespace " + name + ", which is deleted afterwards");
            measure(holdfast, name, callers);
        } finally {
            holdfast.deleteNamespace(name);
            signal.close();
        }
        if (callers.stopped()) {
            tell("holdfast: stopped before the end [cli.stopped]");
            return FAILED;
        }
        return DONE;
    }

    private void measure(Holdfast holdfast, String name, BenchCallers callers)
            throws IOException, InterruptedException {
        String durability = StoreDurability.of(holdfast);
        BenchWork work = new BenchWork(holdfast.namespace(name), entries, valueBytes);
        tell("disk");
        BenchStore.disk(store().db(), callers)
                .ifPresent(figures -> print(figures.json("disk.fdatasync", 1, durability)));
        tell("writing " + entries + " entries and documents");
        work.prepare(callers::stopped);
        for (BenchWork.Part part : work.parts(clients)) {
            if (callers.stopped()) {
                return;
            }
            tell(part.name() + ", callers: " + part.callers());
            BenchFigures figures = callers.run(part.callers(), part.operation());
            print(figures.json(part.name(), part.items(), durability));
        }
    }
}
