package dev.holdfast.benchmarks;

import java.nio.file.Path;

/** One way of doing a piece of work. It warms up, measures, and checks that the work was done. */
@FunctionalInterface
interface Contestant {
    /**
     * Runs in a process of its own.
     *
     * @param folder an empty folder on the disk that is measured
     * @param scale a factor on the amount of work, 1 for a full run
     */
    Outcome run(Path folder, double scale) throws Exception;
}
