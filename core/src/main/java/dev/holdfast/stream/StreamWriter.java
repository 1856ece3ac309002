package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Tx;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes, extends and removes streams, each within the transaction that it is given. The row of a stream is held first,
 * so that whatever one call decides on stays true until its commit.
 */
final class StreamWriter {
    /** Rows of a removed stream that go in the same transaction; the others go in the background. */
    private static final int ROWS_AT_ONCE = 200;

    private final StreamRoom room;
    private final StreamSql sql;
    private final StreamDataSql data;
    private final StreamReader reader;

    StreamWriter(StreamRoom room) {
        this.room = room;
        this.sql = room.sql();
        this.data = room.data();
        this.reader = room.reader();
    }

    StreamCreated create(Tx tx, String name, StreamSpec spec, AppendContent content) {
        StreamState state = room.state(tx);
        @Nullable StreamRow have = state.hold(name).orElse(null);
        if (have != null && !have.deleted() && have.expired(tx.now())) {
            remove(tx, have);
            have = state.hold(name).orElse(null);
        }
        if (have != null) {
            return confirm(tx, have, spec);
        }
        StreamRow row =
                spec.fork().isPresent() ? fork(tx, name, spec, spec.fork().get()) : fresh(tx, name, spec, 0);
        return made(tx, row, spec, content);
    }

    private StreamCreated made(Tx tx, StreamRow made, StreamSpec spec, AppendContent content) {
        StreamRow row = made;
        StreamState state = room.state(tx);
        // Read before anything is written: inside a transaction that goes on, a refused call has done nothing.
        Optional<StreamContent> first = content.isEmpty() ? Optional.empty() : Optional.of(content.behind(row));
        Optional<StreamRow> stored = sql.insert(tx, tx.ns(), row, tx.now());
        if (stored.isEmpty()) {
            // On PostgreSQL another one of the name may have been committed since the look at it.
            return confirm(tx, state.hold(row.name()).orElseThrow(StreamRow::notFound), spec);
        }
        tx.use(1, row.name().getBytes(StandardCharsets.UTF_8).length);
        row = stored.get();
        if (row.isFork()) {
            sql.countForks(tx, tx.ns(), row.source(), 1);
        }
        if (row.tail() != made.tail() && first.isPresent()) {
            first = Optional.of(content.behind(row)); // the messages hold their offsets
        }
        if (first.isPresent() && first.get().units() > 0) {
            row = store(tx, state, row, first.get(), StreamAppend.of(spec.content()));
        }
        return new StreamCreated(true, row.info());
    }

    private static StreamRow fresh(Tx tx, String name, StreamSpec spec, long first) {
        StreamRow.Made made = new StreamRow.Made(
                name,
                0,
                spec.contentType().orElse(StreamSpec.OCTETS),
                spec.ttlSeconds(),
                spec.expiresAt().orElse(null),
                null);
        return row(tx, made, spec, first, first);
    }

    private static StreamRow row(Tx tx, StreamRow.Made made, StreamSpec spec, long first, long tail) {
        long expiresAt = made.expiresText() == null ? StreamRow.NEVER : StreamSpec.millis(made.expiresText());
        StreamRow.End end = new StreamRow.End(spec.closed(), null);
        return new StreamRow(made, new StreamRow.Standing(first, tail, expiresAt, end, null, false, 0))
                .touched(tx.now());
    }

    private StreamRow fork(Tx tx, String name, StreamSpec spec, StreamFork fork) {
        StreamRow source = room.state(tx)
                .hold(fork.source())
                .orElseThrow(() -> new StreamException(
                        StreamException.Reason.NO_SOURCE, "the stream that is to be forked does not exist"));
        if (source.deleted() || (source.expired(tx.now()) && source.forks() > 0)) {
            throw new StreamException(StreamException.Reason.SOURCE, "the stream that is to be forked was deleted");
        }
        if (source.expired(tx.now())) {
            throw new StreamException(
                    StreamException.Reason.NO_SOURCE, "the stream that is to be forked does not exist");
        }
        String contentType = spec.contentType().orElse(source.contentType());
        if (!ContentTypes.same(contentType, source.contentType())) {
            throw new StreamException(
                    StreamException.Reason.SOURCE, "a fork holds the same type of content as its source");
        }
        boolean own = spec.ttlSeconds().isPresent() || spec.expiresAt().isPresent();
        long at = reader.forkAt(tx, source, fork.offset(), fork.sub());
        StreamRow.Made made = new StreamRow.Made(
                name,
                0,
                contentType,
                own ? spec.ttlSeconds() : source.ttl(),
                own ? spec.expiresAt().orElse(null) : source.expiresText(),
                new StreamRow.Fork(source.id(), source.name(), at, fork.sub()));
        return row(tx, made, spec, source.first(), at);
    }

