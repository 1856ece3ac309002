package dev.holdfast.queue;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.queue.WorkerHold.Held;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of a queue: a thread that claims for all, one for each job that is handled at once, one that
 * acknowledges, and a timer that extends the leases of everything that is held.
 *
 * <p>{@code lock} guards the timer.
 */
final class QueueWorkers implements QueueListener {
    private static final Logger LOG = LoggerFactory.getLogger(QueueWorkers.class);
    private static final long RETRY_MILLIS = 500;
    private static final int SETTLE_TRIES = 5;
    private static final int BEATS_PER_LEASE = 3;

    private final Queue queue;
    private final QueueRoom room;
    private final TimeSource time;
    private final JobHandler handler;
    private final ListenOptions options;
    private final WorkerHold hold;
    private final Consumer<JobClaim> settled;
    private final CompletableFuture<Void> fetched = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private TimeSource.@Nullable Timer beat;
    private QueueFollower follower = () -> {};

    private QueueWorkers(Queue queue, QueueRoom room, TimeSource time, JobHandler handler, ListenOptions options) {
        this.queue = queue;
        this.room = room;
        this.time = time;
        this.handler = Objects.requireNonNull(handler, "handler");
        this.options = options;
        this.hold = new WorkerHold(options);
        this.settled = claim -> hold.gone(claim, false);
    }

    /** Workers that run until they are closed. */
    static QueueWorkers start(Queue queue, QueueRoom room, TimeSource time, JobHandler handler, ListenOptions options) {
        QueueWorkers workers = new QueueWorkers(queue, room, time, handler, options);
        workers.follower = queue.follow(workers.hold::wake);
        room.whenSettled(workers.settled);
        room.opened(workers);
        workers.scheduleBeat();
        Thread.ofVirtual().name("holdfast-queue").start(workers::fetch);
        Thread.ofVirtual().name("holdfast-queue-ack").start(workers::settle);
        for (int i = 0; i < options.concurrency(); i++) {
            Thread.ofVirtual().name("holdfast-job").start(workers::work);
        }
        return workers;
    }

    /** Claims for all workers, while there is something and somebody is free. */
    private void fetch() {
        try {
            for (int want = hold.awaitWant(); want > 0; want = hold.awaitWant()) {
                fetch(want);
            }
        } catch (ClosedException e) {
            LOG.debug("the store was closed under the workers of a queue");
            hold.abandon();
        } finally {
            fetched.complete(null);
        }
    }

    private void fetch(int want) {
        try {
            List<Job> jobs = queue.claim(want, options.lease());
            if (!hold.accept(jobs, jobs.size() == want)) {
                giveBack(jobs.stream().map(Job::claim).toList());
            }
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("claiming jobs failed, trying again soon", e);
            hold.pause(true);
            hold.wake();
            time.after(RETRY_MILLIS, () -> hold.pause(false));
        }
    }

    private void work() {
        for (Held job = hold.take(); job != null; job = hold.take()) {
            try {
                handle(job);
            } finally {
                hold.ended();
            }
        }
    }

    private void handle(Held held) {
        Throwable failure = null;
        try {
            handler.handle(held.job());
        } catch (Exception | Error e) {
            failure = e;
        }
        boolean open = hold.handled(held, failure == null);
        // What interrupted the handler must not interrupt what follows.
        boolean interrupted = Thread.interrupted();
        if (failure != null && open) {
            refuse(held, failure);
        } else if (failure != null) {
            LOG.debug("a job failed that was settled or lost before (interrupted={})", interrupted, failure);
        }
    }

    private void refuse(Held held, Throwable failure) {
        LOG.info(
                "a job failed (queue={}, id={}, attempt={})",
                queue.name(),
                held.job().id(),
                held.job().attempt(),
                failure);
        try {
            queue.nack(held.claim(), failure.toString());
        } catch (ClosedException e) {
            LOG.debug("the store was closed before a failed job was refused");
        } catch (RuntimeException e) {
            LOG.warn("refusing a failed job did not work; its lease will run out", e);
        } finally {
            hold.gone(held.claim(), false);
        }
    }

    /** Acknowledges what is done, as much as there is at a time. */
    private void settle() {
        try {
            for (List<JobClaim> claims = hold.awaitDone(); !claims.isEmpty(); claims = hold.awaitDone()) {
                settle(claims);
            }
        } catch (ClosedException e) {
            LOG.debug("the store was closed before jobs were acknowledged; they come again");
            hold.abandon();
        }
    }

    private void settle(List<JobClaim> claims) {
        for (int tries = 1; tries <= SETTLE_TRIES; tries++) {
            try {
                int lost = claims.size() - queue.ackAll(claims).size();
                if (lost > 0) {
                    LOG.warn("jobs were done after their leases had run out (queue={}, jobs={})", queue.name(), lost);
                }
                break;
            } catch (ClosedException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.warn("acknowledging jobs failed (queue={}, jobs={})", queue.name(), claims.size(), e);
                if (tries < SETTLE_TRIES) {
                    time.pause(RETRY_MILLIS);
                }
            }
        }
        claims.forEach(claim -> hold.gone(claim, false));
    }

    private void scheduleBeat() {
        long pause = Math.max(1, options.lease().toMillis() / BEATS_PER_LEASE);
        lock.lock();
        try {
            if (!closed.isDone()) {
                beat = time.after(
                        pause,
                        () -> Thread.ofVirtual().name("holdfast-queue-lease").start(this::beat));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Extends all leases, and lets go of what is lost. */
    private void beat() {
        List<JobClaim> claims = hold.claims();
        try {
            for (int from = 0; from < claims.size(); from += QueueLimits.BATCH_MAX) {
                List<JobClaim> some = claims.subList(from, Math.min(claims.size(), from + QueueLimits.BATCH_MAX));
                Set<JobClaim> lost = new HashSet<>(some);
                queue.extendAll(some, options.lease()).forEach(lost::remove);
                lost.forEach(claim -> hold.gone(claim, true));
            }
        } catch (ClosedException e) {
            LOG.debug("the store was closed before leases were extended");
        } catch (RuntimeException e) {
            LOG.warn("extending leases failed, trying again", e);
        } finally {
            scheduleBeat();
        }
    }

    /** Gives jobs back that were not done; those for which it fails come back when their lease runs out. */
    private void giveBack(List<JobClaim> claims) {
        try {
            claims.forEach(queue::release);
        } catch (ClosedException e) {
            LOG.debug("the store was closed before jobs were given back");
        } catch (RuntimeException e) {
            LOG.warn("giving jobs back failed; their leases will run out", e);
        }
    }

    @Override
    public int running() {
        return hold.running();
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            follower.close();
            giveBack(hold.stop());
            fetched.join();
            awaitIdle(options.stopTimeout().toMillis());
            giveBack(hold.interrupt());
            hold.awaitSettled();
        } finally {
            room.closed(this);
            room.notSettled(settled);
            closed.complete(null);
            stopBeating();
        }
    }

    private void awaitIdle(long millis) {
        if (millis == 0) {
            return;
        }
        TimeSource.Timer patience = time.after(millis, hold::hurry);
        hold.awaitIdle();
        patience.cancel();
    }

    private void stopBeating() {
        lock.lock();
        try {
            if (beat != null) {
                beat.cancel();
            }
        } finally {
            lock.unlock();
        }
    }
}
