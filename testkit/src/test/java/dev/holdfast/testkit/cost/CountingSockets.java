package dev.holdfast.testkit.cost;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Sockets for the PostgreSQL driver that count how often it waits for the server: each time it reads after it has
 * written. The driver makes the factory by its name; all factories of one argument share a count.
 */
public final class CountingSockets extends SocketFactory {
    private static final Map<String, AtomicLong> ROUND_TRIPS = new ConcurrentHashMap<>();

    private final AtomicLong roundTrips;

    /** For the driver's {@code socketFactory}, with its {@code socketFactoryArg}. */
    public CountingSockets(String name) {
        roundTrips = ROUND_TRIPS.computeIfAbsent(name, any -> new AtomicLong());
    }

    /** The parameters of an address that make the driver use sockets of this name. */
    public static String parameters(String name) {
        return "sslmode=disable&gssEncMode=disable&socketFactory=" + CountingSockets.class.getName()
                + "&socketFactoryArg=" + name;
    }

    /** How many round trips there were so far over all sockets of a name. */
    public static long roundTrips(String name) {
        return ROUND_TRIPS.computeIfAbsent(name, any -> new AtomicLong()).get();
    }

    @Override
    public Socket createSocket() {
        return new CountingSocket(roundTrips);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects its sockets itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("the driver connects its sockets itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects its sockets itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("the driver connects its sockets itself");
    }

    private static final class CountingSocket extends Socket {
        private final AtomicLong roundTrips;
        private final AtomicBoolean asked = new AtomicBoolean();

        CountingSocket(AtomicLong roundTrips) {
            this.roundTrips = roundTrips;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    waits();
                    return super.read();
                }

                @Override
                public int read(byte[] into, int at, int length) throws IOException {
                    waits();
                    return super.read(into, at, length);
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] from, int at, int length) throws IOException {
                    asked.set(true);
                    out.write(from, at, length);
                }

                @Override
                public void write(int value) throws IOException {
                    asked.set(true);
                    out.write(value);
                }
            };
        }

        private void waits() {
            if (asked.compareAndSet(true, false)) {
                roundTrips.incrementAndGet();
            }
        }
    }
}
