package dev.holdfast;

/**
 * What is done in one transaction. It may run again after a conflict, so it has no effect outside the transaction.
 *
 * @param <R> its result
 * @param <X> a checked exception that it may throw, which rolls back and is passed on
 */
@FunctionalInterface
public interface TransactionWork<R, X extends Exception> {
    /** Does the work; when it throws, nothing of it remains. */
    R run(Transaction tx) throws X;
}
