package dev.holdfast.client;

import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.stream.StreamAppend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Appends of one handle, in the order in which they came. While one request is under way, those that come meanwhile
 * wait, and go together in the next. An append of a producer and one that closes the stream go alone.
 *
 * <p>When the server refuses a request of several for what may be the fault of one, each is sent again alone, so that
 * none can harm another.
 */
final class AppendQueue {
    /** Refusals that may be the fault of one append; all others hold for all of them. */
    private static final Set<Reason> OF_ONE = Set.of(Reason.BAD_REQUEST, Reason.SEQUENCE, Reason.TOO_LARGE);
    /** What an append needs besides its content, so that many small ones are bounded too. */
    private static final int ENTRY_BYTES = 64;

    private final Function<StreamAppend, RemoteAppended> sender;
    private final int batchBytesMax;
    private final int waitingBytesMax;
    private final String path;
    /** Guards the fields below; nothing is sent and no future completed under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition room = lock.newCondition();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean running;

    /** An append and what becomes of it. */
    private record Waiting(StreamAppend append, CompletableFuture<RemoteAppended> result) {
        int size() {
            return append.content().length;
        }

        long cost() {
            return (long) size() + ENTRY_BYTES;
        }

        boolean json() {
            return append.contentType().filter(Wire::isJson).isPresent();
        }

        /** Whether it may share a request. An empty array alone is refused, and would vanish among others. */
        boolean joins() {
            return append.producer().isEmpty()
                    && !append.close()
                    && size() > 0
                    && !(json() && Bodies.isEmptyArray(append.content()));
        }
    }

    /**
     * An empty queue.
     *
     * @param sender sends one append and blocks until it is answered
     */
    AppendQueue(Function<StreamAppend, RemoteAppended> sender, ClientOptions options, String path) {
        this.sender = sender;
        this.batchBytesMax = options.batchBytesMax();
        this.waitingBytesMax = options.waitingBytesMax();
        this.path = path;
    }

    /** Adds a copy of an append; waits when too much waits already. What is said to be JSON must be: {@link Bodies}. */
    CompletableFuture<RemoteAppended> add(StreamAppend append) {
        Waiting added = new Waiting(copy(append), new CompletableFuture<>());
        boolean start;
        lock.lock();
        try {
            while (!waiting.isEmpty() && waitingBytes + added.cost() > waitingBytesMax) {
                Waits.signal(room, path);
            }
            waiting.addLast(added);
            waitingBytes += added.cost();
            start = !running;
            running = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            Thread.ofVirtual().name("holdfast-client-append").start(this::run);
        }
        return added.result();
    }

    /** The array is the caller's, who may fill it anew before the append is sent. */
    private static StreamAppend copy(StreamAppend append) {
        return new StreamAppend(
                append.content().clone(), append.contentType(), append.close(), append.sequence(), append.producer());
    }

    private void run() {
        List<Waiting> batch = take();
        while (!batch.isEmpty()) {
            send(batch);
            batch = take();
        }
    }

    /** The first that wait, as many as may go together; when there is none, this run ends. */
    private List<Waiting> take() {
        lock.lock();
        try {
            List<Waiting> batch = new ArrayList<>();
            int bytes = 0;
            Optional<String> last = Optional.empty();
            Waiting next = waiting.peekFirst();
            while (next != null && (batch.isEmpty() || follows(batch.getFirst(), next, bytes, last))) {
                waiting.removeFirst();
                batch.add(next);
                bytes += next.size();
                waitingBytes -= next.cost();
                last = next.append().sequence().isPresent() ? next.append().sequence() : last;
                next = waiting.peekFirst();
            }
            running = !batch.isEmpty();
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether an append may go with those before it.
     *
     * @param bytes how many those have
     * @param last their last sequence
     */
    private boolean follows(Waiting first, Waiting next, int bytes, Optional<String> last) {
        return first.joins()
                && next.joins()
                && (long) bytes + next.size() <= batchBytesMax
                && next.append().contentType().equals(first.append().contentType())
                && isGreater(next.append().sequence(), last);
    }

    private void send(List<Waiting> batch) {
        if (batch.size() == 1) {
            sendAlone(batch.getFirst());
            return;
        }
        try {
            RemoteAppended answer = sender.apply(joined(batch));
            batch.forEach(one -> one.result().complete(answer));
        } catch (ClientException e) {
            if (OF_ONE.contains(e.reason())) {
                batch.forEach(this::sendAlone);
            } else {
                batch.forEach(one -> one.result().completeExceptionally(e));
            }
        } catch (RuntimeException | Error e) {
            batch.forEach(one -> one.result().completeExceptionally(e));
        }
    }

    private void sendAlone(Waiting one) {
        try {
            one.result().complete(sender.apply(one.append()));
        } catch (RuntimeException | Error e) {
            one.result().completeExceptionally(e);
        }
    }

    private static StreamAppend joined(List<Waiting> batch) {
        Waiting first = batch.getFirst();
        byte[] content = Bodies.join(
                first.json(), batch.stream().map(one -> one.append().content()).toList());
        StreamAppend joined = StreamAppend.of(content);
        Optional<String> type = first.append().contentType();
        if (type.isPresent()) {
            joined = joined.as(type.get());
        }
        Optional<String> sequence = lastSequence(batch);
        return sequence.isPresent() ? joined.sequence(sequence.get()) : joined;
    }

    private static Optional<String> lastSequence(List<Waiting> batch) {
        Optional<String> last = Optional.empty();
        for (Waiting one : batch) {
            if (one.append().sequence().isPresent()) {
                last = one.append().sequence();
            }
        }
        return last;
    }

    /** Whether a sequence may follow another: the server compares them byte by byte. */
    private static boolean isGreater(Optional<String> next, Optional<String> last) {
        return next.isEmpty()
                || last.isEmpty()
                || Arrays.compareUnsigned(
                                next.get().getBytes(StandardCharsets.UTF_8),
                                last.get().getBytes(StandardCharsets.UTF_8))
                        > 0;
    }
}
