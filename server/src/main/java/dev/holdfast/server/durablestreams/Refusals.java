package dev.holdfast.server.durablestreams;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamOffset;
import tools.jackson.databind.node.ObjectNode;

/** Refusals as the protocol writes them: a status, headers that say what a client needs to go on, a line of text. */
final class Refusals {
    /** The code of what is asked of the names that belong to the protocol itself. */
    static final String RESERVED = "stream.reserved";

    private static final String TOO_LARGE = "stream.too_large";

    private Refusals() {}

    /** The shape of all errors of the mount. */
    static ErrorRenderer.Body render(Failure failure) {
        if (failure.code().equals(RESERVED)) {
            ObjectNode body = Json.mapper().createObjectNode();
            body.putObject("error").put("code", "NOT_FOUND").put("message", failure.detail());
            return ErrorRenderer.Body.json(failure.status(), body);
        }
        int status = failure.code().equals(TOO_LARGE) ? 413 : failure.status();
        return new ErrorRenderer.Body(status, ContentType.TEXT, failure.detail());
    }

    /** A handler whose refusals by streams are answers of the protocol. */
    static HttpHandler told(HttpHandler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (StreamException e) {
                throw of(e, exchange);
            }
        };
    }

    /** What a stream's refusal is over HTTP. */
    static HttpException of(StreamException e, Exchange exchange) {
        HttpException told = HttpException.of(status(e.reason()), e.code(), e.detail());
        if (e.reason() == StreamException.Reason.CLOSED) {
            told = told.withHeader(WireHeaders.CLOSED, WireHeaders.TRUE);
        }
        if (e.tail().isPresent()) {
            told = told.withHeader(
                    WireHeaders.NEXT_OFFSET, StreamOffset.text(e.tail().getAsLong()));
        }
        if (e.epoch().isPresent()) {
            told = told.withHeader(
                    WireHeaders.PRODUCER_EPOCH, Long.toString(e.epoch().getAsLong()));
        }
        if (e.expected().isPresent()) {
            told = told.withHeader(
                            WireHeaders.EXPECTED_SEQ, Long.toString(e.expected().getAsLong()))
                    .withHeader(
                            WireHeaders.RECEIVED_SEQ,
                            exchange.header(WireHeaders.PRODUCER_SEQ).orElse(""));
        }
        return told;
    }

    private static int status(StreamException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND, NO_SOURCE -> 404;
            case DELETED, TRIMMED -> 410;
            case STALE_EPOCH -> 403;
            case OCCUPIED, SOURCE, CLOSED, CONTENT_TYPE, GAP, SEQUENCE -> 409;
        };
    }

    /** A request whose headers or query say nothing usable. */
    static InvalidInputException malformed(String message) {
        return new InvalidInputException("stream.request", message);
    }
}
