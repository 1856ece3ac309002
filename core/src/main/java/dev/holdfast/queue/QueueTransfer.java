package dev.holdfast.queue;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.QueueClaimSql.Place;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The room's part of an export: queues that are paused, then jobs by their ids, one JSON object each. A job is what it
 * was: one that is claimed stays so until its lease runs out, since whoever holds it may settle it only where it
 * claimed it.
 */
public final class QueueTransfer {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final String PAUSED = "paused";
    private static final String QUEUE = "queue";
    private static final String UNIQUE_KEY = "uniqueKey";
    private static final String ERROR = "error";
    private static final String FALLBACK_KEYS = "fallbackKeys";
    private static final List<String> STATES = List.of("ready", "dead", "delayed", "claimed");

    private final Session session;
    private final QueueRoom room;
    private final List<JobRow> waiting = new ArrayList<>();
    private long bytes;

    /** Loads into the queues of a session. */
    public QueueTransfer(Session session) {
        this.session = session;
        this.room = QueueRoom.of(session.database());
    }

    /** Hands out everything the namespace holds, as it is in this session. */
    public static void export(Session session, Consumer<ObjectNode> out) {
        QueueSql sql = QueueRoom.of(session.database()).sql();
        session.bulk(tx -> {
            for (String queue : sql.pausedNames(tx, tx.ns())) {
                out.accept(Json.mapper().createObjectNode().put(QUEUE, queue).put(PAUSED, true));
            }
            try (Stream<JobRow> jobs = sql.all(tx, tx.ns())) {
                jobs.forEach(job -> out.accept(line(job)));
            }
            return sql;
        });
    }

    /**
     * Takes one line. Jobs are written in batches of 500 or a little more than 4 MiB, each a transaction;
     * {@link #finish} writes the last.
     *
     * @throws InvalidInputException {@code queue.transfer}: the line is not one of this room
     */
    public void load(JsonNode line) {
        if (line.has(PAUSED)) {
            Queue.in(session, text(line, QUEUE)).pause();
            return;
        }
        JobRow job = job(line);
        waiting.add(job);
        bytes += job.bytes();
        if (waiting.size() == BATCH || bytes > BATCH_BYTES) {
            finish();
        }
    }

    /**
     * Looks at one line, and writes nothing.
     *
     * @throws InvalidInputException {@code queue.transfer}: the line is not one of this room
     */
    public void check(JsonNode line) {
        if (line.has(PAUSED)) {
            QueueLimits.requireName(text(line, QUEUE));
        } else {
            job(line);
        }
    }

    /** How many jobs wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Writes what is waiting. */
    public void finish() {
        if (!waiting.isEmpty()) {
            List<JobRow> jobs = List.copyOf(waiting);
            session.write(UnitKind.OPERATION, tx -> {
                jobs.forEach(job -> write(tx, job));
                return jobs;
            });
            waiting.clear();
            bytes = 0;
        }
    }

    private void write(Tx tx, JobRow job) {
        Optional<Long> before = room.sql().bytesOf(tx, tx.ns(), job.id());
        room.sql().replace(tx, tx.ns(), job);
        tx.use(before.isPresent() ? 0 : 1, job.bytes() - before.orElse(0L));
        if (job.state() == JobRow.READY) {
            room.tender().ready(tx, job.queue(), job.priority(), Place.of(job));
        } else if (job.state() != JobRow.DEAD) {
            room.tender().expect(tx, job.queue(), job.dueAt());
        }
    }

    private static ObjectNode line(JobRow job) {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put(QUEUE, job.queue())
                .put("id", JobIds.text(job.id()))
                .put("state", STATES.get(job.state()))
                .put("priority", job.priority())
                .put("dueAt", job.dueAt())
                .put("token", job.token())
                .put("attempt", job.attempt())
                .put("attemptsMax", job.attemptsMax())
                .put("retry", job.backoff())
                .put("deadLetter", job.deadLetter())
                .put("createdAt", job.createdAt());
        if (job.fallback() != null) {
            ArrayNode keys = line.putArray(FALLBACK_KEYS);
            job.fallbackKeys().forEach(key -> keys.add(KeyJson.tree(key)));
        }
        if (job.uniqueKey() != null) {
            line.put(UNIQUE_KEY, job.uniqueKey());
        }
        if (job.error() != null) {
            line.put(ERROR, job.error());
        }
        KvValue value = job.content();
        if (value.encoding() == Encoding.JSON) {
            line.set("value", value.json());
        } else {
            line.put("encoding", value.encoding().name());
            line.put("bytes", Base64.getEncoder().encodeToString(value.encoded()));
        }
        return line;
    }

    /** The job of a line, every part of which is one that a queue takes. */
    private static JobRow job(JsonNode line) {
        KvValue value = QueueLimits.requireValue(value(line));
        int attemptsMax = number(line, "attemptsMax", 1, QueueLimits.ATTEMPTS_MAX);
        String retry = text(line, "retry");
        RetryText.parse(retry, attemptsMax);
        int state = STATES.indexOf(text(line, "state"));
        if (state < 0) {
            throw refused("the state is none");
        }
        return new JobRow(
                JobIds.bytes(text(line, "id")).orElseThrow(() -> refused("the id is none")),
                QueueLimits.requireName(text(line, QUEUE)),
                state,
                number(line, "priority", 0, QueueLimits.PRIORITY_MAX),
                number(line, "dueAt"),
                number(line, "token"),
                number(line, "attempt", 0, QueueLimits.ATTEMPTS_MAX),
                attemptsMax,
                retry,
                line.path("deadLetter").asBoolean(false),
                JobRow.fallback(fallbackKeys(line)),
                line.has(UNIQUE_KEY) ? text(line, UNIQUE_KEY) : null,
                value.encoding().number(),
                value.encoded(),
                number(line, "createdAt"),
                line.has(ERROR) ? text(line, ERROR) : null);
    }

    private static List<Key> fallbackKeys(JsonNode line) {
        List<Key> keys = new ArrayList<>();
        for (JsonNode key : line.path(FALLBACK_KEYS)) {
            keys.add(KeyJson.key(key));
        }
        QueueLimits.requireRange(FALLBACK_KEYS, keys.size(), 0, QueueLimits.FALLBACK_KEYS_MAX);
        return keys;
    }

    private static KvValue value(JsonNode line) {
        if (line.has("value")) {
            return KvValue.json(line.get("value"));
        }
        try {
            Encoding encoding = Encoding.valueOf(text(line, "encoding"));
            return KvValue.stored(encoding, Base64.getDecoder().decode(text(line, "bytes")));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "queue.transfer", "the line has neither a value nor an encoding with bytes", e);
        }
    }

    private static String text(JsonNode line, String name) {
        JsonNode text = line.path(name);
        if (!text.isString()) {
            throw refused(name + " is no text");
        }
        return text.stringValue();
    }

    private static int number(JsonNode line, String name, int min, int max) {
        return QueueLimits.requireRange(name, Math.toIntExact(Math.clamp(number(line, name), -1, (1 << 30))), min, max);
    }

    private static long number(JsonNode line, String name) {
        JsonNode number = line.path(name);
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
            throw refused(name + " is no whole number of 0 or more");
        }
        return number.longValue();
    }

    private static InvalidInputException refused(String what) {
        return new InvalidInputException("queue.transfer", what);
    }
}
