package dev.holdfast.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of a listener hold: jobs that wait for a worker, that are handled, and that are done and not yet
 * acknowledged. Threads wait here for what is theirs to do. Safe for use by many threads; nobody is called under the
 * lock.
 */
final class WorkerHold {
    private final ListenOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<JobClaim, Held> held = new LinkedHashMap<>();
    private final ArrayDeque<Held> waiting = new ArrayDeque<>();
    private final List<Held> done = new ArrayList<>();
    private int running;
    /** There may be something to claim. */
    private boolean wanted = true;
    /** Claiming has failed, and is not tried again for a while. */
    private boolean paused;

    private boolean stopping;
    /** Somebody is acknowledging what was done. */
    private boolean settling;
    /** Nobody waits for workers any longer. */
    private boolean impatient;

    WorkerHold(ListenOptions options) {
        this.options = options;
    }

    /** There may be something to claim. */
    void wake() {
        change(() -> wanted = true);
    }

    void pause(boolean value) {
        change(() -> paused = value);
    }

    /** Waits until jobs are wanted; answers how many, 0 when no more are. */
    int awaitWant() {
        lock.lock();
        try {
            while (!stopping && (paused || !wanted || !hasRoom())) {
                changed.awaitUninterruptibly();
            }
            wanted = false;
            return stopping ? 0 : Math.min(options.batch(), room());
        } finally {
            lock.unlock();
        }
    }

    private int room() {
        return options.concurrency() + options.prefetch() - held.size();
    }

    /** Whether it is worth while to claim: not for each job that is done when many are held ahead. */
    private boolean hasRoom() {
        return room() >= (waiting.isEmpty() ? 1 : Math.max(1, options.prefetch() / 2));
    }

    /**
     * Takes in what was claimed.
     *
     * @param full whether there may be more
     * @return false, and nothing was taken in, when the listener is being closed
     */
    boolean accept(List<Job> jobs, boolean full) {
        lock.lock();
        try {
            if (stopping) {
                return false;
            }
            for (Job job : jobs) {
                Held one = new Held(job);
                held.put(job.claim(), one);
                waiting.add(one);
            }
            wanted |= full;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a job to handle, on behalf of the calling thread; null when there will be none. */
    @Nullable
    Held take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !stopping) {
                changed.awaitUninterruptibly();
            }
            Held next = waiting.poll();
            if (next != null) {
                next.worker = Thread.currentThread();
                running++;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A handler has ended; nobody interrupts its thread for this job any more.
     *
     * @param success whether the job is to be acknowledged
     * @return whether it is still to be settled
     */
    boolean handled(Held job, boolean success) {
        lock.lock();
        try {
            job.worker = null;
            boolean open = held.containsKey(job.claim());
            if (open && success) {
                done.add(job);
                changed.signalAll();
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** A worker is free again. */
    void ended() {
        change(() -> running--);
    }

    /** A job is settled, or lost: then whoever handles it at this moment is interrupted. */
    void gone(JobClaim claim, boolean lost) {
        lock.lock();
        try {
            Held job = held.remove(claim);
            if (job != null) {
                waiting.remove(job);
                if (lost && job.worker != null) {
                    job.worker.interrupt();
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for jobs that are to be acknowledged; empty when there will be none. What it gave before is settled. */
    List<JobClaim> awaitDone() {
        lock.lock();
        try {
            settling = false;
            changed.signalAll();
            while (true) {
                while (done.isEmpty() && !(stopping && running == 0)) {
                    changed.awaitUninterruptibly();
                }
                List<Held> some = done.subList(0, Math.min(done.size(), options.batch()));
                // Those that are not held any more were settled by their handlers.
                List<JobClaim> claims =
                        some.stream().map(Held::claim).filter(held::containsKey).toList();
                boolean last = some.isEmpty();
                some.clear();
                if (last || !claims.isEmpty()) {
                    settling = !claims.isEmpty();
                    return claims;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing will be acknowledged any more, since the store is closed. */
    void abandon() {
        change(() -> {
            stopping = true;
            waiting.clear();
            held.clear();
            done.clear();
            settling = false;
        });
    }

    /** Waits until no worker has a job, or until it is told to wait no longer. */
    void awaitIdle() {
        lock.lock();
        try {
            while (running > 0 && !impatient) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is to wait for workers any longer. */
    void hurry() {
        change(() -> impatient = true);
    }

    /** Waits until everything that is done is acknowledged. */
    void awaitSettled() {
        lock.lock();
        try {
            while (settling || !done.isEmpty()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** All claims whose leases are to be kept. */
    List<JobClaim> claims() {
        lock.lock();
        try {
            return List.copyOf(held.keySet());
        } finally {
            lock.unlock();
        }
    }

    int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Takes in nothing more, and hands over what no worker has begun. */
    List<JobClaim> stop() {
        lock.lock();
        try {
            stopping = true;
            List<JobClaim> unbegun = waiting.stream().map(Held::claim).toList();
            waiting.clear();
            held.keySet().removeAll(unbegun);
            changed.signalAll();
            return unbegun;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts what still runs, and hands it over. */
    List<JobClaim> interrupt() {
        lock.lock();
        try {
            List<JobClaim> cut = new ArrayList<>();
            for (Held job : List.copyOf(held.values())) {
                if (job.worker != null) {
                    job.worker.interrupt();
                    held.remove(job.claim());
                    cut.add(job.claim());
                }
            }
            return cut;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable fields) {
        lock.lock();
        try {
            fields.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A job that is held. */
    static final class Held {
        private final Job job;
        /** Who handles it; guarded by the lock. */
        private @Nullable Thread worker;

        Held(Job job) {
            this.job = job;
        }

        Job job() {
            return job;
        }

        JobClaim claim() {
            return job.claim();
        }
    }
}
