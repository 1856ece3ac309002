/**
 * Full-text search: which words a text has, what a query means, and which documents it finds.
 *
 * <p>The model, in the order in which a text passes through it:
 *
 * <ol>
 *   <li>A {@link dev.holdfast.search.Tokenizer} cuts a text into <em>tokens</em>: words without case and accents, under
 *       {@code porter} reduced to their English stem. A token holds no space, no punctuation and no control character,
 *       and at most {@value dev.holdfast.search.Tokenizer#TOKEN_BYTES_MAX} bytes.
 *   <li>The indexed fields of a document become one list of tokens. Places in that list are what a phrase is compared
 *       with, and a gap that no query can name stands between two fields, so a phrase never runs from one into the
 *       next.
 *   <li>A query is any text. Its words pass through the same tokenizer: all of them must occur, {@code word*} is a
 *       prefix, {@code "quoted words"} stand side by side, {@code OR} between two words offers either. A query without
 *       words finds nothing.
 * </ol>
 *
 * <p>Texts are tokenised here, once, and never by the database: SQLite (FTS5) and PostgreSQL ({@code tsvector}) store
 * the tokens and compare them byte by byte. So the same documents match the same query on every engine; only the scores
 * that order them may differ. What a database cannot hold is therefore left out on all of them alike, by the limits of
 * {@code DocumentTokens}.
 *
 * <p>Letters, marks and case are those of the running JDK's Unicode tables. Characters that a newer JDK assigns become
 * letters only for texts written from then on.
 *
 * <p>Everything here is immutable and free of I/O; any thread may use it.
 */
@NullMarked
package dev.holdfast.search;

import org.jspecify.annotations.NullMarked;
