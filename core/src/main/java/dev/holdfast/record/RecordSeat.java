package dev.holdfast.record;

import java.util.function.Function;

/** Where a store sits: how its functions become transactions, and what is repeated. */
interface RecordSeat extends AutoCloseable {
    /**
     * Runs a function atomically. It may run more than once, so it has no effect outside.
     *
     * @param docId the document that it writes
     */
    <R> R write(String docId, Function<RecordUnit, R> work);

    /** Runs a function with one query that may read very much, in one snapshot; it may run more than once. */
    <R> R scan(Function<RecordUnit, R> work);

    /** Runs a function with one short query; it may run more than once. */
    <R> R readOne(Function<RecordUnit, R> work);

    /** Releases what belongs to the seat; may be called again without effect. */
    @Override
    void close();
}
