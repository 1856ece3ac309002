package dev.holdfast.server.records;

import dev.holdfast.json.Json;
import dev.holdfast.record.RecordStoreException;
import dev.holdfast.record.RecordStoreException.Reason;
import dev.holdfast.record.StoreFormat;
import dev.holdfast.record.StoreFormatException;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.ErrorRenderer;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Failure;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.HttpHandler;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What is refused, with the statuses and codes of this interface. */
final class RecordRefusals {
    /** The codes of the layer below by the names that they have here. */
    private static final Map<String, String> CODES = Map.of(
            "http.no_route", "not-found",
            "http.method_not_allowed", "method-not-allowed",
            "http.body_too_large", "batch-too-large",
            "http.percent_encoding", "invalid-doc-id",
            "http.grant_missing", "forbidden",
            "http.scope_missing", "forbidden");

    private static final int UNAVAILABLE = 503;

    private RecordRefusals() {}

    /** A handler whose refusals have the statuses of this interface. */
    static HttpHandler told(HttpHandler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (StoreFormatException e) {
                respond(exchange, e);
            } catch (RecordStoreException e) {
                HttpException refusal = HttpException.of(status(e.reason()), e.code(), e.detail());
                throw e.reason() == Reason.UNAVAILABLE ? refusal.withHeader("Retry-After", "1") : refusal;
            }
        };
    }

    private static void respond(Exchange exchange, StoreFormatException e) {
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("type", "urn:holdfast:error:" + e.code())
                .put("title", "Conflict")
                .put("status", status(e.reason()))
                .put("detail", e.detail())
                .put("code", e.code())
                .put("requestId", exchange.requestId())
                .put("reason", e.kind().code());
        e.stored().ifPresentOrElse(stored -> body.set("stored", json(stored)), () -> body.putNull("stored"));
        body.set("current", json(e.current()));
        exchange.respond(status(e.reason()), ContentType.PROBLEM, Json.bytes(body));
    }

    static ObjectNode json(StoreFormat format) {
        return Json.mapper().createObjectNode().put("major", format.major()).put("minor", format.minor());
    }

    static ErrorRenderer.Body render(Failure failure) {
        String code =
                failure.status() == UNAVAILABLE ? "unavailable" : CODES.getOrDefault(failure.code(), failure.code());
        return ErrorRenderer.problem()
                .render(new Failure(failure.status(), code, failure.detail(), failure.requestId(), failure.headers()));
    }

    static HttpException incomplete(String detail) {
        return HttpException.of(400, "incomplete-batch", detail);
    }

    static HttpException malformed(String detail) {
        return HttpException.of(400, Reason.MALFORMED_RECORD.code(), detail);
    }

    private static int status(Reason reason) {
        return switch (reason) {
            case INVALID_DOC_ID, INVALID_STORE_NAME, INVALID_TABLE_NAME, MALFORMED_RECORD -> 400;
            case STORE_NOT_FOUND -> 404;
            case META_REQUIRED, REPLICA_TYPE_MISMATCH, SYNC_MODE_MISMATCH, STORE_FORMAT, LOG_FULL -> 409;
            case RECORD_TOO_LARGE -> 413;
            case META_MISSING, EMPTY_BATCH -> 422;
            case CORRUPT_RECORD, SCHEMA_MISMATCH -> 500;
            case CLOSED, UNAVAILABLE -> 503;
        };
    }
}
