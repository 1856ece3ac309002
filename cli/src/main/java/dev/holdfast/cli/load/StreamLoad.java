package dev.holdfast.cli.load;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Appends to streams of its own on a server: makes them, loads them, reads everything back, and deletes them. Used by
 * one thread, but for {@link #stop}.
 */
public final class StreamLoad implements AutoCloseable {
    private static final int HOUSEKEEPERS = 16;
    private static final long READERS_SECONDS = 120;

    private final LoadTarget target;
    private final LoadShape shape;
    private final LoadContent content;
    private final LoadAppends appends;
    private final LoadLoop loop;
    private volatile boolean stopped;

    /**
     * Connects; nothing is made yet.
     *
     * @param place below which the streams are made
     * @throws IOException nobody answers there
     */
    public StreamLoad(LoadTarget place, LoadShape shape) throws IOException {
        this.target = place.below("bench-" + UUID.randomUUID());
        this.shape = shape;
        this.content = new LoadContent(shape.bytes(), shape.messages());
        this.appends = new LoadAppends(target, content, shape.streams());
        this.loop = new LoadLoop(target, shape.connections());
    }

    /** Where the streams are: what follows is a number from 0. */
    public LoadTarget place() {
        return target;
    }

    /** Makes the streams. */
    public void create() throws IOException {
        each("PUT", "Content-Type: " + content.type() + "\r\nContent-Length: 0\r\n");
    }

    /** Deletes the streams. */
    public void delete() throws IOException {
        each("DELETE", "");
    }

    /** Asks for nothing as fast as answers come: what the load generator and HTTP come to by themselves. */
    public LoadResult ceiling(long nanos) throws IOException {
        return loop.run(LoadPlan.closed(nanos), new EmptyRequests(target));
    }

    /** Appends as fast as answers come. */
    public LoadResult appendFully(long nanos) throws IOException {
        return loop.run(LoadPlan.closed(nanos), appends);
    }

    /** Appends as fast as answers come, so many requests. */
    public LoadResult append(long requests) throws IOException {
        return loop.run(LoadPlan.requests(requests), appends);
    }

    /** Appends at a rate, whether or not answers come; latencies count from when a request was planned. */
    public LoadResult appendAt(double rate, long nanos) throws IOException {
        return loop.run(LoadPlan.open(rate, nanos), appends);
    }

    /** Lets readers follow the first stream. */
    public LoadReaders readers(int count) throws IOException, InterruptedException, TimeoutException {
        return LoadReaders.connect(target.below("0"), count, READERS_SECONDS, TimeUnit.SECONDS);
    }

    /** Messages that were acknowledged up to now. */
    public long acknowledged() {
        return appends.messages();
    }

    /** Reads all streams and compares them with what was acknowledged. */
    public LoadCheck check() throws IOException {
        CatchUp read = new CatchUp(target, shape.streams(), true);
        try (LoadLoop readers = new LoadLoop(target, Math.min(HOUSEKEEPERS, shape.streams()))) {
            readers.run(LoadPlan.requests(Long.MAX_VALUE), read);
        }
        int wrong = 0;
        for (int i = 0; i < shape.streams(); i++) {
            wrong += appends.explains(i, read.messages(i), read.sum(i)) ? 0 : 1;
        }
        return new LoadCheck(appends.messages(), read.messages(), wrong);
    }

    /** Lets what runs end soon, and what follows at once; for any thread. */
    public void stop() {
        stopped = true;
        loop.stop();
    }

    /** Whether somebody has stopped it. */
    public boolean stopped() {
        return stopped;
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }

    private void each(String method, String headers) throws IOException {
        try (LoadLoop keepers = new LoadLoop(target, Math.min(HOUSEKEEPERS, shape.streams()))) {
            keepers.run(LoadPlan.requests(Long.MAX_VALUE), new EachStream(target, method, headers, shape.streams()));
        }
    }
}