    /** There is a stream of the name: it must have been made in the same way. */
    private StreamCreated confirm(Tx tx, StreamRow have, StreamSpec spec) {
        if (have.deleted() || (have.expired(tx.now()) && have.forks() > 0)) {
            throw occupied("it was deleted, and is kept only for its forks");
        }
        Optional<StreamRow> source = have.isFork() ? sql.byId(tx, tx.ns(), have.source()) : Optional.empty();
        boolean inherits = spec.fork().isPresent()
                && spec.ttlSeconds().isEmpty()
                && spec.expiresAt().isEmpty();
        OptionalLong ttl = inherits ? source.map(StreamRow::ttl).orElse(have.ttl()) : spec.ttlSeconds();
        @Nullable
        String expires = inherits
                ? source.map(StreamRow::expiresText).orElse(null)
                : spec.expiresAt().orElse(null);
        String inherited = spec.fork().isPresent() ? have.contentType() : StreamSpec.OCTETS;
        if (!ContentTypes.same(spec.contentType().orElse(inherited), have.contentType())) {
            throw occupied("it has another content type (stream=" + have.contentType() + ", asked="
                    + spec.contentType().orElse(inherited) + ")");
        }
        if (!ttl.equals(have.ttl()) || !Objects.equals(expires, have.expiresText())) {
            throw occupied("it has another lifetime");
        }
        if (spec.closed() != have.closed()) {
            throw occupied(have.closed() ? "it is closed" : "it is open");
        }
        if (!sameFork(have, spec)) {
            throw occupied("it began otherwise");
        }
        return new StreamCreated(false, have.info());
    }

    private static boolean sameFork(StreamRow have, StreamSpec spec) {
        if (spec.fork().isEmpty()) {
            return !have.isFork();
        }
        StreamFork fork = spec.fork().get();
        return have.isFork()
                && have.sourceName().equals(fork.source())
                && have.forkSub() == fork.sub()
                // By units: the fork may have begun in a later generation than the offset that was asked for.
                && (fork.offset().isEmpty()
                        || StreamOffset.units(fork.offset().getAsLong())
                                == StreamOffset.units(have.forkAt()) - have.forkSub());
    }

    private static StreamException occupied(String why) {
        return new StreamException(
                StreamException.Reason.OCCUPIED, "there is a stream of this name that was made otherwise: " + why);
    }

    StreamAppended append(Tx tx, String name, StreamAppend append, AppendContent body) {
        return append(tx, room.state(tx), name, append, body);
    }

    /** Appends; what it refuses has changed nothing, so that others may follow in the same transaction. */
    StreamAppended append(Tx tx, AppendState state, String name, StreamAppend append, AppendContent body) {
        StreamRow row = state.row(name).orElseThrow(StreamRow::notFound).requireAlive(tx.now());
        @Nullable ProducerStamp by = append.producer().orElse(null);
        if (row.closed()) {
            return onClosed(row, append, by);
        }
        boolean onlyClose = body.isEmpty();
        if (!onlyClose
                && append.contentType().isPresent()
                && !ContentTypes.same(append.contentType().get(), row.contentType())) {
            throw new StreamException(
                    StreamException.Reason.CONTENT_TYPE,
                    "the stream holds another type of content (stream=" + row.contentType() + ", sent="
                            + append.contentType().get() + ")");
        }
        if (by != null) {
            Optional<ProducerStamp> last = state.producer(row.id(), by.id());
            if (Producers.isRepeat(last, by)) {
                return new StreamAppended(row.tail(), false, true, last);
            }
        }
        if (append.sequence().isPresent()) {
            requireLater(row, append.sequence().get());
        }
        StreamContent content = onlyClose ? StreamContent.bytes(new byte[0]) : content(row, body);
        StreamRow after = store(tx, state, row, content, append);
        if (by != null) {
            state.put(row.id(), by);
        }
        return new StreamAppended(after.tail(), after.closed(), false, append.producer());
    }

