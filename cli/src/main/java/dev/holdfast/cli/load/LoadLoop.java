package dev.holdfast.cli.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connections that send requests and take their answers, all on the thread that calls {@link #run}. */
final class LoadLoop implements AutoCloseable {
    private static final int READ_BYTES = 256 << 10;
    private static final long NAP_NANOS = 50_000;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SELECT_MILLIS = 100;
    /** How long nothing may come while answers are owed. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int LOST_MAX = 1_000;

    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private ByteBuffer out = ByteBuffer.allocateDirect(0);
    private volatile boolean stopped;

    /** Opens connections. */
    LoadLoop(LoadTarget target, int count) throws IOException {
        selector = Selector.open();
        try {
            for (int i = 0; i < count; i++) {
                connections.add(new LoadConnection(target, selector));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Lets runs end after the answers that are owed; for any thread. */
    void stop() {
        stopped = true;
    }

    /**
     * Sends requests by a plan until all are answered.
     *
     * @throws IOException the server does not answer, or what it answers is no HTTP
     */
    LoadResult run(LoadPlan plan, LoadRequests requests) throws IOException {
        if (out.capacity() < requests.bytesMax()) {
            out = ByteBuffer.allocateDirect(requests.bytesMax());
        }
        return new Run(plan, requests).run();
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }

    /** One run. */
    private final class Run {
        private final LoadPlan plan;
        private final LoadRequests requests;
        private final LoadLatencies latencies = new LoadLatencies();
        private final Map<Integer, Long> refused = new TreeMap<>();
        private final Deque<LoadConnection> idle = new ArrayDeque<>();
        private final long start = System.nanoTime();
        private long heard = start;
        private long sent;
        private long lost;
        private int lostInARow;

        Run(LoadPlan plan, LoadRequests requests) {
            this.plan = plan;
            this.requests = requests;
            for (LoadConnection connection : connections) {
                connection.sink(requests.sink());
                idle.add(connection);
            }
        }

        LoadResult run() throws IOException {
            long end = start;
            while (true) {
                long now = System.nanoTime();
                boolean more = !stopped && plan.goesOn(sent, now - start) && !tooLate(now);
                while (more && !idle.isEmpty() && requests.hasNext() && start + plan.dueNanos(sent) <= now) {
                    send(idle.pop(), plan.isOpen() ? start + plan.dueNanos(sent) : System.nanoTime());
                    more = plan.goesOn(sent, now - start);
                }
                boolean waits = more && !idle.isEmpty() && requests.hasNext();
                if (idle.size() == connections.size() && !waits) {
                    break;
                }
                select(waits ? start + plan.dueNanos(sent) : Long.MAX_VALUE);
                end = System.nanoTime();
            }
            long unsent = plan.isOpen() ? plan.requestsMax() - sent : 0;
            return new LoadResult(end - start, latencies, refused, lost, unsent);
        }

        /** A plan that takes twice its time and half a minute more is given up. */
        private boolean tooLate(long now) {
            return plan.isOpen() && now - start > 2 * plan.dueNanos(plan.requestsMax()) + SILENCE_NANOS;
        }

        private void send(LoadConnection connection, long planned) throws IOException {
            out.clear();
            long stamp = planned - LoadContent.BASE;
            int number = requests.next(out, stamp);
            sent++;
            try {
                connection.send(out.flip(), number, stamp, requests.bodiless());
            } catch (IOException e) {
                lose(connection, e);
            }
        }

        private void select(long due) throws IOException {
            long wait = due - System.nanoTime();
            if (wait >= MILLI) {
                selector.select(Math.min(SELECT_MILLIS, wait / MILLI));
            } else if (wait > 0) {
                LockSupport.parkNanos(Math.min(wait, NAP_NANOS));
                selector.selectNow();
            } else {
                selector.selectNow();
            }
            for (SelectionKey key : selector.selectedKeys()) {
                heard = System.nanoTime();
                handle((LoadConnection) key.attachment(), key);
            }
            selector.selectedKeys().clear();
            if (idle.size() < connections.size() && System.nanoTime() - heard > SILENCE_NANOS) {
                throw new IOException("the server has sent nothing for "
                        + TimeUnit.NANOSECONDS.toSeconds(SILENCE_NANOS) + " seconds, while "
                        + (connections.size() - idle.size()) + " answers are owed");
            }
        }

        private void handle(LoadConnection connection, SelectionKey key) throws IOException {
            LoadConnection.Read read;
            try {
                if (key.isWritable()) {
                    connection.write();
                }
                read = key.isReadable() ? connection.read(in) : LoadConnection.Read.PART;
            } catch (IOException e) {
                end(connection, e);
                return;
            }
            switch (read) {
                case PART -> {}
                case ANSWER -> answered(connection);
                case END -> end(connection, new EOFException("the server has closed the connection"));
            }
        }

        private void end(LoadConnection connection, IOException why) throws IOException {
            if (connection.busy()) {
                lose(connection, why);
            } else {
                connection.reopen();
            }
        }

        private void answered(LoadConnection connection) throws IOException {
            lostInARow = 0;
            int status = connection.answer().status();
            if (status < 300) {
                latencies.add(System.nanoTime() - LoadContent.BASE - connection.stamp());
                requests.answered(connection.number(), connection.stamp(), connection.sink(), connection.answer());
            } else {
                refused.merge(status, 1L, Long::sum);
                requests.refused(connection.number(), status);
            }
            if (connection.answer().last()) {
                connection.reopen();
            }
            idle.push(connection);
        }

        private void lose(LoadConnection connection, IOException why) throws IOException {
            lost++;
            if (++lostInARow > LOST_MAX) {
                throw new IOException("no request is answered any more: " + why.getMessage(), why);
            }
            requests.lost(connection.number());
            connection.reopen();
            idle.push(connection);
        }
    }
}
