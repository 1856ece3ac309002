package dev.holdfast.server.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.EndPoint;

/**
 * Counts open connections. One beyond the limit is kept just long enough to tell its client so; a thousand beyond it
 * they are closed without a word.
 */
final class Connections {
    private static final int RESERVE = 1_000;

    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<EndPoint> refused = ConcurrentHashMap.newKeySet();

    Connections(int max) {
        this.max = max;
    }

    void opened(EndPoint connection) {
        int count = open.incrementAndGet();
        if (count > max) {
            refused.add(connection);
            if (count - RESERVE > max) {
                connection.close();
            }
        }
    }

    void closed(EndPoint connection) {
        open.decrementAndGet();
        refused.remove(connection);
    }

    int open() {
        return open.get();
    }

    /** Whether the requests of a connection are to be answered 429. */
    boolean refuses(EndPoint connection) {
        if (refused.isEmpty()) {
            return false;
        }
        EndPoint plain = connection;
        while (plain instanceof EndPoint.Wrapper wrapper) {
            plain = wrapper.unwrap();
        }
        return refused.contains(plain);
    }
}