    /** Nothing goes into a closed stream, but what closed it may be sent again. */
    private static StreamAppended onClosed(StreamRow row, StreamAppend append, @Nullable ProducerStamp by) {
        boolean again = by == null ? append.close() && append.content().length == 0 : by.equals(row.closedBy());
        if (!again) {
            throw new StreamException(
                    StreamException.Reason.CLOSED, "the stream is closed", StreamException.Facts.tail(row.tail()));
        }
        return new StreamAppended(row.tail(), true, true, append.producer());
    }

    private static void requireLater(StreamRow row, String sequence) {
        String last = row.lastSequence();
        if (last != null
                && Arrays.compareUnsigned(
                                sequence.getBytes(StandardCharsets.UTF_8), last.getBytes(StandardCharsets.UTF_8))
                        <= 0) {
            throw new StreamException(
                    StreamException.Reason.SEQUENCE, "the sequence is not greater than the last one of the stream");
        }
    }

    private static StreamContent content(StreamRow row, AppendContent content) {
        StreamContent stored = content.behind(row);
        if (stored.units() == 0) {
            throw new InvalidInputException("stream.empty", "an append to a JSON stream holds one message at least");
        }
        return stored;
    }

    /** Stores an append, whatever it is, behind a stream that is held. */
    StreamRow store(Tx tx, StreamRow row, StreamContent content, StreamAppend append) {
        return store(tx, room.state(tx), row, content, append);
    }

    private StreamRow store(Tx tx, AppendState state, StreamRow row, StreamContent content, StreamAppend append) {
        if (content.units() > StreamOffset.UNITS_MAX - StreamOffset.units(row.tail())) {
            throw new InvalidInputException(
                    "stream.length",
                    "a stream holds no more units in its whole life (limit=" + StreamOffset.UNITS_MAX + ", tail="
                            + StreamOffset.units(row.tail()) + ", units=" + content.units() + ")");
        }
        StreamRow after = row.appended(
                row.tail() + content.units(),
                append.close(),
                append.producer().orElse(null),
                append.sequence().orElse(null),
                tx.now());
        if (content.units() > 0) {
            state.add(row, content);
            tx.use(1, content.data().length);
            room.sealer().appended(tx.ns(), row, after.tail());
        }
        state.put(after, content.units() > 0 && after.equals(row.at(after.tail())));
        room.hub().changedBy(tx, row.tail(), content, after);
        return after;
    }

    /** Makes a stream that begins where it began elsewhere. */
    void restore(Tx tx, String name, StreamSpec spec, long first) {
        made(tx, fresh(tx, name, spec, first), spec, new AppendContent(new byte[0], 1));
        StreamState state = room.state(tx);
        StreamRow row = state.hold(name).orElseThrow(StreamRow::notFound);
        if (row.tail() != first) {
            state.put(row.at(first)); // its own offsets, whatever the generation here
        }
        if (StreamOffset.generation(first) > 0) {
            sql.reach(tx, StreamOffset.generation(first));
        }
    }

    /** Lets what follows in a stream begin at an offset of a later generation, as it did elsewhere. */
    void restore(Tx tx, String name, long offset) {
        StreamState state = room.state(tx);
        StreamRow row = state.row(name).orElseThrow(StreamRow::notFound);
        if (StreamOffset.generation(offset) > StreamOffset.generation(row.tail())) {
            sql.reach(tx, StreamOffset.generation(offset));
            state.put(row.at(offset));
        }
    }

    /** Sets how much a stream keeps, as it was elsewhere. */
    void restore(Tx tx, String name, StreamRetention retention) {
        if (!retention.equals(StreamRetention.all())) {
            room.trimmer().retain(tx, room.state(tx).hold(name).orElseThrow(StreamRow::notFound), retention);
        }
    }

