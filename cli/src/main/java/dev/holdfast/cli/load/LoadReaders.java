package dev.holdfast.cli.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Readers that follow one stream by events, all on one thread of their own. */
public final class LoadReaders implements AutoCloseable {
    private static final int READ_BYTES = 256 << 10;
    private static final long SELECT_MILLIS = 20;

    private final LoadTarget stream;
    private final Selector selector;
    private final Map<LoadConnection, Reader> byConnection = new LinkedHashMap<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4 << 10);
    private final Thread thread;
    private volatile boolean closing;

    /** Guards what follows; the thread has it while it takes what has come, and waits without it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private LoadLatencies latencies = new LoadLatencies();
    private int ready;
    private long least;
    private @Nullable IOException failure;

    /** One of them; used by the thread alone. */
    private final class Reader {
        private final LoadConnection connection;
        private final EventScanner events = new EventScanner(this::found);
        private boolean ready;
        private long received;
        private long sum;

        Reader(LoadConnection connection) {
            this.connection = connection;
        }

        private void found(long stamp) {
            received++;
            sum += stamp;
            latencies.add(System.nanoTime() - LoadContent.BASE - stamp);
        }

        /** Asks for what follows the last control event; a reader that has seen none, for what follows the tail. */
        void ask() throws IOException {
            out.clear();
            out.put(LoadTarget.ascii("GET " + stream.path() + "?offset="
                    + events.offset().orElse("now") + "&live=sse" + stream.headers()
                    + "Accept: text/event-stream\r\n\r\n"));
            connection.sink(events);
            connection.send(out.flip(), 0, 0, false);
        }

        void read() throws IOException {
            switch (connection.read(in)) {
                case PART -> {}
                case ANSWER -> again();
                case END -> {
                    connection.reopen();
                    ask();
                }
            }
            if (!ready && events.offset().isPresent()) {
                ready = true;
                LoadReaders.this.ready++;
            }
        }

        /** A server ends event streams now and then; who follows comes again. */
        private void again() throws IOException {
            int status = connection.answer().status();
            if (status != 200) {
                throw new IOException("a reader is answered " + status);
            }
            if (connection.answer().last()) {
                connection.reopen();
            }
            ask();
        }
    }

    private LoadReaders(LoadTarget stream, Selector selector) {
        this.stream = stream;
        this.selector = selector;
        this.thread = Thread.ofPlatform().daemon().name("load-readers").unstarted(this::follow);
    }

    /**
     * Lets readers follow a stream from its tail on.
     *
     * @param atMost how long all of them may take to begin
     */
    public static LoadReaders connect(LoadTarget stream, int count, long atMost, TimeUnit unit)
            throws IOException, InterruptedException, TimeoutException {
        LoadReaders all = new LoadReaders(stream, Selector.open());
        try {
            for (int i = 0; i < count; i++) {
                LoadConnection connection = new LoadConnection(stream, all.selector);
                Reader reader = all.new Reader(connection);
                all.byConnection.put(connection, reader);
                reader.ask();
            }
            all.thread.start();
            all.await("begin", () -> all.ready == count, unit.toNanos(atMost));
            return all;
        } catch (IOException | InterruptedException | TimeoutException e) {
            all.close();
            throw e;
        }
    }

    /** How many there are. */
    public int count() {
        return byConnection.size();
    }

    /** Waits until every reader has got so many messages. */
    public void awaitEach(long messages, long atMost, TimeUnit unit)
            throws IOException, InterruptedException, TimeoutException {
        await("get " + messages + " messages", () -> least >= messages, unit.toNanos(atMost));
    }

    /** Forgets the latencies up to now. */
    public void forget() {
        lock.lock();
        try {
            latencies = new LoadLatencies();
        } finally {
            lock.unlock();
        }
    }

    /** How long messages took from when their append was planned to a reader, of every reader. */
    public LoadLatencies latencies() {
        lock.lock();
        try {
            LoadLatencies copy = new LoadLatencies();
            copy.add(latencies);
            return copy;
        } finally {
            lock.unlock();
        }
    }

    /** Whether every reader got so many messages, and the same ones. */
    public boolean agreeOn(long messages) {
        lock.lock();
        try {
            return byConnection.values().stream().allMatch(reader -> reader.received == messages)
                    && byConnection.values().stream()
                                    .mapToLong(reader -> reader.sum)
                                    .distinct()
                                    .count()
                            <= 1;
        } finally {
            lock.unlock();
        }
    }

    private interface Reached {
        boolean now();
    }

    private void await(String what, Reached reached, long nanos)
            throws IOException, InterruptedException, TimeoutException {
        long left = nanos;
        lock.lock();
        try {
            while (!reached.now()) {
                if (failure != null) {
                    throw new IOException("the readers have ended: " + failure.getMessage(), failure);
                }
                if (left <= 0) {
                    throw new TimeoutException("not all " + byConnection.size() + " readers " + what
                            + " in time; ready: " + ready + ", messages of the last one: " + least);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        try {
            while (!closing) {
                selector.select(SELECT_MILLIS);
                lock.lock();
                try {
                    turn();
                } finally {
                    lock.unlock();
                }
            }
        } catch (IOException e) {
            lock.lock();
            try {
                failure = e;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void turn() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            LoadConnection connection = (LoadConnection) key.attachment();
            if (key.isWritable()) {
                connection.write();
            }
            Reader reader = byConnection.get(connection);
            if (key.isReadable() && reader != null) {
                reader.read();
            }
        }
        if (!selector.selectedKeys().isEmpty()) {
            selector.selectedKeys().clear();
            least = byConnection.values().stream()
                    .mapToLong(reader -> reader.received)
                    .min()
                    .orElse(0);
            changed.signalAll();
        }
    }

    /** Cuts all of them. */
    @Override
    public void close() throws IOException {
        closing = true;
        selector.wakeup();
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (LoadConnection connection : byConnection.keySet()) {
            connection.close();
        }
        selector.close();
    }
}
