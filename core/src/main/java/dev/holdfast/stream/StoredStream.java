package dev.holdfast.stream;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream in the tables of a database. */
final class StoredStream implements DurableStream {
    /** From this on a read is one of bulk. */
    private static final int BULK_BYTES = 128 << 10;

    private static final int BULK_MESSAGES = 256;
    private static final String INSIDE = "nothing can be waited for inside a transaction";

    private final Session session;
    private final String name;
    private final StreamRoom room;

    StoredStream(Session session, String name, StreamRoom room) {
        this.session = session;
        this.name = name;
        this.room = room;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StreamCreated create(StreamSpec spec) {
        requireSize(spec.content());
        AppendContent content = content(spec.content(), spec.contentType());
        return sweptOnce(() -> write(tx -> room.writer().create(tx, name, spec, content)));
    }

    @Override
    public StreamInfo head() {
        return sweptOnce(() -> session.readOne(tx -> alive(tx).info()));
    }

    @Override
    public StreamAppended append(StreamAppend append) {
        requireSize(append.content());
        if (append.content().length == 0 && !append.close()) {
            throw new InvalidInputException("stream.empty", "an append holds something or closes the stream");
        }
        AppendContent content = content(append.content(), append.contentType());
        return sweptOnce(() -> room.combiner().append(session.inTurn(name.hashCode()), name, append, content));
    }

    @Override
    public void delete() {
        sweptOnce(() -> write(tx -> {
            room.writer().delete(tx, name);
            return name;
        }));
    }

    @Override
    public void retain(StreamRetention retention) {
        sweptOnce(() -> write(tx -> {
            room.trimmer().retain(tx, held(tx), retention);
            return name;
        }));
    }

    @Override
    public StreamRetention retention() {
        return sweptOnce(() ->
                session.read(tx -> room.trimmer().retention(tx, alive(tx).id())));
    }

    @Override
    public long trim(long offset) {
        if (offset < 0 && offset != NOW) {
            throw new InvalidInputException(
                    "stream.read", "an offset to trim to is 0 or more, or the tail (offset=" + offset + ")");
        }
        return sweptOnce(() -> write(tx -> {
            StreamRow row = held(tx);
            return room.trimmer().trim(tx, row, offset == NOW ? row.tail() : offset);
        }));
    }

    @Override
    public StreamSnapshot compact(Duration grace) {
        if (grace.isNegative()) {
            throw new InvalidInputException("stream.retention", "a grace time is 0 or more (grace=" + grace + ")");
        }
        requireOutside();
        return sweptOnce(() -> room.compactor().compact(session, name, grace));
    }

    private StreamRow held(Tx tx) {
        return room.state(tx).hold(name).orElseThrow(StreamRow::notFound).requireAlive(tx.now());
    }

    @Override
    public StreamChunk read(long offset, int bytesMax) {
        requireRead(offset, bytesMax);
        return read(offset, bytesMax, null);
    }

    /** Reads for a follower, which is of one stream alone and not of a later one of the name. */
    StreamChunk read(long offset, int bytesMax, StreamHub.@Nullable Place only) {
        // On PostgreSQL there is nothing to read past, and a second transaction would be for nothing.
        boolean readsPast = session.database().dialect() == Dialect.SQLITE;
        return sweptOnce(() -> {
            Visit visit = session.read(tx -> {
                StreamRow row = alive(tx);
                if (only != null && !only.equals(new StreamHub.Place(tx.ns(), row.id()))) {
                    throw StreamRow.notFound();
                }
                boolean bulk =
                        readsPast && !(session instanceof Tx) && bytesMax >= BULK_BYTES && holdsMuch(row, offset);
                return new Visit(bulk ? null : room.reader().read(tx, row, offset, bytesMax), row, tx.now());
            });
            visit.touch(session, room);
            return visit.chunk == null ? readMuch(offset, bytesMax, visit.row.id()) : visit.chunk;
        });
    }

    private StreamChunk readMuch(long offset, int bytesMax, long id) {
        return session.bulk(tx -> {
            StreamRow row = alive(tx);
            if (row.id() != id) {
                throw StreamRow.notFound();
            }
            return room.reader().read(tx, row, offset, bytesMax);
        });
    }

    private static boolean holdsMuch(StreamRow row, long offset) {
        long units = StreamOffset.units(row.tail()) - StreamOffset.units(Math.max(offset, row.first()));
        return offset != NOW && units >= (row.json() ? BULK_MESSAGES : BULK_BYTES);
    }

    @Override
    public StreamChunk await(long offset, int bytesMax, Duration timeout) {
        requireRead(offset, bytesMax);
        requireOutside();
        try (var waiting = new AwaitedStream(session.database().time(), timeout);
                StreamFollower follower = follow(offset, waiting::wake)) {
            return waiting.await(() -> follower.poll(bytesMax));
        }
    }

    @Override
    public StreamFollower follow(long offset, Runnable wake) {
        requireRead(offset, 1);
        requireOutside();
        return sweptOnce(() -> {
            StreamRow row = session.readOne(this::alive);
            new Visit(null, row, session.database().time().millis()).touch(session, room);
            return room.hub().follow(this, session, row, offset, wake);
        });
    }

    private StreamRow alive(Tx tx) {
        return room.writer().look(tx, name).orElseThrow(StreamRow::notFound).requireAlive(tx.now());
    }

    private <R> R write(Function<Tx, R> work) {
        return session.inTurn(name.hashCode()).write(UnitKind.OPERATION, work);
    }

    /**
     * Runs a call again when a stream seems to be kept for its forks, after those are removed whose time has passed.
     */
    private <R> R sweptOnce(Supplier<R> call) {
        try {
            return call.get();
        } catch (StreamException e) {
            boolean kept = e.reason() == StreamException.Reason.DELETED
                    || e.reason() == StreamException.Reason.OCCUPIED
                    || e.reason() == StreamException.Reason.SOURCE;
            if (session instanceof Tx || !kept || room.expire(session) == 0) {
                throw e;
            }
            return call.get();
        }
    }

    private AppendContent content(byte[] body, Optional<String> contentType) {
        int messagesMax = room.limits().appendMessagesMax();
        if (contentType.filter(ContentTypes::isJson).isPresent() && body.length > 0) {
            return new AppendContent(body, messagesMax).asJson();
        }
        // The caller's array is the caller's again when this returns, and followers are served from what is kept here.
        return new AppendContent(body.clone(), messagesMax);
    }

    private void requireSize(byte[] content) {
        int max = room.limits().appendBytesMax();
        if (content.length > max) {
            throw new InvalidInputException(
                    "stream.too_large",
                    "one append holds too many bytes (bytes=" + content.length + ", appendBytesMax=" + max + ")");
        }
    }

    private static void requireRead(long offset, int bytesMax) {
        if (offset < NOW || bytesMax < 1) {
            throw new InvalidInputException(
                    "stream.read",
                    "an offset is 0 or more, and a read takes 1 byte or more (offset=" + offset + ", bytesMax="
                            + bytesMax + ")");
        }
    }

    private void requireOutside() {
        if (session instanceof Tx) {
            throw new InvalidInputException("stream.inside_transaction", INSIDE);
        }
        session.database().requireOutside(INSIDE);
        if (session.database().outer().isPresent()) {
            throw new InvalidInputException("stream.inside_transaction", INSIDE);
        }
    }

    /** A read, whose time may have to be written down. */
    private record Visit(@Nullable StreamChunk chunk, StreamRow row, long now) {
        void touch(Session session, StreamRoom room) {
            if (row.wantsTouch(now) && !(session instanceof Tx)) {
                session.write(UnitKind.OPERATION, tx -> {
                    room.writer().touch(tx, row.name(), row.id());
                    return row;
                });
            }
        }
    }
}
