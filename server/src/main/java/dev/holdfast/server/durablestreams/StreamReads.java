package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.Exchange;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamOffset;
import java.util.List;
import java.util.OptionalLong;

/** What reads streams: GET in its three ways, and HEAD. */
final class StreamReads {
    private final StreamsDesk desk;
    private final LongPolls longPolls;
    private final EventReaders events;

    StreamReads(StreamsDesk desk) {
        this.desk = desk;
        this.longPolls = new LongPolls(desk);
        this.events = new EventReaders(desk);
    }

    void head(Exchange exchange) {
        StreamInfo info = desk.stream(exchange).head();
        exchange.setHeader(WireHeaders.CONTENT_TYPE, info.contentType());
        exchange.setHeader(WireHeaders.NEXT_OFFSET, StreamOffset.text(info.tail()));
        exchange.setHeader(WireHeaders.CACHE_CONTROL, "no-store");
        info.ttlSeconds().ifPresent(seconds -> exchange.setHeader(WireHeaders.TTL, Long.toString(seconds)));
        info.expiresAt().ifPresent(time -> exchange.setHeader(WireHeaders.EXPIRES_AT, time));
        if (info.closed()) {
            exchange.setHeader(WireHeaders.CLOSED, WireHeaders.TRUE);
        }
        exchange.respond(200);
    }

    void get(Exchange exchange) throws Exception {
        DurableStream stream = desk.stream(exchange);
        // Other values are ignored, as unknown parameters are.
        switch (exchange.queryParam("live").orElse("")) {
            case "long-poll" -> longPolls.answer(exchange, stream, place(exchange, stream, true));
            case "sse" -> events.open(exchange, stream, place(exchange, stream, true));
            default -> catchUp(exchange, stream, place(exchange, stream, false));
        }
    }

    private void catchUp(Exchange exchange, DurableStream stream, long place) throws Exception {
        StreamChunk chunk = stream.read(place, desk.options().chunkBytes());
        ChunkAnswer answer = new ChunkAnswer(exchange, chunk, desk.identity());
        if (place == DurableStream.NOW) {
            answer.respondNow();
        } else {
            answer.respond();
        }
    }

    /** The place to read from. A stream that is not there is told first of all. */
    private static long place(Exchange exchange, DurableStream stream, boolean required) {
        List<String> values = exchange.queryParams("offset");
        if (values.isEmpty() && !required) {
            return DurableStream.BEGINNING;
        }
        OptionalLong place = values.size() == 1 ? WireOffset.parsePlace(values.getFirst()) : OptionalLong.empty();
        if (place.isEmpty()) {
            stream.head();
            throw Refusals.malformed(
                    values.isEmpty()
                            ? "live reads need an offset: -1, now, or one that this server gave"
                            : "offset must be -1, now, or one that this server gave, once");
        }
        return place.getAsLong();
    }
}
