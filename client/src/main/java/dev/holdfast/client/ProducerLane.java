package dev.holdfast.client;

import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.engine.ClosedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a producer on their way: some wait, some are sent, each by a thread of its own, and are numbered when
 * they are.
 *
 * <p>When one is refused, no more are sent, and those under way are let come in. Then either the epoch is raised and
 * what was refused is sent again from number 0 on, or it fails together with all that wait, and its number is the next
 * one again.
 */
final class ProducerLane {
    /** What happens when all that is under way has come in. */
    private enum Turn {
        /** Nothing: it goes on. */
        NONE,
        CLAIM,
        FAIL
    }

    /** Sends a batch in an epoch and blocks until it is answered. */
    interface Sender {
        RemoteAppended send(ProducerBatch batch, long epoch);
    }

    private final ProducerOptions options;
    private final String path;
    private final Sender sender;
    /** Guards the fields below; nothing is sent and no future completed under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ProducerBatch> waiting = new ArrayDeque<>();
    private final TreeMap<Long, ProducerBatch> underWay = new TreeMap<>();
    private final List<ProducerBatch> refused = new ArrayList<>();
    /** All of those, and those whose futures are being completed. */
    private final Set<ProducerBatch> open = new HashSet<>();

    private long cost;
    private long epoch;
    private long nextSeq;
    private boolean begun;
    private boolean detached;
    private Turn turn = Turn.NONE;
    private long claimed;
    private @Nullable RuntimeException cause;
    private @Nullable RuntimeException untold;
    private @Nullable RuntimeException broken;
    private @Nullable CompletableFuture<RemoteAppended> closing;

    ProducerLane(ProducerOptions options, String path, Sender sender) {
        this.options = options;
        this.path = path;
        this.sender = sender;
        this.epoch = options.epoch();
    }

    long epoch() {
        lock.lock();
        try {
            return epoch;
        } finally {
            lock.unlock();
        }
    }

