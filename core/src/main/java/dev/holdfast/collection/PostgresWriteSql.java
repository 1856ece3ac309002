package dev.holdfast.collection;

import dev.holdfast.collection.DocumentBatch.Entry;
import dev.holdfast.collection.DocumentBatch.Replacement;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.RowReader;
import dev.holdfast.engine.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: a whole batch in one statement.
 *
 * <p>{@code guard} locks the collection's row against whoever changes its options or indexes. Being a lock, it sees the
 * newest row even when the statement's snapshot is older: a writer that does not know of an index writes nothing, and
 * an index that is being made waits for the writers that do not know of it.
 */
final class PostgresWriteSql {
    private static final String STAMP_AND_GUARD = """
            with stamp as (select base + pg_current_xact_id()::text::bigint as value from {p}state),
            guard as (select number from {p}collections where ns = ? and name = ? and version = ? for share),
            """;
    private static final String INSERT = STAMP_AND_GUARD + """
            fresh as (
              insert into {p}documents
                (ns, collection, id, body, versionstamp, first_versionstamp, created_at, updated_at)
              select ?, guard.number, ?, ?, stamp.value, stamp.value, ?, ? from stamp, guard
              on conflict do nothing returning versionstamp, collection),
            log as (
              insert into {p}changes (ns, versionstamp, n, room, scope, id, op)
              select ?, versionstamp, 0, 'collection', collection::text, ?, 0 from fresh)
            select stamp.value, (select count(*) from guard), (select count(*) from fresh) from stamp
            """;

    // A version that is not the one that was read was overtaken, and so was one with a higher versionstamp: overlapping
    // commits may take a row in either order. Within one transaction both are equal.
    private static final String APPLY = STAMP_AND_GUARD + """
            fresh as (
              insert into {p}documents
                (ns, collection, id, body, versionstamp, first_versionstamp, created_at, updated_at)
              select ?, guard.number, i.id, i.body, stamp.value, stamp.value, ?, ?
              from unnest(?::text[], ?::bytea[]) as i(id, body), stamp, guard
              on conflict do nothing returning 1),
            changed as (
              update {p}documents d set body = i.body, versionstamp = stamp.value, updated_at = ?
              from unnest(?::text[], ?::bytea[], ?::bigint[]) as i(id, body, seen), stamp, guard
              where d.ns = ? and d.collection = guard.number and d.id = i.id
                and d.versionstamp = i.seen and d.versionstamp <= stamp.value returning 1),
            gone as (
              delete from {p}documents d using unnest(?::text[], ?::bigint[]) as i(id, seen), stamp, guard
              where d.ns = ? and d.collection = guard.number and d.id = i.id
                and d.versionstamp = i.seen and d.versionstamp <= stamp.value returning 1),
            entry_gone as (
              delete from {p}document_index e
              using unnest(?::bigint[], ?::bytea[], ?::text[]) as i(index_no, value, id), guard
              where e.ns = ? and e.index_no = i.index_no and e.value = i.value and e.id = i.id),
            entry as (
              insert into {p}document_index (ns, index_no, value, id)
              select ?, i.index_no, i.value, i.id
              from unnest(?::bigint[], ?::bytea[], ?::text[]) as i(index_no, value, id), guard
              on conflict do nothing),
            place_gone as (
              delete from {p}document_unique e
              using unnest(?::bigint[], ?::bytea[], ?::text[]) as i(index_no, value, id), guard
              where e.ns = ? and e.index_no = i.index_no and e.value = i.value and e.id = i.id),
            place as (
              insert into {p}document_unique (ns, index_no, value, id)
              select ?, i.index_no, i.value, i.id
              from unnest(?::bigint[], ?::bytea[], ?::text[]) as i(index_no, value, id), guard
              on conflict do nothing returning 1),
            log as (
              insert into {p}changes (ns, versionstamp, n, room, scope, id, op)
              select ?, stamp.value, i.n - 1, 'collection', guard.number::text, convert_to(i.id, 'UTF8'), i.op
              from unnest(?::text[], ?::bigint[]) with ordinality as i(id, op, n), stamp, guard)
            select stamp.value, (select count(*) from guard), (select count(*) from fresh),
              (select count(*) from changed), (select count(*) from gone), (select count(*) from place) from stamp
            """;

    private final String insert;
    private final String apply;

    PostgresWriteSql(Database database) {
        insert = database.tables().sql(INSERT);
        apply = database.tables().sql(APPLY);
    }

