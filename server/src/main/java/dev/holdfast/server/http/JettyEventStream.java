package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.HoldfastException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event stream on Jetty's asynchronous writes. At most one write is under way; its completion starts the next, on
 * whatever thread completes it.
 *
 * <pre>
 *   OPEN --close, age, shutdown--> ENDING --last event sent--> ENDED
 *     \---------------- client gone ----------------------------^
 * </pre>
 *
 * <p>When the handler has returned, a stream of HTTP/1.1 takes its connection over from the request, which is let go.
 */
final class JettyEventStream implements EventStream {
    private enum Phase {
        OPEN,
        ENDING,
        ENDED
    }

    // A stream that was told to end, but whose reader takes nothing, is cut after so many ping intervals.
    private static final int STUCK_BEATS_MAX = 4;
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final HttpCore core;
    private final EventStreams wheel;
    private final Supplier<SseEvent> heartbeat;
    private final Writer writer = new Writer();
    private int slot;

    // Guards all fields below. Under it nothing is written and no one else's code is called.
    private final ReentrantLock lock = new ReentrantLock();
    // Kept as long as something of the request is needed.
    private @Nullable JettyExchange exchange;
    private @Nullable EventConnection connection;
    private boolean moved;
    private final ArrayDeque<SseEvent> waiting = new ArrayDeque<>(1);
    private Phase phase = Phase.OPEN;
    private boolean begun;
    private boolean lastSent;
    private boolean refused;
    private int waitingBytes;
    private int sendingBytes;
    private long endAt;
    private boolean ends;
    private int stuckBeats;
    private @Nullable Runnable onRoom;
    private @Nullable Runnable onIdle;
    private List<Runnable> onClose = List.of();

    JettyEventStream(HttpCore core, EventStreams wheel, JettyExchange exchange, Supplier<SseEvent> heartbeat) {
        this.core = core;
        this.wheel = wheel;
        this.exchange = exchange;
        this.heartbeat = heartbeat;
    }

    /** Begins to beat with the others of its kind. */
    void join() {
        wheel.add(this);
    }

    void slot(int number) {
        slot = number;
    }

    int slot() {
        return slot;
    }

    /** Sends the header section; of an answer to HEAD that is all. */
    void open(boolean headerOnly) {
        if (headerOnly) {
            close();
        } else {
            writer.iterate();
        }
    }

    @Override
    public boolean send(SseEvent event) {
        requireNonNull(event, "event");
        lock.lock();
        try {
            if (phase != Phase.OPEN) {
                return false;
            }
            if (waitingBytes > 0
                    && waitingBytes + (long) event.size() > core.limits().streamBytes()) {
                refused = true;
                return false;
            }
            waiting.add(event);
            waitingBytes += event.size();
        } finally {
            lock.unlock();
        }
        writer.iterate();
        return true;
    }

    @Override
    public boolean isOpen() {
        lock.lock();
        try {
            return phase == Phase.OPEN;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.ENDING;
        } finally {
            lock.unlock();
        }
        writer.iterate();
    }

