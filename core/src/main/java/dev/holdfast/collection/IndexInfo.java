package dev.holdfast.collection;

/**
 * An index as a list shows it.
 *
 * @param index what was declared
 * @param complete whether it is used; one that is still being filled is not
 */
public record IndexInfo(DocumentIndex index, boolean complete) {}
