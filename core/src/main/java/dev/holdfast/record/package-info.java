/**
 * The storage seat of a sync engine: for each document an append-only log of small records and one current metadata
 * value.
 *
 * <p>A {@link dev.holdfast.record.RecordStore} takes opaque payloads and gives them back in order. A document exists
 * once it has metadata; a record is either metadata ({@link dev.holdfast.record.StoreRecord.Meta}), which becomes
 * current, or an entry ({@link dev.holdfast.record.StoreRecord.Entry}). Entries are appended; a sync engine now and
 * then replaces a whole log by a shorter one that means the same.
 *
 * <p>Tables, rows and format marker are those of Kyneta's stores (format 1.0), so that a file or database can be used
 * by both, one after the other or at the same time. The same code runs in a store of Holdfast, where records share
 * transactions, namespaces and the change log with all other rooms, and over a connection or {@code DataSource} of the
 * application, where there is nothing but the three tables; see {@link dev.holdfast.record.RecordStores}.
 *
 * <p>Everything is safe for use by many threads and blocks the calling one. Writers of one document take turns, from
 * any number of threads and processes; a write is durable when it returns, as far as the database is configured so. A
 * cursor shows one moment and holds nothing that others could wait for.
 */
@NullMarked
package dev.holdfast.record;

import org.jspecify.annotations.NullMarked;