    @Override
    public void endAfter(Duration age) {
        long at = core.nanoTime() + requireNonNull(age, "age").toNanos();
        lock.lock();
        try {
            endAt = at;
            ends = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onClose(Runnable action) {
        requireNonNull(action, "action");
        lock.lock();
        try {
            if (phase != Phase.ENDED) {
                onClose = new ArrayList<>(onClose);
                onClose.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        core.execute(action);
    }

    @Override
    public void onRoom(Runnable action) {
        requireNonNull(action, "action");
        lock.lock();
        try {
            onRoom = action;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onIdle(Runnable action) {
        requireNonNull(action, "action");
        lock.lock();
        try {
            onIdle = action;
        } finally {
            lock.unlock();
        }
    }

    /** Once per ping interval: ends an old stream, gives an idle one a sign of life, asks who is still welcome. */
    void beat() {
        boolean old;
        boolean idle;
        boolean slow;
        boolean stuck;
        Runnable instead;
        JettyExchange asked;
        EventConnection own;
        lock.lock();
        try {
            old = ends && core.nanoTime() - endAt >= 0;
            idle = phase == Phase.OPEN && waitingBytes == 0;
            slow = sendingBytes > 0;
            stuck = phase == Phase.ENDING && ++stuckBeats > STUCK_BEATS_MAX;
            instead = onIdle;
            asked = exchange;
            own = moved ? connection : null;
        } finally {
            lock.unlock();
        }
        if (stuck) {
            cut(new TimeoutException("the reader took nothing more when its stream was to end"));
            return;
        }
        if (own != null) {
            own.watch(slow);
        }
        if (old) {
            close();
            return;
        }
        if (idle && instead != null) {
            core.execute(instead);
        } else if (idle) {
            send(heartbeat.get());
        }
        if (asked != null && !core.authenticator().open()) {
            core.execute(() -> endUnlessWelcome(asked));
        }
    }

    /** Ends the stream of a token that was revoked. A store that cannot be asked ends nothing. */
    private void endUnlessWelcome(JettyExchange asked) {
        try {
            core.authenticator().authenticate(asked);
        } catch (HttpException e) {
            close();
        } catch (HoldfastException e) {
            LOG.debug("an event stream goes on although its token could not be looked up", e);
        }
    }

    /** The handler has returned, so the stream can do without the request. */
    void handled(Request request) {
        EventConnection own = EventConnection.of(request, this);
        if (own != null) {
            lock.lock();
            try {
                connection = own;
            } finally {
                lock.unlock();
            }
            writer.iterate();
        }
    }

    /** The connection is the stream's own now. */
    void moved() {
        writer.succeeded();
    }

    /** The connection was cut on its way to the stream. */
    void notMoved(Throwable cause) {
        writer.failed(cause);
    }

    /** Whether its reader has yet to take something. */
    boolean isSending() {
        lock.lock();
        try {
            return sendingBytes > 0 || lastSent;
        } finally {
            lock.unlock();
        }
    }

    /** The client is known to have gone. */
    void gone(Throwable cause) {
        writer.abort(cause);
    }

    /** Cuts the connection as well, since the writer alone would wait for the write that is under way. */
    private void cut(Throwable cause) {
        writer.abort(cause);
        EventConnection own = own();
        if (own == null) {
            request().failed(cause);
        } else {
            own.cut(cause);
        }
    }

    /** The connection, once it is the stream's own. */
    private @Nullable EventConnection own() {
        lock.lock();
        try {
            return moved ? connection : null;
        } finally {
            lock.unlock();
        }
    }

    private JettyExchange request() {
        lock.lock();
        try {
            return requireNonNull(exchange, "a request that was let go");
        } finally {
            lock.unlock();
        }
    }

    private void tellRoom() {
        if (refused && onRoom != null) {
            core.execute(onRoom);
        }
        refused = false;
    }

    private void ended() {
        List<Runnable> actions;
        lock.lock();
        try {
            phase = Phase.ENDED;
            waiting.clear();
            actions = onClose;
            onClose = List.of();
        } finally {
            lock.unlock();
        }
        wheel.remove(this);
        actions.forEach(core::execute);
    }

    /** One write after the other. */
    private final class Writer extends IteratingCallback {
        private boolean sent;

        @Override
        protected Action process() {
            SseEvent event = null;
            boolean last = false;
            boolean moves = false;
            lock.lock();
            try {
                // Whoever gets here has no write under way: the one before is complete.
                waitingBytes -= sendingBytes;
                stuckBeats = 0;
                sendingBytes = 0;
                if (lastSent) {
                    return Action.SUCCEEDED;
                }
                moves = begun && !moved && connection != null && phase == Phase.OPEN;
                if (moves) {
                    moved = true;
                } else if (begun) {
                    event = waiting.poll();
                    if (event != null) {
                        sendingBytes = event.size();
                    } else if (phase == Phase.OPEN) {
                        tellRoom();
                        return Action.IDLE;
                    }
                    last = event == null;
                    lastSent = last;
                }
                begun = true;
            } finally {
                lock.unlock();
            }
            if (moves) {
                move();
            } else {
                write(last, event);
            }
            return Action.SCHEDULED;
        }

        /** Whoever asks for a token later asks what is kept of the request. */
        private void move() {
            JettyExchange left = request();
            if (core.authenticator().open()) {
                lock.lock();
                try {
                    exchange = null;
                } finally {
                    lock.unlock();
                }
            }
            left.leave(requireNonNull(own()), sent);
        }

        /** Writes an event or the end; when there is neither, the header section. */
        private void write(boolean last, @Nullable SseEvent event) {
            EventConnection own = own();
            if (own == null) {
                sent |= event != null;
                request().write(last, event == null ? BufferUtil.EMPTY_BUFFER : event.buffer(), this);
            } else if (event == null) {
                own.writeLast(this);
            } else {
                own.write(event, this);
            }
        }

        @Override
        protected void onCompleteSuccess() {
            ended();
            EventConnection own = own();
            if (own == null) {
                request().succeeded();
                return;
            }
            try {
                own.release();
            } finally {
                core.active().leave();
            }
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            ended();
            EventConnection own = own();
            if (own == null) {
                request().failed(cause);
                return;
            }
            try {
                own.cut(cause);
            } finally {
                core.active().leave();
            }
        }
    }
}
