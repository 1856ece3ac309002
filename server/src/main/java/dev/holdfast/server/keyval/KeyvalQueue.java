package dev.holdfast.server.keyval;

import static dev.holdfast.server.http.ContentType.JSON;

import dev.holdfast.json.Json;
import dev.holdfast.queue.Enqueued;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.server.http.Param;
import dev.holdfast.server.http.Route;
import dev.holdfast.server.http.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** The queue of this interface, which is the queue {@code default} of the room, and its dead letters. */
final class KeyvalQueue {
    private static final int DEAD_LIMIT = 100;
    private static final int DEAD_LIMIT_MAX = 1_000;
    private static final String OK = "ok";

    private final KeyvalStore store;
    private final Duration lock;
    /** Who was sent a message that is not settled yet. */
    private final ConcurrentHashMap<String, KeyvalListener> sentTo = new ConcurrentHashMap<>();

    KeyvalQueue(KeyvalStore store, KeyvalOptions options) {
        this.store = store;
        this.lock = options.queueLock();
    }

    List<Route> routes() {
        return List.of(
                Route.post("/queue/enqueue", "keyvalEnqueue", this::enqueue)
                        .summary("Enqueues a message")
                        .body(JSON, "value, and options: delay, backoffSchedule, keysIfUndelivered")
                        .answer(200, JSON, "ok and the id"),
                Route.get("/queue/poll", "keyvalPollQueue", this::poll)
                        .needs(Scope.WRITE)
                        .summary("Takes the next message, which is locked for a while")
                        .answer(200, JSON, "the message, or null"),
                Route.get("/queue/listen", "keyvalListenQueue", this::listen)
                        .needs(Scope.WRITE)
                        .summary("Takes messages as they come, ten unsettled ones at most")
                        .answer(200, ContentType.EVENTS, "message and ping events"),
                Route.post("/queue/ack", "keyvalAck", exchange -> settle(exchange, Queue::ack))
                        .summary("Settles a message that is locked: it is done")
                        .body(JSON, "id, and attempts to be exact")
                        .answer(200, JSON, "ok, whether it was locked or not"),
                Route.post("/queue/nack", "keyvalNack", exchange -> settle(exchange, KeyvalQueue::nack))
                        .summary("Settles a message that is locked: it comes again, or is a dead letter")
                        .body(JSON, "id, and attempts to be exact")
                        .answer(200, JSON, "ok, whether it was locked or not"),
                Route.get("/queue/stats", "keyvalQueueStats", this::stats)
                        .summary("Counts messages")
                        .answer(200, JSON, "pending, processing, dlq, total"),
                Route.get("/queue/dlq", "keyvalDeadLetters", this::deadLetters)
                        .summary("Lists dead letters, the latest first")
                        .param(Param.query("limit", Param.Type.INTEGER, "100 unless said, 1000 at most"))
                        .param(Param.query("offset", Param.Type.INTEGER, "how many are left out"))
                        .answer(200, JSON, "an array of dead letters"),
                Route.delete("/queue/dlq", "keyvalPurgeDeadLetters", this::purge)
                        .summary("Removes all dead letters")
                        .answer(200, JSON, "how many"),
                Route.get("/queue/dlq/{id}", "keyvalDeadLetter", this::deadLetter)
                        .summary("Reads a dead letter")
                        .answer(200, JSON, "the dead letter")
                        .answer(404, JSON, "there is none of this id"),
                Route.post("/queue/dlq/{id}/requeue", "keyvalRequeue", this::requeue)
                        .summary("Enqueues the value of a dead letter as a new message, and removes the dead letter")
                        .answer(200, JSON, "ok and the id of the message")
                        .answer(404, JSON, "there is none of this id"),
                Route.delete("/queue/dlq/{id}", "keyvalDeleteDeadLetter", this::delete)
                        .summary("Removes a dead letter")
                        .answer(200, JSON, "ok, also when there was none"));
    }

