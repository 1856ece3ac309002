package dev.holdfast.queue;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.nio.BufferUnderflowException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Examines the queues of a namespace: every job is in a state that there is, with numbers that belong to it, a retry
 * policy, fallback keys and a value that can be read, and no job is behind others of its ordering key that are gone.
 */
public final class QueueDoctor {
    private final Examination at;

    private QueueDoctor(Examination at) {
        this.at = at;
    }

    /** The tables of the room whose rows belong to a namespace. */
    public static List<String> tables() {
        return List.of("{p}queue_jobs", "{p}queue_turns", "{p}queues");
    }

    /** Examines a namespace. */
    public static void examine(Examination at) {
        QueueRoom room = QueueRoom.of(at.tx().database());
        QueueSql sql = room.sql();
        QueueDoctor doctor = new QueueDoctor(at);
        try (Stream<JobRow> jobs = sql.all(at.tx(), at.tx().ns())) {
            jobs.forEach(doctor::examine);
        }
        for (List<String> stuck : room.order().sql().stuck(at.tx(), at.tx().ns())) {
            at.fault("jobs are behind others of their ordering key that are gone", "queue", stuck.getFirst());
        }
    }

    private void examine(JobRow job) {
        if (job.id().length != JobIds.BYTES) {
            fault("the id of a job has 16 bytes", job);
            return;
        }
        if (job.state() < JobRow.BEHIND
                || job.state() > JobRow.CLAIMED
                || (job.state() == JobRow.BEHIND && job.orderingKey() == null)) {
            fault("a job is in no state", job);
        }
        if (job.priority() < 0 || job.priority() > QueueLimits.PRIORITY_MAX || job.dueAt() <= 0 || job.token() < 0) {
            fault("a job has a priority, a time or a token that there is not", job);
        }
        if (job.attempt() < 0
                || job.token() < job.attempt()
                || job.attempt() > job.attemptsMax()
                || (job.state() == JobRow.CLAIMED && job.attempt() == 0)) {
            fault("a job was not tried so often", job);
        }
        examineContent(job);
    }

    private void examineContent(JobRow job) {
        try {
            job.retry();
            job.fallbackKeys();
            Encoding encoding = Encoding.of(job.encoding());
            if (encoding == Encoding.JSON) {
                Json.parse(job.value());
            }
        } catch (InvalidInputException e) {
            fault("a job cannot be read: " + e.detail(), job);
        } catch (IllegalArgumentException | BufferUnderflowException | NegativeArraySizeException e) {
            fault("a job cannot be read: its encoding or its fallback keys are none", job);
        }
    }

    private void fault(String text, JobRow job) {
        at.fault(text, "queue", job.queue(), "id", job.id());
    }
}
