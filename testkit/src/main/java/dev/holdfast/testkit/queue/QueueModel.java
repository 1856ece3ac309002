package dev.holdfast.testkit.queue;

import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.QueueStats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** What a queue is meant to be, in the plainest way: a list of jobs, a map of entries, and a clock. */
final class QueueModel {
    private static final Comparator<Cell> BY_TIME =
            Comparator.comparingLong((Cell job) -> job.dueAt).thenComparing(job -> job.id);
    private static final Comparator<Cell> ORDER = Comparator.comparingInt((Cell job) -> job.options.priority())
            .thenComparingLong(job -> job.dueAt)
            .thenComparing(job -> job.id);

    private final List<Cell> jobs = new ArrayList<>();
    private final Map<String, String> entries = new TreeMap<>();
    private final LongSupplier now;
    private boolean paused;

    /** An empty model on a clock. */
    QueueModel(LongSupplier now) {
        this.now = now;
    }

    /** What a job is at the moment. */
    enum State {
        READY,
        DELAYED,
        CLAIMED,
        DEAD
    }

    /** A job. */
    static final class Cell {
        final String id;
        final String value;
        final JobOptions options;
        State state;
        long dueAt;
        long token;
        int attempt;

        Cell(String id, String value, JobOptions options, long dueAt) {
            this.id = id;
            this.value = value;
            this.options = options;
            this.dueAt = dueAt;
            this.state = State.READY;
        }

        private Cell(Cell other) {
            this(other.id, other.value, other.options, other.dueAt);
            state = other.state;
            token = other.token;
            attempt = other.attempt;
        }

        JobClaim claim() {
            return new JobClaim(id, token);
        }
    }

    QueueModel copy() {
        QueueModel copy = new QueueModel(now);
        copy.become(this);
        return copy;
    }

    /** Becomes what another model is. */
    void become(QueueModel other) {
        List<Cell> copies = other.jobs.stream().map(Cell::new).toList();
        Map<String, String> all = new TreeMap<>(other.entries);
        jobs.clear();
        jobs.addAll(copies);
        entries.clear();
        entries.putAll(all);
        paused = other.paused;
    }

    /** The entries that exhausted jobs have left, by their keys. */
    Map<String, String> entries() {
        return entries;
    }

    /** The job that has a unique key. */
    Optional<Cell> holder(String key) {
        return jobs.stream()
                .filter(job -> job.state != State.DEAD
                        && job.options.uniqueKey().filter(key::equals).isPresent())
                .findFirst();
    }

    void enqueue(String id, String value, JobOptions options) {
        Cell job =
                new Cell(id, value, options, now.getAsLong() + options.delay().toMillis());
        job.state = options.delay().isZero() ? State.READY : State.DELAYED;
        jobs.add(job);
    }

    /** Does what the time asks for; answers with how many jobs. */
    int tend() {
        int tended = 0;
        // Those that are exhausted leave their entries in the order of their times.
        for (Cell job : jobs.stream().sorted(BY_TIME).toList()) {
            if (job.dueAt > now.getAsLong()) {
                continue;
            }
            if (job.state == State.DELAYED) {
                job.state = State.READY;
                tended++;
            } else if (job.state == State.CLAIMED) {
                tended++;
                if (job.attempt >= job.options.retry().attempts()) {
                    exhaust(job);
                } else {
                    job.state = State.READY;
                    job.dueAt = now.getAsLong();
                }
            }
        }
        return tended;
    }

    List<Cell> claim(int limit, long leaseMillis) {
        tend();
        if (paused) {
            return List.of();
        }
        List<Cell> claimed = jobs.stream()
                .filter(job -> job.state == State.READY)
                .sorted(ORDER)
                .limit(limit)
                .toList();
        for (Cell job : claimed) {
            job.state = State.CLAIMED;
            job.token++;
            job.attempt++;
            job.dueAt = now.getAsLong() + leaseMillis;
        }
        return claimed;
    }

    /** The job of a claim, if the claim is good. */
    Optional<Cell> held(JobClaim claim) {
        return jobs.stream()
                .filter(job -> job.state == State.CLAIMED && job.claim().equals(claim))
                .findFirst();
    }

    void remove(Cell job) {
        jobs.remove(job);
    }

    void nack(Cell job) {
        if (job.attempt >= job.options.retry().attempts()) {
            exhaust(job);
            return;
        }
        long delay = job.options.retry().delay(job.attempt).toMillis();
        job.state = delay == 0 ? State.READY : State.DELAYED;
        job.dueAt = now.getAsLong() + delay;
    }

    void release(Cell job) {
        job.state = State.READY;
        job.attempt--;
        job.dueAt = now.getAsLong();
    }

    void extend(Cell job, long leaseMillis) {
        job.dueAt = now.getAsLong() + leaseMillis;
    }

    private void exhaust(Cell job) {
        job.options.fallbackKeys().forEach(key -> entries.put(key.toString(), job.value));
        if (job.options.deadLetter()) {
            job.state = State.DEAD;
            job.dueAt = now.getAsLong();
        } else {
            jobs.remove(job);
        }
    }

    /** Removes the jobs that wait, which are delayed or ready as they were tended last; answers how many. */
    long purge() {
        long before = jobs.size();
        jobs.removeIf(job -> job.state == State.READY || job.state == State.DELAYED);
        return before - jobs.size();
    }

    boolean cancel(String id) {
        return jobs.removeIf(job -> job.id.equals(id) && (job.state == State.READY || job.state == State.DELAYED));
    }

    /** The dead, the latest first. */
    List<Cell> dead() {
        return jobs.stream()
                .filter(job -> job.state == State.DEAD)
                .sorted(BY_TIME.reversed())
                .toList();
    }

    void pause(boolean value) {
        paused = value;
    }

    /** All jobs, for whoever picks one. */
    List<Cell> jobs() {
        return List.copyOf(jobs);
    }

    QueueStats stats() {
        QueueModel tended = copy();
        tended.tend();
        return new QueueStats(
                tended.count(State.READY),
                tended.count(State.DELAYED),
                0,
                tended.count(State.CLAIMED),
                tended.count(State.DEAD),
                paused);
    }

    private long count(State state) {
        return jobs.stream().filter(job -> job.state == state).count();
    }
}
