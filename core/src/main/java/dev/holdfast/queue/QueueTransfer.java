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
import dev.holdfast.queue.QueueFlowSql.Said;
import dev.holdfast.queue.QueueSql.Removed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The room's part of an export: queues of which something was said, then jobs by their ids, one JSON object each. A
 * job is what it was: one that is claimed stays so until its lease runs out, since whoever holds it may settle it only
 * where it claimed it.
 */
public final class QueueTransfer {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final String PAUSED = "paused";
    private static final String DEAD_LETTERS = "deadLetters";
    private static final String CONCURRENCY = "concurrency";
    private static final String RATE = "rate";
    private static final String WINDOW = "windowMillis";
    private static final String QUEUE = "queue";
    private static final String UNIQUE_KEY = "uniqueKey";
    private static final String ORDERING_KEY = "orderingKey";
    private static final String ERROR = "error";
    private static final String FALLBACK_KEYS = "fallbackKeys";
    private static final List<String> STATES = List.of("behind", "ready", "dead", "delayed", "claimed");

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
            QueueRoom.of(session.database()).flows().said(tx, tx.ns()).forEach(said -> out.accept(line(said)));
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
            take(line);
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
            flow(line);
            if (line.has(DEAD_LETTERS)) {
                QueueLimits.requireName(text(line, DEAD_LETTERS));
            }
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
        Optional<Removed> before = room.sql().before(tx, tx.ns(), job.id());
        tx.use(
                before.isPresent() ? 0 : 1,
                job.bytes() - before.map(Removed::bytes).orElse(0L));
        JobRow written = put(tx, job);
        // Nobody may be left behind a job that is not there: it was another one before, or none in the export.
        room.order().left(tx, before.stream().toList(), Removed::queue, Removed::orderingKey);
        if (written.state() == JobRow.BEHIND) {
            room.order().left(tx, List.of(written), JobRow::queue, JobRow::orderingKey);
        } else {
            room.tender().arrived(tx, written);
        }
    }

    /** Writes a job, behind another one of its ordering key that is here already; answers how it was written. */
    private JobRow put(Tx tx, JobRow job) {
        if (job.orderingKey() == null || job.state() == JobRow.DEAD) {
            room.sql().replace(tx, tx.ns(), job);
            return job;
        }
        room.sql().delete(tx, tx.ns(), job.id());
        boolean head = job.state() != JobRow.BEHIND && room.order().sql().insertFirst(tx, tx.ns(), job);
        JobRow written = head ? job : job.behind();
        if (!head) {
            room.sql().replace(tx, tx.ns(), written);
        }
        return written;
    }

    private void take(JsonNode line) {
        Queue queue = Queue.in(session, text(line, QUEUE));
        QueueFlow flow = flow(line);
        if (line.get(PAUSED).asBoolean(false)) {
            queue.pause();
        }
        if (flow.isLimited()) {
            queue.flow(flow);
        }
        if (line.has(DEAD_LETTERS)) {
            queue.deadLettersTo(text(line, DEAD_LETTERS));
        }
    }

    private static ObjectNode line(Said said) {
        ObjectNode line =
                Json.mapper().createObjectNode().put(QUEUE, said.queue()).put(PAUSED, said.paused());
        said.deadLetters().ifPresent(target -> line.put(DEAD_LETTERS, target));
        said.flow().concurrency().ifPresent(most -> line.put(CONCURRENCY, most));
        said.flow()
                .rate()
                .ifPresent(rate ->
                        line.put(RATE, rate.jobs()).put(WINDOW, rate.window().toMillis()));
        return line;
    }

    private static QueueFlow flow(JsonNode line) {
        QueueFlow flow = QueueFlow.unlimited();
        if (line.has(CONCURRENCY)) {
            flow = flow.withConcurrency(number(line, CONCURRENCY, 1, QueueLimits.CONCURRENCY_MAX));
        }
        return line.has(RATE)
                ? flow.withRate(
                        number(line, RATE, 1, QueueLimits.RATE_JOBS_MAX), Duration.ofMillis(number(line, WINDOW)))
                : flow;
    }

    private static ObjectNode line(JobRow job) {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put(QUEUE, job.queue())
                .put("id", JobIds.text(job.id()))
                .put("state", STATES.get(job.state() - JobRow.BEHIND))
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
        if (job.orderingKey() != null) {
            line.put(ORDERING_KEY, job.orderingKey());
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
        int state = STATES.indexOf(text(line, "state")) + JobRow.BEHIND;
        if (state < JobRow.BEHIND || (state == JobRow.BEHIND && !line.has(ORDERING_KEY))) {
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
                key(line, UNIQUE_KEY, QueueLimits.UNIQUE_KEY_CHARS_MAX),
                value.encoding().number(),
                value.encoded(),
                number(line, "createdAt"),
                line.has(ERROR) ? text(line, ERROR) : null,
                key(line, ORDERING_KEY, QueueLimits.ORDERING_KEY_CHARS_MAX));
    }

    private static @Nullable String key(JsonNode line, String name, int charsMax) {
        return line.has(name) ? QueueLimits.requireKey(name, text(line, name), charsMax) : null;
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
