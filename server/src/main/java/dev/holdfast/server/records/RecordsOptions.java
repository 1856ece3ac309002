package dev.holdfast.server.records;

import dev.holdfast.engine.InvalidInputException;

/**
 * How record stores are served.
 *
 * @param batchBytesMax the largest batch of a request, whose records are held in memory until all have come; 1 MiB to 1
 *     GiB
 */
public record RecordsOptions(int batchBytesMax) {
    private static final int MIB = 1 << 20;
    private static final int BATCH_BYTES_MIN = MIB;
    private static final int BATCH_BYTES_MAX = 1_024 * MIB;

    /** Checks the range. */
    public RecordsOptions {
        if (batchBytesMax < BATCH_BYTES_MIN || batchBytesMax > BATCH_BYTES_MAX) {
            throw new InvalidInputException(
                    "records.option",
                    "a limit is out of its range (batchBytesMax=" + batchBytesMax + ", min=" + BATCH_BYTES_MIN
                            + ", max=" + BATCH_BYTES_MAX + ")");
        }
    }

    /** Batches of 64 MiB. */
    public static RecordsOptions defaults() {
        return new RecordsOptions(64 * MIB);
    }

    /** The same with another largest batch. */
    public RecordsOptions withBatchBytesMax(int bytes) {
        return new RecordsOptions(bytes);
    }
}
