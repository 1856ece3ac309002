package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Principal;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamOffset;

/** An answer with some content of a stream. */
final class ChunkAnswer {
    // A part of a stream never changes while the stream lives, so who shares it may keep it for a while.
    private static final String SHARED = "public, max-age=60, stale-while-revalidate=300";
    private static final String ASK_AGAIN = "no-cache";
    private static final String FOR_ONE = "private, no-cache";
    private static final String NEVER = "no-store";

    private final Exchange exchange;
    private final StreamChunk chunk;
    private final long identity;

    /** The number tells the store from all others. */
    ChunkAnswer(Exchange exchange, StreamChunk chunk, long identity) {
        this.exchange = exchange;
        this.chunk = chunk;
        this.identity = identity;
    }

    /** Answers a request that asked for the tail as it is now: nothing that anybody could keep. */
    void respondNow() throws Exception {
        exchange.setHeader(WireHeaders.CACHE_CONTROL, NEVER);
        place();
        body();
    }

    /** Answers with the content, or says that the client has it already. */
    void respond() throws Exception {
        StreamInfo info = chunk.info();
        boolean compress = Compression.worthwhile(info.contentType(), chunk.size());
        if (compress) {
            exchange.addHeader("Vary", "Accept-Encoding");
            compress = Compression.accepted(exchange);
        }
        String tag = tag();
        // The compressed form is another sequence of bytes, so it bears the weak form of the tag.
        exchange.setHeader(WireHeaders.ETAG, compress ? "W/" + tag : tag);
        exchange.setHeader(WireHeaders.CACHE_CONTROL, caching());
        place();
        if (has(tag)) {
            exchange.respond(304);
        } else if (compress) {
            exchange.setHeader("Content-Encoding", "gzip");
            exchange.respond(200, ContentType.of(info.contentType()), out -> Compression.gzip(out, chunk::writeTo));
        } else {
            body();
        }
    }

    /** Answers a long-poll that came to an end without content. */
    void respondEmpty() {
        place();
        exchange.respond(204);
    }

    private void place() {
        exchange.setHeader(WireHeaders.NEXT_OFFSET, StreamOffset.text(chunk.next()));
        if (chunk.upToDate()) {
            exchange.setHeader(WireHeaders.UP_TO_DATE, WireHeaders.TRUE);
        }
        if (chunk.atEnd()) {
            exchange.setHeader(WireHeaders.CLOSED, WireHeaders.TRUE);
        }
    }

    private void body() throws Exception {
        boolean json = chunk.info().json();
        int commas = Math.max(0, chunk.parts().size() - 1);
        exchange.setHeader("Content-Length", Long.toString(chunk.size() + (json ? commas + 2 : 0)));
        exchange.respond(200, ContentType.of(chunk.info().contentType()), chunk::writeTo);
    }

    private String caching() {
        if (!exchange.principal().equals(Principal.local())) {
            return FOR_ONE;
        }
        return chunk.upToDate() ? ASK_AGAIN : SHARED;
    }

    /**
     * Names the content and whether it reaches the tail and the end: what lies between two offsets of a stream never
     * changes. A stream that was made again has another number, one in a store that was made again another store.
     */
    private String tag() {
        return "\"" + Long.toUnsignedString(identity, Character.MAX_RADIX) + ":"
                + chunk.info().id() + ":" + chunk.start() + ":" + chunk.next() + (chunk.upToDate() ? ":t" : "")
                + (chunk.atEnd() ? ":c" : "") + "\"";
    }

    private boolean has(String tag) {
        for (String header : exchange.headers("If-None-Match")) {
            for (String one : header.split(",")) {
                String known = one.strip();
                if (known.equals("*") || (known.startsWith("W/") ? known.substring(2) : known).equals(tag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
