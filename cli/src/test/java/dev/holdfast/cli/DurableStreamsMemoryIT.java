package dev.holdfast.cli;

/** Durable Streams in memory. */
class DurableStreamsMemoryIT extends DurableStreamsContract {
    @Override
    String database() {
        return ":memory:";
    }
}