    /** Adds an append to the last batch that waits, or to a new one; waits for room. */
    CompletableFuture<RemoteAppended> add(byte[] content) {
        lock.lock();
        try {
            requireOpen();
            long more = (long) content.length + ProducerBatch.ENTRY_BYTES;
            while (cost > 0 && cost + more > options.waitingBytesMax()) {
                Waits.signal(changed, path);
                requireOpen();
            }
            ProducerBatch last = waiting.peekLast();
            if (last == null || !last.takes(content.length, options)) {
                last = new ProducerBatch(false);
                waiting.addLast(last);
                open.add(last);
            }
            cost += more;
            CompletableFuture<RemoteAppended> result = last.add(content);
            pump();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Adds the batch that closes the stream, unless it was added before. */
    CompletableFuture<RemoteAppended> close(byte[] content) {
        lock.lock();
        try {
            CompletableFuture<RemoteAppended> known = closing;
            if (known != null && !known.isCompletedExceptionally()) {
                return known;
            }
            closing = null;
            requireOpen();
            ProducerBatch last = new ProducerBatch(true);
            CompletableFuture<RemoteAppended> result = last.add(content);
            cost += last.cost();
            waiting.addLast(last);
            open.add(last);
            closing = result;
            pump();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that is on its way now has come in, and its futures are done; throws what was not told yet. */
    void flush() {
        RuntimeException failure;
        lock.lock();
        try {
            // Others may go on to append: who flushes waits for no more than is here.
            List<ProducerBatch> awaited = new ArrayList<>(open);
            while (!awaited.isEmpty()) {
                Waits.signal(changed, path);
                awaited.removeIf(batch -> !open.contains(batch));
            }
            failure = untold;
            untold = null;
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A failure that its caller knows by now need not be told by a flush. */
    @SuppressWarnings("ReferenceEquality") // a failure is itself
    void told(RuntimeException failure) {
        lock.lock();
        try {
            untold = untold == failure ? null : untold;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; waits as a flush does. */
    void detach() {
        lock.lock();
        try {
            detached = true;
        } finally {
            lock.unlock();
        }
        flush();
    }

    private void requireOpen() {
        RuntimeException failure = broken;
        if (failure != null) {
            throw failure;
        }
        CompletableFuture<RemoteAppended> end = closing;
        if (detached || (end != null && !end.isCompletedExceptionally())) {
            throw new ClosedException("client.producer_closed", "the producer takes no more (path=" + path + ")");
        }
    }

    /** Sends what may be sent; the lock is held. */
    private void pump() {
        while (turn == Turn.NONE
                && !waiting.isEmpty()
                && underWay.size() < options.inFlightMax()
                && (begun || underWay.isEmpty())) {
            ProducerBatch batch = waiting.removeFirst();
            batch.number(nextSeq++);
            boolean first = underWay.isEmpty();
            underWay.put(batch.seq(), batch);
            long in = epoch;
            Thread.ofVirtual().name("holdfast-client-producer").start(() -> deliver(batch, in, first));
        }
    }

    /**
     * Sends a batch until it is settled.
     *
     * @param first whether no other batch was under way, so that none can come before it
     */
    private void deliver(ProducerBatch batch, long in, boolean first) {
        boolean alone = first;
        boolean unknown = false;
        boolean again = true;
        while (again) {
            try {
                settle(batch, sender.send(batch, in));
                again = false;
            } catch (RuntimeException e) {
                unknown |= e instanceof ClientException failure && failure.isBehindUnknown();
                again = awaitOthers(batch, alone, e);
                alone = true;
                if (!again) {
                    refuse(batch, e, unknown);
                }
            } catch (Error e) {
                // Whoever waits for this batch is told; the producer is of no more use.
                refuse(batch, new IllegalStateException("a batch could not be sent", e), true);
                throw e;
            }
        }
    }

    private void settle(ProducerBatch batch, RemoteAppended answer) {
        List<ProducerBatch> failed;
        RuntimeException why;
        lock.lock();
        try {
            underWay.remove(batch.seq());
            cost -= batch.cost();
            begun = true;
            why = cause;
            failed = comeIn();
        } finally {
            lock.unlock();
        }
        batch.succeed(answer);
        fail(failed, why);
        told(List.of(batch));
    }

    /** After a gap, waits for those before it; answers whether to send again. */
    private boolean awaitOthers(ProducerBatch batch, boolean alone, RuntimeException failure) {
        if (alone || !(failure instanceof ClientException refusal) || refusal.reason() != Reason.GAP) {
            return false;
        }
        lock.lock();
        try {
            while (turn == Turn.NONE && underWay.firstKey() < batch.seq()) {
                changed.awaitUninterruptibly();
            }
            return turn == Turn.NONE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes that a batch was not taken.
     *
     * @param unknown whether an attempt came before this failure of which nobody knows what came of it
     */
    private void refuse(ProducerBatch batch, RuntimeException failure, boolean unknown) {
        List<ProducerBatch> failed;
        RuntimeException why;
        lock.lock();
        try {
            if (turn == Turn.NONE) {
                turn = claims(failure) ? Turn.CLAIM : Turn.FAIL;
                cause = failure;
            }
            if (failure instanceof ClientException known) {
                claimed = Math.max(claimed, known.epoch().orElse(epoch) + 1);
                if (!known.isRefusal() || (unknown && turn == Turn.FAIL)) {
                    // Nobody knows whether it was stored, or will be: its number cannot be used again for something
                    // else. Not even a gap proves it, since the attempt before may still come in. A claim uses none
                    // of the numbers of this epoch.
                    turn = Turn.FAIL;
                    cause = failure;
                    broken = failure;
                }
            } else {
                turn = Turn.FAIL;
                broken = failure;
            }
            underWay.remove(batch.seq());
            refused.add(batch);
            why = cause;
            failed = comeIn();
        } finally {
            lock.unlock();
        }
        fail(failed, why);
    }

    private boolean claims(RuntimeException failure) {
        return options.autoClaim()
                && failure instanceof ClientException known
                && known.reason() == Reason.STALE_EPOCH
                && known.epoch().isPresent();
    }

    /** Takes the turn when all has come in, and goes on; answers what has failed. The lock is held. */
    private List<ProducerBatch> comeIn() {
        List<ProducerBatch> failed = new ArrayList<>();
        if (turn != Turn.NONE && underWay.isEmpty()) {
            refused.sort(Comparator.comparingLong(ProducerBatch::seq));
            if (turn == Turn.CLAIM) {
                refused.reversed().forEach(waiting::addFirst);
                epoch = claimed;
                nextSeq = 0;
                begun = false;
            } else {
                failed.addAll(refused);
                failed.addAll(waiting);
                waiting.clear();
                failed.forEach(batch -> cost -= batch.cost());
                nextSeq = refused.getFirst().seq();
                untold = untold == null ? cause : untold;
            }
            refused.clear();
            claimed = 0;
            cause = null;
            turn = Turn.NONE;
        }
        pump();
        changed.signalAll();
        return failed;
    }

    private void fail(List<ProducerBatch> failed, @Nullable RuntimeException why) {
        RuntimeException failure = why == null ? new IllegalStateException("a batch failed without a cause") : why;
        failed.forEach(batch -> batch.fail(failure));
        told(failed);
    }

    /** The futures of batches are done: who flushes need not wait for them. */
    private void told(List<ProducerBatch> batches) {
        lock.lock();
        try {
            batches.forEach(open::remove);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
