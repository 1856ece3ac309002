package dev.holdfast.collection;

import java.time.Instant;

/**
 * A collection as a list shows it.
 *
 * @param name its name
 * @param documents how many it holds
 * @param createdAt when it was first written to, by the store's clock
 */
public record CollectionInfo(String name, long documents, Instant createdAt) {}
