package dev.holdfast.client;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.stream.ProducerStamp;

/**
 * How a producer works.
 *
 * @param epoch it begins with, 0 to {@link ProducerStamp#NUMBER_MAX}; a program that starts anew takes a higher one
 *     than in its last run, which keeps a twin that still runs from writing
 * @param autoClaim whether it takes a higher epoch by itself when somebody has taken over, and goes on; else it fails
 * @param inFlightMax how many requests are under way at most, 1 to 1,000
 * @param batchBytesMax about how many bytes go into one request, 1 or more; one message may be larger
 * @param batchMessagesMax how many appends go into one request at most, 1 or more
 * @param waitingBytesMax how many bytes may wait or be under way, where each append counts 64 more than it has; who
 *     wants to add more waits for room, 1 or more
 */
public record ProducerOptions(
        long epoch, boolean autoClaim, int inFlightMax, int batchBytesMax, int batchMessagesMax, int waitingBytesMax) {
    private static final int IN_FLIGHT_MAX = 1_000;

    /** Refuses what is no option: {@code client.producer}. */
    public ProducerOptions {
        require("epoch", epoch, 0, ProducerStamp.NUMBER_MAX);
        require("inFlightMax", inFlightMax, 1, IN_FLIGHT_MAX);
        require("batchBytesMax", batchBytesMax, 1, Integer.MAX_VALUE);
        require("batchMessagesMax", batchMessagesMax, 1, Integer.MAX_VALUE);
        require("waitingBytesMax", waitingBytesMax, 1, Integer.MAX_VALUE);
    }

    /** Epoch 0, no claim, 5 requests of 1 MiB or 10,000 appends, 16 MiB that wait. */
    public static ProducerOptions defaults() {
        return new ProducerOptions(0, false, 5, 1 << 20, 10_000, 16 << 20);
    }

    /** The same with an epoch. */
    public ProducerOptions withEpoch(long number) {
        return new ProducerOptions(number, autoClaim, inFlightMax, batchBytesMax, batchMessagesMax, waitingBytesMax);
    }

    /** The same, taking a higher epoch when somebody has taken over. */
    public ProducerOptions withAutoClaim(boolean claim) {
        return new ProducerOptions(epoch, claim, inFlightMax, batchBytesMax, batchMessagesMax, waitingBytesMax);
    }

    /** The same with another number of requests. */
    public ProducerOptions withInFlightMax(int requests) {
        return new ProducerOptions(epoch, autoClaim, requests, batchBytesMax, batchMessagesMax, waitingBytesMax);
    }

    /** The same with another size of requests. */
    public ProducerOptions withBatchBytesMax(int bytes) {
        return new ProducerOptions(epoch, autoClaim, inFlightMax, bytes, batchMessagesMax, waitingBytesMax);
    }

    /** The same with another number of appends in a request. */
    public ProducerOptions withBatchMessagesMax(int appends) {
        return new ProducerOptions(epoch, autoClaim, inFlightMax, batchBytesMax, appends, waitingBytesMax);
    }

    /** The same with another bound of what waits. */
    public ProducerOptions withWaitingBytesMax(int bytes) {
        return new ProducerOptions(epoch, autoClaim, inFlightMax, batchBytesMax, batchMessagesMax, bytes);
    }

    private static void require(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "client.producer",
                    name + " is out of range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }
}
