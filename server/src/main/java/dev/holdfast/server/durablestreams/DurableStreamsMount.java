package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.http.ContentType.BYTES;
import static dev.holdfast.server.http.ContentType.TEXT;

import dev.holdfast.Holdfast;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.server.http.HttpMetrics;
import dev.holdfast.server.http.Mount;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import io.micrometer.core.instrument.Gauge;
import java.util.List;

/** Durable Streams as a mount: its routes, the shape of its errors, and who may use it from a page. */
public final class DurableStreamsMount {
    /** Where the streams are; what follows is the name of one, slashes and all. */
    public static final String BASE = "/v1/stream";

    private static final String TEMPLATE = "/{" + StreamsDesk.PATH + "...}";

    private DurableStreamsMount() {}

    /**
     * The mount over a store.
     *
     * @param corsOrigins browser origins that may read answers; none: all, as the protocol wants it
     * @param metrics gets the gauge {@code holdfast_streams_readers}
     */
    public static Mount of(
            Holdfast holdfast, DurableStreamsOptions options, List<String> corsOrigins, HttpMetrics metrics) {
        StreamsDesk desk = new StreamsDesk(holdfast, BASE, options);
        Gauge.builder("holdfast.streams.readers", desk.readers(), LiveReaders::count)
                .description("Readers of durable streams that wait, by long-poll or event stream")
                .strongReference(true)
                .register(metrics.registry());
        StreamReads reads = new StreamReads(desk);
        StreamChanges changes = new StreamChanges(desk);
        return Mount.at(BASE, "streams")
                .errors(Refusals::render)
                .cors(WireHeaders.cors(corsOrigins))
                .route(read(reads::get))
                .route(route("HEAD", "streamHead", reads::head)
                        .summary("Tells what a stream is and where it ends")
                        .answer(200, "its type, tail, lifetime and whether it is closed"))
                .route(create(changes::create))
                .route(append(changes::append))
                .route(route("DELETE", "deleteStream", changes::delete)
                        .summary("Deletes a stream")
                        .answer(204, "it is gone, or kept for its forks alone")
                        .answer(404, TEXT, "there was none")
                        .answer(410, TEXT, "it was deleted before and is kept for its forks"));
    }

    private static Route route(String method, String id, HttpHandler handler) {
        return Route.of(method, TEMPLATE, id, Refusals.told(handler))
                .checkingGrants()
                .param(Param.path(StreamsDesk.PATH, "the name of the stream; slashes are part of it"));
    }

    private static Route read(HttpHandler handler) {
        return route("GET", "readStream", handler)
                .summary("Reads a stream from an offset on, now or as it grows")
                .param(Param.query("offset", Param.Type.STRING, "-1, now, or an offset that an answer gave"))
                .param(Param.query("live", Param.Type.STRING, "long-poll or sse; else what there is now"))
                .param(Param.query("cursor", Param.Type.STRING, "Stream-Cursor of the last live answer"))
                .param(Param.header("If-None-Match", "an ETag; 304 when it is the same"))
                .answer(200, BYTES, "content in the stream's own type; JSON messages as one array")
                .answer(200, ContentType.EVENTS, "live=sse: data and control events")
                .answer(204, "live=long-poll: nothing came in time, or the stream is closed")
                .answer(304, "the same as before")
                .answer(404, TEXT, "there is no such stream")
                .answer(410, TEXT, "it was deleted, or the content at the offset was removed");
    }

    private static Route create(HttpHandler handler) {
        return route("PUT", "createStream", handler)
                .summary("Makes a stream, or a fork of one, or confirms one of the same kind")
                .param(Param.header("Content-Type", "of all that is appended; application/octet-stream"))
                .param(Param.header(WireHeaders.TTL, "seconds after the last use"))
                .param(Param.header(WireHeaders.EXPIRES_AT, "a time in RFC 3339 form"))
                .param(Param.header(WireHeaders.CLOSED, "true: it takes no more than the body"))
                .param(Param.header(WireHeaders.FORKED_FROM, "path of the URL of the stream to fork"))
                .param(Param.header(WireHeaders.FORK_OFFSET, "where the fork begins; the tail"))
                .param(Param.header(WireHeaders.FORK_SUB_OFFSET, "messages or bytes behind that offset"))
                .body(BYTES, "what the stream begins with")
                .answer(201, "it was made")
                .answer(200, "there is one of the same kind")
                .answer(404, TEXT, "the stream to fork is not there")
                .answer(409, TEXT, "there is one of another kind, or the stream to fork cannot be");
    }

    private static Route append(HttpHandler handler) {
        return route("POST", "appendToStream", handler)
                .summary("Appends to a stream, closes it, or both in one step")
                .param(Param.header("Content-Type", "that of the stream"))
                .param(Param.header(WireHeaders.CLOSED, "true: it takes no more"))
                .param(Param.header(WireHeaders.SEQ, "a text greater than the last one"))
                .param(Param.header(WireHeaders.PRODUCER_ID, "who appends, so that a repeat is recognised"))
                .param(Param.header(WireHeaders.PRODUCER_EPOCH, "raised by a producer that starts anew"))
                .param(Param.header(WireHeaders.PRODUCER_SEQ, "one more with each append"))
                .body(BYTES, "bytes, or one JSON value; of an array each element is a message")
                .answer(204, "done, or a producer's repeat")
                .answer(200, "a producer's append was stored")
                .answer(403, TEXT, "a higher epoch of the producer is known")
                .answer(404, TEXT, "there is no such stream")
                .answer(409, TEXT, "closed, another type, a gap, or a sequence that is not greater")
                .answer(410, TEXT, "it was deleted and is kept for its forks")
                .answer(413, TEXT, "the body is too large");
    }
}
