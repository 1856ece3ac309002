package dev.holdfast.cli.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection with at most one request under way; used by one thread. */
final class LoadConnection implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final LoadTarget target;
    private final Selector selector;
    private final LoadParser parser = new LoadParser();
    private SocketChannel channel;
    private SelectionKey key;
    private ByteBuffer unsent = NOTHING;
    private LoadSink sink = LoadSink.NONE;
    private boolean busy;
    // Of the request that is under way.
    private int number;
    private long stamp;

    LoadConnection(LoadTarget target, Selector selector) throws IOException {
        this.target = target;
        this.selector = selector;
        this.channel = connect();
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel opened = SocketChannel.open(target.address());
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.configureBlocking(false);
        return opened;
    }

    /** Takes the place of a connection that has ended. */
    void reopen() throws IOException {
        close();
        unsent = NOTHING;
        busy = false;
        channel = connect();
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void sink(LoadSink bodies) {
        sink = bodies;
    }

    LoadSink sink() {
        return sink;
    }

    LoadParser answer() {
        return parser;
    }

    int number() {
        return number;
    }

    long stamp() {
        return stamp;
    }

    boolean busy() {
        return busy;
    }

    /** Sends a request; its answer comes by {@link #read}. */
    void send(ByteBuffer request, int requestNumber, long requestStamp, boolean bodiless) throws IOException {
        number = requestNumber;
        stamp = requestStamp;
        busy = true;
        parser.begin(bodiless, sink);
        channel.write(request);
        if (request.hasRemaining()) {
            unsent = ByteBuffer.allocate(request.remaining()).put(request).flip();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** Sends more of a long request. */
    void write() throws IOException {
        channel.write(unsent);
        if (!unsent.hasRemaining()) {
            unsent = NOTHING;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /** What has come. */
    enum Read {
        /** Not all of the answer. */
        PART,
        /** The whole answer; the connection has no request any more. */
        ANSWER,
        /** The end of the connection. */
        END
    }

    /** Reads what there is. */
    Read read(ByteBuffer in) throws IOException {
        while (true) {
            in.clear();
            int got = channel.read(in);
            if (got == 0) {
                return Read.PART;
            }
            if (got < 0) {
                return busy && parser.closed() ? answered() : Read.END;
            }
            in.flip();
            if (!busy) {
                throw new IOException("the server sent something that nobody has asked for");
            }
            if (parser.feed(in)) {
                return answered();
            }
            if (got < in.capacity()) {
                return Read.PART;
            }
        }
    }

    private Read answered() {
        busy = false;
        return Read.ANSWER;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
