/**
 * Collections: JSON documents by name and id, with filters, declared indexes, JSON Schema, full-text search and
 * watching.
 *
 * <p>{@link dev.holdfast.collection.Collection} is the page to read first; {@link dev.holdfast.collection.Collections}
 * lists them. A {@link dev.holdfast.collection.DocumentQuery} says which documents are wanted and in which order, a
 * {@link dev.holdfast.collection.DocumentUpdate} what is done to them, a {@link dev.holdfast.collection.DocumentIndex}
 * makes finding them fast.
 *
 * <p>The text of a document is stored as it was given and decides everything. An index is rows of a table like any
 * other, written in the transaction of the document; it only proposes documents, in an order, and the filter itself
 * decides in Java, so an answer is the same on every engine and with or without the index.
 *
 * <p>Everything here is safe for use by many threads, and blocks the calling thread. When a writing call outside a
 * transaction returns, its effect is durable and visible to everybody. Inside a transaction the effect comes with the
 * commit.
 */
@NullMarked
package dev.holdfast.collection;

import org.jspecify.annotations.NullMarked;
