package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.Exchange;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamCreated;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** What changes streams: PUT, POST and DELETE. */
final class StreamChanges {
    private final StreamsDesk desk;

    StreamChanges(StreamsDesk desk) {
        this.desk = desk;
    }

    void create(Exchange exchange) throws IOException {
        DurableStream stream = desk.stream(exchange);
        StreamSpec spec = new StreamSpec(
                RequestHeaders.contentType(exchange),
                RequestHeaders.number(exchange, WireHeaders.TTL),
                RequestHeaders.only(exchange, WireHeaders.EXPIRES_AT),
                WireHeaders.says(exchange, WireHeaders.CLOSED),
                RequestHeaders.content(exchange),
                fork(exchange));
        StreamCreated created = stream.create(spec);
        if (created.created()) {
            exchange.setHeader(WireHeaders.LOCATION, exchange.url());
        }
        exchange.setHeader(WireHeaders.CONTENT_TYPE, created.info().contentType());
        told(exchange, created.info().tail(), created.info().closed());
        exchange.respond(created.created() ? 201 : 200);
    }

    private Optional<StreamFork> fork(Exchange exchange) {
        Optional<String> source = RequestHeaders.only(exchange, WireHeaders.FORKED_FROM);
        Optional<String> offset = RequestHeaders.only(exchange, WireHeaders.FORK_OFFSET);
        OptionalLong sub = RequestHeaders.number(exchange, WireHeaders.FORK_SUB_OFFSET);
        if (source.isEmpty()) {
            if (offset.isPresent() || sub.isPresent()) {
                throw Refusals.malformed("the place of a fork needs Stream-Forked-From");
            }
            return Optional.empty();
        }
        OptionalLong place = offset.map(StreamOffset::parse).orElse(OptionalLong.empty());
        if (offset.isPresent() && place.isEmpty()) {
            throw Refusals.malformed("Stream-Fork-Offset must be an offset that this server gave");
        }
        return Optional.of(new StreamFork(desk.named(exchange, source.get()), place, sub.orElse(0)));
    }

    void append(Exchange exchange) throws IOException {
        DurableStream stream = desk.stream(exchange);
        Optional<ProducerStamp> producer = RequestHeaders.producer(exchange);
        boolean close = WireHeaders.says(exchange, WireHeaders.CLOSED);
        byte[] content = RequestHeaders.content(exchange);
        Optional<String> type = content.length == 0 ? Optional.empty() : exchange.header(WireHeaders.CONTENT_TYPE);
        if (content.length == 0 && !close) {
            throw Refusals.malformed("an append needs a body, or Stream-Closed: true");
        }
        if (content.length > 0 && type.filter(text -> !text.isBlank()).isEmpty()) {
            throw Refusals.malformed("an append needs a Content-Type");
        }
        Optional<String> sequence = RequestHeaders.only(exchange, WireHeaders.SEQ);
        StreamAppended done = stream.append(new StreamAppend(content, type, close, sequence, producer));
        done.producer().ifPresent(last -> {
            exchange.setHeader(WireHeaders.PRODUCER_EPOCH, Long.toString(last.epoch()));
            exchange.setHeader(WireHeaders.PRODUCER_SEQ, Long.toString(last.seq()));
        });
        told(exchange, done.tail(), done.closed());
        boolean stored = producer.isPresent() && content.length > 0 && !done.repeated();
        exchange.respond(stored ? 200 : 204);
    }

    void delete(Exchange exchange) {
        desk.stream(exchange).delete();
        exchange.respond(204);
    }

    private static void told(Exchange exchange, long tail, boolean closed) {
        exchange.setHeader(WireHeaders.NEXT_OFFSET, StreamOffset.text(tail));
        if (closed) {
            exchange.setHeader(WireHeaders.CLOSED, WireHeaders.TRUE);
        }
    }
}
