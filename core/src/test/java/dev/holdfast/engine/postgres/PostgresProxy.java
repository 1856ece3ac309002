package dev.holdfast.engine.postgres;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between an engine and the test server: counts round trips, and cuts connections at the worst moment. */
final class PostgresProxy implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger roundTrips = new AtomicInteger();
    private final AtomicReference<Cut> cut = new AtomicReference<>(Cut.NEVER);

    private volatile boolean silent;

    /** When the connection is cut on which the next request comes by. */
    enum Cut {
        NEVER,
        BEFORE_THE_SERVER_HAS_IT,
        BEFORE_THE_ANSWER
    }

    PostgresProxy() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The same database through the proxy. */
    String through(String url) {
        String proxied = url.replaceFirst(":" + PostgresServer.port() + "/", ":" + server.getLocalPort() + "/");
        return proxied + (proxied.contains("?") ? "&" : "?") + "sslmode=disable&gssEncMode=disable";
    }

    /** Cuts the connection of the next request, once. */
    void cutNext(Cut when) {
        cut.set(when);
    }

    /** Cuts every connection that is open. */
    void cutAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Lets nothing through any more, neither way, and keeps every connection open. */
    void fallSilent() {
        silent = true;
    }

    /** How often a client waited for the server while something ran. */
    int roundTrips(Runnable work) {
        int before = roundTrips.get();
        work.run();
        return roundTrips.get() - before;
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), PostgresServer.port());
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(upstream);
                Thread.ofVirtual().start(() -> pump(client, upstream, this::ask));
                Thread.ofVirtual().start(() -> pump(upstream, client, this::answer));
            }
        } catch (IOException e) {
            assertClosed(e);
        }
    }

    private void assertClosed(IOException e) {
        if (!server.isClosed()) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pump(Socket from, Socket to, Pump pump) {
        try (from;
                to) {
            pump.run(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            Thread.currentThread().interrupt(); // the connection is over; so is this thread
        }
    }

    private void ask(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            if (cut.compareAndSet(Cut.BEFORE_THE_SERVER_HAS_IT, Cut.NEVER)) {
                return;
            }
            if (!silent) {
                to.write(buffer, 0, n);
                to.flush();
            }
        }
    }

    /** Messages are a letter and a length; Z ends the answer to what the client waits for. */
    private void answer(InputStream from, OutputStream to) throws IOException {
        DataInputStream in = new DataInputStream(from);
        boolean begun = false;
        for (int type = in.read(); type >= 0; type = in.read()) {
            int length = in.readInt();
            byte[] body = in.readNBytes(length - Integer.BYTES);
            if (cut.compareAndSet(Cut.BEFORE_THE_ANSWER, Cut.NEVER)) {
                return;
            }
            if (type == 'Z' && !begun) {
                roundTrips.incrementAndGet();
            }
            // The driver sends BEGIN together with the first statement and waits once for both answers.
            begun = type == 'C' && new String(body, StandardCharsets.ISO_8859_1).startsWith("BEGIN");
            if (!silent) {
                to.write(message(type, length, body));
                to.flush();
            }
        }
    }

    private static byte[] message(int type, int length, byte[] body) {
        byte[] message = new byte[1 + length];
        message[0] = (byte) type;
        for (int i = 0; i < Integer.BYTES; i++) {
            message[1 + i] = (byte) (length >>> (24 - 8 * i));
        }
        System.arraycopy(body, 0, message, 1 + Integer.BYTES, body.length);
        return message;
    }

    /** Moves bytes in one direction until there are no more. */
    @FunctionalInterface
    private interface Pump {
        void run(InputStream from, OutputStream to) throws IOException;
    }
}
