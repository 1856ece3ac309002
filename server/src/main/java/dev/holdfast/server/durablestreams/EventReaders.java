package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.EventStream;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamFollower;

/** GET as an event stream. */
final class EventReaders {
    private final StreamsDesk desk;
    private final EventFrames frames = new EventFrames();

    EventReaders(StreamsDesk desk) {
        this.desk = desk;
    }

    void open(Exchange exchange, DurableStream stream, long place) {
        long client = WireCursor.parse(exchange.queryParam("cursor").orElse(""));
        long cursor = WireCursor.next(client, desk.nowMillis());
        LiveReaders.Place seat = desk.readers().enter();
        Turns turns = new Turns();
        StreamFollower follower;
        StreamChunk first;
        try {
            follower = stream.follow(place, turns::ask);
            first = firstChunk(follower);
        } catch (Throwable t) {
            seat.close();
            throw t;
        }
        if (EventFrames.isBinary(first.info())) {
            exchange.setHeader(WireHeaders.SSE_ENCODING, "base64");
        }
        EventStream events = exchange.events();
        events.onClose(() -> {
            follower.close();
            seat.close();
        });
        events.endAfter(desk.options().sseMaxAge());
        EventReader reader = new EventReader(desk, frames, events, follower, cursor);
        events.onRoom(turns::ask);
        events.onIdle(() -> {
            reader.showLife();
            turns.ask();
        });
        reader.begin(first, turns);
    }

    private static StreamChunk firstChunk(StreamFollower follower) {
        try {
            return follower.poll(EventReader.CHUNK_BYTES);
        } catch (Throwable t) {
            follower.close();
            throw t;
        }
    }
}