    /** Remembers the last append of a producer, as it was elsewhere. */
    void restore(Tx tx, String name, ProducerStamp last) {
        StreamState state = room.state(tx);
        state.put(state.row(name).orElseThrow(StreamRow::notFound).id(), last);
    }

    /** Remembers the last sequence and what closed a stream, as it was elsewhere. */
    void restore(Tx tx, String name, StreamAppend last, boolean close) {
        StreamRow row = room.state(tx).row(name).orElseThrow(StreamRow::notFound);
        StreamAppend end = close
                ? last
                : new StreamAppend(last.content(), Optional.empty(), false, last.sequence(), Optional.empty());
        store(tx, row, StreamContent.bytes(new byte[0]), end);
    }

    /** A stream as a transaction sees it that may have changed it. */
    Optional<StreamRow> look(Tx tx, String name) {
        return tx.single() ? room.state(tx).row(name) : sql.find(tx, tx.ns(), name);
    }

    /** Lets a stream live on, because it is used now. */
    void touch(Tx tx, String name, long id) {
        room.state(tx)
                .hold(name)
                .filter(row -> row.id() == id && !row.deleted() && !row.expired(tx.now()) && row.wantsTouch(tx.now()))
                .ifPresent(row -> sql.update(tx, tx.ns(), row.touched(tx.now())));
    }

    /**
     * Removes a stream of any state, so that another can take its place.
     *
     * @throws InvalidInputException {@code stream.transfer}: forks read from it
     */
    void makeRoom(Tx tx, String name) {
        Optional<StreamRow> there = room.state(tx).hold(name);
        if (there.isPresent() && there.get().forks() > 0) {
            throw new InvalidInputException(
                    "stream.transfer", "a stream of this name is there and has forks, so it cannot be replaced");
        }
        there.ifPresent(row -> remove(tx, row));
    }

    void delete(Tx tx, String name) {
        remove(tx, room.state(tx).hold(name).orElseThrow(StreamRow::notFound).requireAlive(tx.now()));
    }

    /** Removes those of these streams whose time has passed; answers how many. */
    int expire(Tx tx, Iterable<String> names) {
        int removed = 0;
        for (String name : names) {
            // The time is compared again: the stream may have been used since it was found.
            Optional<StreamRow> due = room.state(tx).hold(name).filter(row -> !row.deleted() && row.expired(tx.now()));
            if (due.isPresent()) {
                remove(tx, due.get());
                removed++;
            }
        }
        return removed;
    }

    /** Removes a stream, or keeps it for its forks; and then those that were kept for it alone. */
    private void remove(Tx tx, StreamRow first) {
        StreamRow row = first;
        room.links().removeStream(tx, tx.ns(), row.name());
        while (true) {
            room.hub().removedBy(tx, row.id());
            room.state(tx).forget(row.id());
            if (row.forks() > 0) {
                sql.markDeleted(tx, tx.ns(), row.name());
                return;
            }
            sql.delete(tx, tx.ns(), row.name());
            tx.use(-1, -row.name().getBytes(StandardCharsets.UTF_8).length);
            if (!clear(tx, row.id())) {
                data.addGarbage(tx, tx.ns(), row.id());
            }
            if (!row.isFork()) {
                return;
            }
            StreamState state = room.state(tx);
            StreamRow source = state.hold(row.source()).orElseThrow(StreamRow::notFound);
            sql.countForks(tx, tx.ns(), source.id(), -1);
            if (!source.deleted() || source.forks() > 1) {
                return;
            }
            row = state.hold(source.id()).orElseThrow(StreamRow::notFound);
        }
    }

    /** Removes some of what a stream held that is no more; answers whether that was all. */
    boolean clear(Tx tx, long stream) {
        NamespaceUsage removed = data.removeBefore(tx, tx.ns(), stream, Long.MAX_VALUE, ROWS_AT_ONCE);
        tx.use(-removed.rows(), -removed.bytes());
        return data.removeProducers(tx, tx.ns(), stream, ROWS_AT_ONCE) < ROWS_AT_ONCE && removed.rows() < ROWS_AT_ONCE;
    }
}
