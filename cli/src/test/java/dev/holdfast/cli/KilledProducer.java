package dev.holdfast.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A producer that appends one numbered message after the other, and sends again after a kill what it does not know the
 * outcome of. One thread at a time runs it; it has ended before anything is looked at.
 */
final class KilledProducer {
    private final HttpClient http;
    private final int number;
    private final String stream;
    private final AtomicInteger acknowledged;
    private int next;

    /**
     * A producer of a stream.
     *
     * @param acknowledged counts what was acknowledged to any of them
     */
    KilledProducer(HttpClient http, int number, String stream, AtomicInteger acknowledged) {
        this.http = http;
        this.number = number;
        this.stream = stream;
        this.acknowledged = acknowledged;
    }

    int number() {
        return number;
    }

    String stream() {
        return stream;
    }

    /** How many of its messages were acknowledged; one more may be stored. */
    int done() {
        return next;
    }

    /** Appends until the server is gone. */
    void run(ServedStore server) {
        while (append(server)) {
            next++;
            acknowledged.incrementAndGet();
        }
    }

    private boolean append(ServedStore server) {
        HttpRequest request = HttpRequest.newBuilder(server.stream(stream))
                .header("Content-Type", "application/json")
                .header("Producer-Id", "producer-" + number)
                .header("Producer-Epoch", "0")
                .header("Producer-Seq", Integer.toString(next))
                .POST(HttpRequest.BodyPublishers.ofString("{\"p\":" + number + ",\"i\":" + next + "}"))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200 && status != 204 && status < 500) {
                throw new AssertionError("producer " + number + " was answered " + status + " to its append " + next);
            }
            return status < 300;
        } catch (IOException e) {
            return false; // the server is gone, and nobody knows what became of this append
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