    /**
     * Inserts a document with its line in the change log.
     *
     * @param whole whether it is all that its unit does
     */
    Result insert(Tx tx, CollectionState state, DocumentInput document, boolean whole) {
        RowReader<Result> reader = row -> new Result(row.getLong(1), row.getLong(2), row.getLong(3), 0, 0, 0);
        @Nullable
        Object[] args = {
            tx.ns(),
            state.name(),
            state.version(),
            tx.ns(),
            document.id(),
            document.body(),
            tx.now(),
            tx.now(),
            tx.ns(),
            DocumentId.bytes(document.id())
        };
        return (whole ? tx.whole(insert, reader, args) : tx.first(insert, reader, args))
                .map(Result::requireCurrent)
                .orElseThrow();
    }

    /**
     * Writes a batch.
     *
     * @param logged whether the statement writes the change log; only for the one statement of a transaction
     */
    Result apply(Tx tx, CollectionState state, DocumentBatch batch, boolean logged) {
        List<@Nullable Object> args = new ArrayList<>();
        args.addAll(List.of(tx.ns(), state.name(), state.version()));
        args.addAll(List.of(tx.ns(), tx.now(), tx.now()));
        args.add(texts(batch.inserts, DocumentInput::id));
        args.add(blobs(batch.inserts, DocumentInput::body));
        args.add(tx.now());
        args.add(texts(batch.replacements, replacement -> replacement.after().id()));
        args.add(blobs(batch.replacements, replacement -> replacement.after().body()));
        args.add(numbers(
                batch.replacements,
                replacement -> replacement.before().versionstamp().value()));
        args.add(tx.ns());
        args.add(texts(batch.deletes, Document::id));
        args.add(numbers(batch.deletes, document -> document.versionstamp().value()));
        args.add(tx.ns());
        addEntries(args, batch.entriesGone);
        args.add(tx.ns());
        args.add(tx.ns());
        addEntries(args, batch.entriesNew);
        addEntries(args, batch.uniqueGone);
        args.add(tx.ns());
        args.add(tx.ns());
        addEntries(args, batch.uniqueNew);
        args.add(tx.ns());
        addLog(args, batch, logged);
        return tx.first(
                        apply,
                        row -> new Result(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6)),
                        args.toArray())
                .map(Result::requireCurrent)
                .orElseThrow();
    }

    private static void addEntries(List<@Nullable Object> args, List<Entry> entries) {
        args.add(numbers(entries, entry -> entry.index().number()));
        args.add(blobs(entries, Entry::value));
        args.add(texts(entries, Entry::id));
    }

    private static void addLog(List<@Nullable Object> args, DocumentBatch batch, boolean logged) {
        List<String> written = Stream.concat(
                        batch.inserts.stream().map(DocumentInput::id),
                        batch.replacements.stream().map(Replacement::after).map(DocumentInput::id))
                .toList();
        List<String> deleted = batch.deletes.stream().map(Document::id).toList();
        if (!logged) {
            args.add(new String[0]);
            args.add(new Long[0]);
            return;
        }
        args.add(Stream.concat(written.stream(), deleted.stream()).toArray(String[]::new));
        args.add(Stream.concat(written.stream().map(id -> 0L), deleted.stream().map(id -> 1L))
                .toArray(Long[]::new));
    }

    private static <T> String[] texts(List<T> items, Function<T, String> of) {
        return items.stream().map(of).toArray(String[]::new);
    }

    private static <T> byte[][] blobs(List<T> items, Function<T, byte[]> of) {
        return items.stream().map(of).toArray(byte[][]::new);
    }

    private static <T> Long[] numbers(List<T> items, Function<T, Long> of) {
        return items.stream().map(of).toArray(Long[]::new);
    }

    /** What a statement came to: its versionstamp, and how many rows each part has written. */
    record Result(long versionstamp, long guards, long inserted, long replaced, long deleted, long places) {
        Result requireCurrent() {
            if (guards == 0) {
                throw new StaleStateException();
            }
            return this;
        }

        /** Refuses a batch of which a part met another version; it is to be read and made again. */
        void requireUnchanged(DocumentBatch batch) {
            if (replaced < batch.replacements.size() || deleted < batch.deletes.size()) {
                throw new ConflictException("collection.overtaken", "another commit wrote the document first");
            }
        }
    }
}
