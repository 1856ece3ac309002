package dev.holdfast.stream;

/**
 * A stream of a subscription.
 *
 * @param path its name
 * @param named whether it was named, and not only taken by the pattern
 * @param acked the offset behind what was processed; {@link DurableStream#BEGINNING} when that is nothing at all
 * @param tail where the stream ends; 0 for one that does not exist
 * @param stream tells it from an earlier or later stream of the same name, as {@link StreamInfo#id}; 0 for one that
 *     does not exist
 */
public record SubscriptionLink(String path, boolean named, long acked, long tail, long stream) {
    /** Whether there is something that was not processed. */
    public boolean pending() {
        return StreamOffset.units(tail) > 0 && tail > acked;
    }
}
