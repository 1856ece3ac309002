package dev.holdfast.server.collections;

import static dev.holdfast.server.http.ContentType.JSON;
import static dev.holdfast.server.http.ContentType.PROBLEM;

import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentPage;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of documents, and single ones. */
final class CollectionRoutes {
    private static final String NEXT_CURSOR = "Next-Cursor";
    private static final int ID_SHOWN_MAX = 200;

    private final Holdfast holdfast;

    CollectionRoutes(Holdfast holdfast) {
        this.holdfast = holdfast;
    }

    List<Route> routes() {
        return List.of(
                Route.get("", "collections", this::names)
                        .summary("Lists the collections")
                        .answer(200, JSON, "names and numbers of documents")
                        .checkingGrants(),
                documents(),
                Route.post("/{name}", "createDocument", this::create)
                        .summary("Inserts a document")
                        .body(JSON, "an object without id")
                        .answer(201, JSON, "the document with its id")
                        .answer(409, PROBLEM, "a unique index has its value already")
                        .checkingGrants(),
                Route.get("/{name}/{id}", "document", this::get)
                        .summary("Reads a document")
                        .answer(200, JSON, "the document")
                        .answer(404, PROBLEM, "there is none")
                        .checkingGrants(),
                Route.patch("/{name}/{id}", "patchDocument", this::patch)
                        .summary("Replaces members of a document")
                        .body(JSON, "an object without id")
                        .answer(200, JSON, "the document as it is now")
                        .answer(409, PROBLEM, "a unique index has its value already")
                        .answer(404, PROBLEM, "there is none")
                        .checkingGrants(),
                Route.delete("/{name}/{id}", "deleteDocument", this::delete)
                        .summary("Deletes a document")
                        .answer(204, "it is gone")
                        .answer(404, PROBLEM, "there was none")
                        .checkingGrants());
    }

    private Route documents() {
        Route route = Route.get("/{name}", "documents", this::list)
                .summary("Lists documents; any other parameter names a field and the value it must have")
                .answer(200, JSON, "an array of documents; Next-Cursor when there are more")
                .checkingGrants();
        for (Param param : DocumentListQuery.params()) {
            route = route.param(param);
        }
        return route;
    }

    private void names(Exchange exchange) {
        ArrayNode answer = Json.mapper().createArrayNode();
        namespace(exchange).collections().list().stream()
                .filter(info -> mayTouch(exchange, info.name()))
                .forEach(info -> answer.addObject().put("name", info.name()).put("documents", info.documents()));
        exchange.respondJson(200, answer);
    }

    private void list(Exchange exchange) {
        Instant now = Instant.ofEpochMilli(holdfast.database().time().millis());
        DocumentListQuery query = DocumentListQuery.of(exchange, now);
        DocumentPage page = collection(exchange).page(query.query(), query.cursor(), query.limit());
        page.cursor().ifPresent(cursor -> exchange.setHeader(NEXT_CURSOR, cursor));
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.write('[');
        for (Document document : page.documents()) {
            if (out.size() > 1) {
                out.write(',');
            }
            out.writeBytes(document.bytes());
        }
        out.write(']');
        exchange.respond(200, JSON, out.toByteArray());
    }

    private void create(Exchange exchange) throws IOException {
        Document document = collection(exchange).insert(body(exchange));
        exchange.respond(201, JSON, document.bytes());
    }

    private void get(Exchange exchange) {
        String id = exchange.pathParam("id");
        Document document = collection(exchange).get(id).orElseThrow(() -> missing(id));
        exchange.respond(200, JSON, document.bytes());
    }

    private void patch(Exchange exchange) throws IOException {
        String id = exchange.pathParam("id");
        Document document = collection(exchange).update(id, body(exchange)).orElseThrow(() -> missing(id));
        exchange.respond(200, JSON, document.bytes());
    }

    private void delete(Exchange exchange) {
        String id = exchange.pathParam("id");
        if (!collection(exchange).delete(id)) {
            throw missing(id);
        }
        exchange.respond(204);
    }

    private Collection collection(Exchange exchange) {
        String name = exchange.pathParam("name");
        if (!mayTouch(exchange, name)) {
            throw HttpException.forbidden("collection.not_granted", "the token does not reach this collection");
        }
        return namespace(exchange).collection(name);
    }

    /** Who may enter only one namespace reaches none that is made after it: that was looked at before the body came. */
    private Namespace namespace(Exchange exchange) {
        Namespace namespace = holdfast.namespace(exchange.namespace());
        return exchange.principal().namespace().isPresent() ? namespace.present() : namespace;
    }

    private static boolean mayTouch(Exchange exchange, String collection) {
        return exchange.principal().mayTouch(Grant.Kind.COLLECTION, collection);
    }

    private static ObjectNode body(Exchange exchange) throws IOException {
        JsonNode body = exchange.json();
        if (!(body instanceof ObjectNode object)) {
            throw new InvalidInputException("collection.body", "request body must be a JSON object");
        }
        if (object.has("id")) {
            throw new InvalidInputException("collection.id_managed", "field \"id\" is managed by the runtime");
        }
        return object;
    }

    private static HttpException missing(String id) {
        return HttpException.notFound("collection.not_found", "document not found: " + shown(id));
    }

    private static String shown(String id) {
        return id.length() <= ID_SHOWN_MAX ? id : id.substring(0, ID_SHOWN_MAX) + "...";
    }
}