    private void enqueue(Exchange exchange) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        JobOptions options = KeyvalQueueJson.options(body.path("options"));
        Enqueued enqueued = store.queue(exchange).enqueue(KeyvalQueueJson.value(body), options);
        exchange.respondJson(200, ok().put("id", enqueued.id()));
    }

    private void poll(Exchange exchange) {
        // HEAD comes here, too, and must not take what nobody sees.
        List<Job> jobs = isHead(exchange) ? List.of() : store.queue(exchange).claim(1, lock);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(KeyvalJson.utf8("{\"message\":"));
        out.writeBytes(jobs.isEmpty() ? KeyvalJson.utf8("null") : KeyvalQueueJson.message(jobs.getFirst()));
        out.write('}');
        exchange.respond(200, JSON, out.toByteArray());
    }

    private void listen(Exchange exchange) {
        if (isHead(exchange)) {
            exchange.respond(200);
            return;
        }
        Queue queue = store.watchedQueue(exchange);
        exchange.setHeader("Cache-Control", "no-cache");
        KeyvalListener.start(
                queue, exchange.events(() -> KeyvalListener.PING), lock, store, store.tending(exchange), sentTo);
    }

    private static boolean isHead(Exchange exchange) {
        return exchange.method().equals("HEAD");
    }

    private void settle(Exchange exchange, Settling settling) throws IOException {
        ObjectNode body = KeyvalJson.object(exchange.json());
        String id = KeyvalQueueJson.id(body);
        Optional<Integer> attempts = KeyvalQueueJson.attempts(body);
        Queue queue = store.queue(exchange);
        Optional<JobClaim> claim = attempts.isPresent() ? queue.claimOf(id, attempts.get()) : queue.claimOf(id);
        boolean settled = claim.isPresent() && settling.settle(queue, claim.get());
        KeyvalListener listener = settled ? sentTo.remove(id) : null;
        if (listener != null) {
            listener.settled(id);
        }
        exchange.respondJson(200, ok());
    }

    private static boolean nack(Queue queue, JobClaim claim) {
        return queue.nack(claim, KeyvalQueueJson.EXHAUSTED);
    }

    private void stats(Exchange exchange) {
        ObjectNode answer = Json.mapper().createObjectNode();
        KeyvalQueueJson.put(answer, store.queue(exchange).stats());
        exchange.respondJson(200, answer);
    }

    private void deadLetters(Exchange exchange) {
        int limit = KeyvalJson.limit(exchange.queryParam("limit"), DEAD_LIMIT, DEAD_LIMIT_MAX);
        long offset = KeyvalQueueJson.offset(exchange.queryParam("offset"));
        List<byte[]> all = store.queue(exchange).dead(limit, offset).stream()
                .map(KeyvalQueueJson::dead)
                .toList();
        exchange.respond(200, JSON, KeyvalQueueJson.array(all));
    }

    private void deadLetter(Exchange exchange) {
        byte[] dead = store.queue(exchange)
                .dead(exchange.pathParam("id"))
                .map(KeyvalQueueJson::dead)
                .orElseThrow(KeyvalQueue::notFound);
        exchange.respond(200, JSON, dead);
    }

    private void requeue(Exchange exchange) {
        String id = store.queue(exchange)
                .requeue(
                        exchange.pathParam("id"),
                        KeyvalQueueJson.options(Json.mapper().createObjectNode()))
                .orElseThrow(KeyvalQueue::notFound);
        exchange.respondJson(200, ok().put("newId", id).put("id", id));
    }

    private void delete(Exchange exchange) {
        store.queue(exchange).deleteDead(exchange.pathParam("id"));
        exchange.respondJson(200, ok());
    }

    private void purge(Exchange exchange) {
        long deleted = store.queue(exchange).purgeDead();
        exchange.respondJson(200, Json.mapper().createObjectNode().put("deletedCount", deleted));
    }

    private static ObjectNode ok() {
        return Json.mapper().createObjectNode().put(OK, true);
    }

    private static HttpException notFound() {
        return HttpException.of(404, "keyval.no_dead_letter", "Message not found in DLQ");
    }

    /** Settles a message that is locked. */
    @FunctionalInterface
    private interface Settling {
        boolean settle(Queue queue, JobClaim claim);
    }
}
