package dev.holdfast.server.records;

import static dev.holdfast.server.http.ContentType.JSON;
import static dev.holdfast.server.http.ContentType.NDJSON;
import static dev.holdfast.server.http.ContentType.PROBLEM;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStoreException;
import dev.holdfast.record.RecordStores;
import dev.holdfast.record.StoreFormat;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.HttpHandler;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Stores, logs, metadata and ids. */
final class RecordRoutes {
    private static final int LIMIT_MAX = 10_000;
    private static final String STORE = "store";
    private static final Param DOC =
            Param.query("doc", Param.Type.STRING, "the document; may be empty").mandatory();

    private final Holdfast holdfast;
    private final RecordsOptions options;

    RecordRoutes(Holdfast holdfast, RecordsOptions options) {
        this.holdfast = holdfast;
        this.options = options;
    }

    List<Route> routes() {
        return List.of(
                Route.get("", "recordStores", told(this::list))
                        .summary("Lists the record stores")
                        .answer(200, JSON, "their names"),
                Route.put("/{store}", "openRecordStore", told(this::create))
                        .summary("Makes a record store unless it is there")
                        .answer(200, JSON, "it was there")
                        .answer(201, JSON, "it was made")
                        .answer(409, PROBLEM, "its tables have another format"),
                Route.get("/{store}", "recordStore", told(this::describe))
                        .summary("Describes a record store")
                        .answer(200, JSON, "its name and format")
                        .answer(404, PROBLEM, "there is none"),
                Route.delete("/{store}", "dropRecordStore", told(this::drop))
                        .summary("Removes a record store with everything in it")
                        .answer(204, "it is gone"),
                Route.post("/{store}/records", "appendRecords", told(this::append))
                        .summary("Appends a batch of records to a document")
                        .param(DOC)
                        .body(NDJSON, "records and the marker; or frames")
                        .answer(204, "they are stored")
                        .answer(409, PROBLEM, "they cannot follow what is stored"),
                Route.put("/{store}/records", "replaceRecords", told(this::replace))
                        .summary("Replaces the log of a document by a batch of records")
                        .param(DOC)
                        .body(NDJSON, "records and the marker; or frames")
                        .answer(204, "they are stored")
                        .answer(409, PROBLEM, "they cannot follow what is stored"),
                Route.delete("/{store}/records", "deleteRecords", told(this::delete))
                        .summary("Removes a document")
                        .param(DOC)
                        .answer(204, "it is gone"),
                Route.get("/{store}/records", "records", told(this::load))
                        .summary("Reads the log of a document")
                        .param(DOC)
                        .answer(200, NDJSON, "records and the marker; or frames"),
                Route.get("/{store}/meta", "recordMeta", told(this::meta))
                        .summary("Reads the current metadata of a document")
                        .param(DOC)
                        .answer(200, JSON, "the metadata, or null"),
                Route.get("/{store}/docs", "recordDocuments", told(this::docs))
                        .summary("Lists documents in the order of their ids")
                        .param(Param.query("prefix", Param.Type.STRING, "how the ids begin"))
                        .param(Param.query("after", Param.Type.STRING, "the id to begin behind"))
                        .param(Param.query("limit", Param.Type.INTEGER, "how many at most, 1 to 10,000"))
                        .answer(200, NDJSON, "ids and the marker"));
    }

    private static HttpHandler told(HttpHandler handler) {
        return RecordRefusals.told(exchange -> {
            exchange.setHeader("Cache-Control", "no-store");
            handler.handle(exchange);
        });
    }

