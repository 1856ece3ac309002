package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Parked;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamFollower;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** GET that waits for something to come when there is nothing. */
final class LongPolls {
    private final StreamsDesk desk;

    LongPolls(StreamsDesk desk) {
        this.desk = desk;
    }

    void answer(Exchange exchange, DurableStream stream, long place) throws Exception {
        StreamChunk chunk = stream.read(place, desk.options().chunkBytes());
        boolean now = place == DurableStream.NOW;
        // From beyond the tail comes a reader of an earlier stream of this name; the smaller offset is its only sign.
        boolean lost = place > chunk.info().tail();
        if (!chunk.isEmpty() || chunk.atEnd() || lost) {
            respond(exchange, chunk, now, !chunk.isEmpty() || !chunk.atEnd());
            return;
        }
        LiveReaders.Place seat = desk.readers().enter();
        Waiting waiting;
        try {
            waiting = new Waiting(seat, now, stream, chunk.next());
        } catch (Throwable t) {
            seat.close();
            throw t;
        }
        waiting.look(exchange, true);
    }

    private void respond(Exchange exchange, StreamChunk chunk, boolean now, boolean content) throws Exception {
        ChunkAnswer answer = new ChunkAnswer(exchange, chunk, desk.identity());
        if (!chunk.atEnd()) {
            long client = WireCursor.parse(exchange.queryParam("cursor").orElse(""));
            exchange.setHeader(WireHeaders.CURSOR, Long.toString(WireCursor.next(client, desk.nowMillis())));
        }
        if (!content) {
            answer.respondEmpty();
        } else if (now) {
            answer.respondNow();
        } else {
            answer.respond();
        }
    }

    /** A reader at the tail. It holds no thread while it waits. */
    private final class Waiting implements Parked.Resume {
        private final LiveReaders.Place seat;
        private final boolean now;
        private final long deadline;
        private volatile boolean woken;
        private volatile @Nullable Parked parked;
        private final StreamFollower follower;

        Waiting(LiveReaders.Place seat, boolean now, DurableStream stream, long offset) {
            this.seat = seat;
            this.now = now;
            this.deadline = System.nanoTime() + desk.options().longPollTimeout().toNanos();
            this.follower = stream.follow(offset, this::wake);
        }

        private void wake() {
            woken = true;
            Parked waits = parked;
            if (waits != null) {
                waits.signal();
            }
        }

        /** Answers when there is something or when it is time; else the request is put aside again. */
        void look(Exchange exchange, boolean mayWait) throws Exception {
            boolean waits = false;
            try {
                woken = false;
                StreamChunk chunk = follower.poll(desk.options().chunkBytes());
                long left = deadline - System.nanoTime();
                waits = mayWait && left > 0 && chunk.isEmpty() && !chunk.atEnd();
                if (waits) {
                    park(exchange, Duration.ofNanos(left));
                } else {
                    respond(exchange, chunk, now, !chunk.isEmpty());
                }
            } finally {
                if (!waits) {
                    leave();
                }
            }
        }

        private void park(Exchange exchange, Duration left) {
            Parked next = exchange.park(left, this);
            parked = next;
            // What came since it was looked at found nobody to signal to.
            if (woken) {
                next.signal();
            }
        }

        @Override
        public void resume(Exchange exchange, Parked.Wake why) throws Exception {
            try {
                look(exchange, why == Parked.Wake.SIGNAL);
            } catch (StreamException e) {
                throw Refusals.of(e, exchange);
            }
        }

        private void leave() {
            follower.close();
            seat.close();
        }
    }
}
