package dev.holdfast.queue;

import dev.holdfast.engine.Tx;
import dev.holdfast.json.Json;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.QueueClaimSql.Place;
import dev.holdfast.queue.QueueFlowSql.Said;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps jobs that are exhausted: as dead ones, or in an envelope in another queue. */
final class QueueDeadLetters {
    private final QueueRoom room;

    QueueDeadLetters(QueueRoom room) {
        this.room = room;
    }

    /** Keeps a job, in the transaction in which it is exhausted. */
    void keep(Tx tx, JobRow job, String error) {
        Optional<String> target = room.flows().of(tx, tx.ns(), job.queue()).flatMap(Said::deadLetters);
        if (target.isEmpty()) {
            room.sql().change(tx, tx.ns(), job.id(), JobRow.DEAD, tx.now(), job.attempt(), error);
            return;
        }
        JobRow letter =
                JobRow.of(room.newId(), target.get(), envelope(job, error, tx.now()), JobOptions.defaults(), tx.now());
        room.sql().delete(tx, tx.ns(), job.id());
        room.sql().insert(tx, letter);
        // It takes the place of the job: no quota refuses that, or nothing could be claimed any more.
        tx.recount(0, letter.bytes() - job.bytes());
        room.tender().ready(tx, letter.queue(), letter.priority(), Place.of(letter));
    }

    private static KvValue envelope(JobRow job, String error, long now) {
        ObjectNode envelope = Json.mapper()
                .createObjectNode()
                .put("attempts", job.attempt())
                .put("error", error)
                .put("failedAt", Instant.ofEpochMilli(now).toString());
        envelope.set("payload", payload(job.content()));
        return KvValue.json(envelope.put("queue", job.queue()));
    }

    private static JsonNode payload(KvValue value) {
        return value.findJson()
                .orElseGet(() -> Json.mapper()
                        .createObjectNode()
                        .put("encoding", value.encoding().name())
                        .put("bytes", Base64.getEncoder().encodeToString(value.encoded())));
    }
}
