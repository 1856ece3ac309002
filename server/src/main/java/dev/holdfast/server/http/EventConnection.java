package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.EventListener;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/1.1 that an event stream has for itself once the headers of its answer are sent. Nothing but
 * chunks leaves it until the stream ends, so what Jetty keeps of a connection and its request is let go: 3 KiB of each
 * reader. When the stream has ended in order the connection serves requests again.
 *
 * <p>Nothing is read meanwhile. What a client has sent too early waits, as it does behind any answer.
 */
final class EventConnection implements Connection, Connection.UpgradeFrom, Connection.UpgradeTo {
    private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

    private final JettyEventStream stream;
    private final EndPoint endPoint;
    private final Connector connector;
    private @Nullable ByteBuffer early;
    private boolean lineEndOwed;
    private volatile boolean released;

    private EventConnection(JettyEventStream stream, EndPoint endPoint, Connector connector) {
        this.stream = stream;
        this.endPoint = endPoint;
        this.connector = connector;
    }

    /** The connection of a request whose answer has begun; null when other answers share it or none may follow. */
    static @Nullable EventConnection of(Request request, JettyEventStream stream) {
        ConnectionMetaData on = request.getConnectionMetaData();
        // What does not persist is not sent in chunks.
        return on.getHttpVersion() == HttpVersion.HTTP_1_1 && on.isPersistent()
                ? new EventConnection(stream, on.getConnection().getEndPoint(), on.getConnector())
                : null;
    }

    /**
     * Takes the place of the connection that has read the request. That one believes that its answer is complete; the
     * end of the body, which it would send then, is kept back.
     *
     * @param sent whether an event was sent; Jetty sends the line end behind a chunk together with the next one
     * @param done completes the request
     */
    void replace(Request request, boolean sent, Callback done) {
        lineEndOwed = sent;
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, this);
        request.addHttpStreamWrapper(answer -> new HttpStream.Wrapper(answer) {
            @Override
            public void send(
                    MetaData.Request asked,
                    MetaData.@Nullable Response head,
                    boolean last,
                    @Nullable ByteBuffer content,
                    Callback written) {
                written.succeeded();
            }

            @Override
            public void failed(Throwable cause) {
                super.failed(cause);
                stream.notMoved(cause);
            }
        });
        done.succeeded();
    }

    void write(SseEvent event, Callback written) {
        write(event.chunk(), written);
    }

    void writeLast(Callback written) {
        write(ByteBuffer.wrap(LAST_CHUNK), written);
    }

    private void write(ByteBuffer chunk, Callback written) {
        if (lineEndOwed) {
            lineEndOwed = false;
            endPoint.write(written, ByteBuffer.wrap(LINE_END), chunk);
        } else {
            endPoint.write(written, chunk);
        }
    }

    /** After the last chunk: the connection serves requests again. */
    void release() {
        released = true;
        endPoint.setIdleTimeout(connector.getIdleTimeout());
        if (connector.isShutdown()) {
            endPoint.shutdownOutput();
        }
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        endPoint.upgrade(http.newConnection(connector, endPoint));
    }

    void cut(Throwable cause) {
        endPoint.close(cause);
    }

    /**
     * Called now and then. A timer for each silent reader would only cost memory, so it runs only while the reader is
     * slow.
     */
    void watch(boolean slow) {
        long wanted = slow ? connector.getIdleTimeout() : 0;
        if (endPoint.getIdleTimeout() != wanted) {
            endPoint.setIdleTimeout(wanted);
            if (released) {
                endPoint.setIdleTimeout(connector.getIdleTimeout());
            }
        }
    }

    @Override
    public void onUpgradeTo(ByteBuffer unread) {
        early = unread;
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        return early;
    }

    @Override
    public void onOpen() {
        endPoint.setIdleTimeout(0);
        stream.moved();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        stream.gone(cause == null ? new EofException("closed") : cause);
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return stream.isSending();
    }

    @Override
    public EndPoint getEndPoint() {
        return endPoint;
    }

    @Override
    public void close() {
        endPoint.close();
    }

    @Override
    public void addEventListener(EventListener listener) {
        throw new UnsupportedOperationException("nobody listens");
    }

    @Override
    public void removeEventListener(EventListener listener) {}

    @Override
    public long getMessagesIn() {
        return -1;
    }

    @Override
    public long getMessagesOut() {
        return -1;
    }

    @Override
    public long getBytesIn() {
        return -1;
    }

    @Override
    public long getBytesOut() {
        return -1;
    }

    @Override
    public long getCreatedTimeStamp() {
        return endPoint.getCreatedTimeStamp();
    }
}