    private void list(Exchange exchange) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode names = answer.putArray("stores");
        stores(exchange).list().forEach(names::add);
        exchange.respondJson(200, answer);
    }

    private void create(Exchange exchange) {
        String name = exchange.pathParam(STORE);
        boolean made = stores(exchange).create(name);
        exchange.respondJson(made ? 201 : 200, description(name));
    }

    private void describe(Exchange exchange) {
        require(exchange);
        exchange.respondJson(200, description(exchange.pathParam(STORE)));
    }

    private static ObjectNode description(String name) {
        ObjectNode answer = Json.mapper().createObjectNode().put("name", name);
        answer.set("format", RecordRefusals.json(StoreFormat.CURRENT));
        return answer;
    }

    private void drop(Exchange exchange) {
        stores(exchange).drop(exchange.pathParam(STORE));
        exchange.respond(204);
    }

    private void append(Exchange exchange) throws IOException {
        RecordStore store = require(exchange);
        store.appendAll(doc(exchange), batch(exchange));
        exchange.respond(204);
    }

    private void replace(Exchange exchange) throws IOException {
        RecordStore store = require(exchange);
        store.replace(doc(exchange), batch(exchange));
        exchange.respond(204);
    }

    private void delete(Exchange exchange) {
        require(exchange).delete(doc(exchange));
        exchange.respond(204);
    }

    private void load(Exchange exchange) throws Exception {
        RecordStore store = require(exchange);
        String docId = doc(exchange);
        BatchFormat format = BatchTypes.wanted(exchange);
        exchange.respond(200, format.type(), out -> {
            try (RecordCursor<StoreRecord> records = store.loadAll(docId)) {
                long count = 0;
                for (; records.hasNext(); count++) {
                    format.write(out, records.next());
                }
                format.end(out, count);
            }
        });
    }

    private void meta(Exchange exchange) {
        RecordStore store = require(exchange);
        String docId = doc(exchange);
        ObjectNode answer = Json.mapper().createObjectNode().put("docId", docId);
        store.currentMeta(docId)
                .ifPresentOrElse(meta -> answer.set("meta", RecordJson.of(meta)), () -> answer.putNull("meta"));
        exchange.respondJson(200, answer);
    }

    private void docs(Exchange exchange) throws Exception {
        RecordStore store = require(exchange);
        String prefix = id(exchange, "prefix").orElse("");
        Optional<String> after = id(exchange, "after");
        int limit = limit(exchange);
        exchange.respond(200, NDJSON, out -> {
            try (RecordCursor<String> ids = store.listDocIds(prefix)) {
                write(out, ids, after, limit);
            }
        });
    }

    private static void write(OutputStream out, RecordCursor<String> ids, Optional<String> after, int limit)
            throws IOException {
        int count = 0;
        boolean more = false;
        while (ids.hasNext() && !more) {
            String docId = ids.next();
            if (after.isPresent() && order(docId, after.get()) <= 0) {
                continue;
            }
            if (count == limit) {
                more = true;
            } else {
                out.write(Json.bytes(Json.mapper().createObjectNode().put("docId", docId)));
                out.write('\n');
                count++;
            }
        }
        ObjectNode end = Json.mapper().createObjectNode().put("kind", "end").put("count", count);
        out.write(Json.bytes(more ? end.put("more", true) : end));
        out.write('\n');
    }

    /** By the bytes of UTF-8. */
    private static int order(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private List<StoreRecord> batch(Exchange exchange) throws IOException {
        BatchFormat format = BatchTypes.sent(exchange);
        try (InputStream body = exchange.bodyStream(options.batchBytesMax())) {
            return format.read(body);
        }
    }

    private static String doc(Exchange exchange) {
        return id(exchange, "doc").orElseThrow(() -> invalid("the parameter doc is missing"));
    }

    private static Optional<String> id(Exchange exchange, String name) {
        try {
            List<String> values = exchange.queryParams(name);
            if (values.size() > 1) {
                throw invalid("the parameter " + name + " comes more than once");
            }
            values.forEach(RecordStore::requireDocId);
            return values.stream().findFirst();
        } catch (InvalidInputException e) {
            throw invalid("the parameter " + name + " cannot be decoded: " + e.detail());
        }
    }

    private static int limit(Exchange exchange) {
        Optional<String> text = exchange.queryParam("limit");
        if (text.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        try {
            int limit = Integer.parseInt(text.get());
            if (limit >= 1 && limit <= LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit();
        }
        throw badLimit();
    }

    private static HttpException badLimit() {
        return HttpException.of(400, "invalid-limit", "the parameter limit is a number from 1 to " + LIMIT_MAX);
    }

    private static HttpException invalid(String detail) {
        return HttpException.of(400, RecordStoreException.Reason.INVALID_DOC_ID.code(), detail);
    }

    private RecordStore require(Exchange exchange) {
        String name = exchange.pathParam(STORE);
        return stores(exchange)
                .find(name)
                .orElseThrow(() -> HttpException.notFound(
                        RecordStoreException.Reason.STORE_NOT_FOUND.code(), "there is no such record store"));
    }

    /** Who may enter only one namespace reaches none that is made after it. */
    private RecordStores stores(Exchange exchange) {
        Namespace namespace = holdfast.namespace(exchange.namespace());
        return (exchange.principal().namespace().isPresent() ? namespace.present() : namespace).recordStores();
    }
}
