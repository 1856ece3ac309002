package dev.holdfast.engine;

/**
 * What is done inside one transaction. It may be run again after a conflict or because another unit of a shared commit
 * failed, so it must have no effect outside the transaction.
 *
 * @param <R> its result
 */
@FunctionalInterface
public interface Work<R> {
    /** Does the work; an exception rolls it back. */
    R run(Unit unit);
}
