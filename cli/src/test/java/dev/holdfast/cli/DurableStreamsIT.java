package dev.holdfast.cli;

/** Durable Streams in a SQLite file. */
class DurableStreamsIT extends DurableStreamsContract {
    @Override
    String database() {
        return folder.resolve("streams.db").toString();
    }
}
