package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** What a server in training is asked. */
final class TrainRequests {
    private static final int ROUNDS = 5;
    private static final int SILENCE_MILLIS = 30_000;
    private static final int ANSWERED = 9; // where the status stands behind HTTP/1.1

    private static final List<Ask> ASKS = List.of(
            new Ask("PUT", "/keyval/api/keys/users/42", "{\"name\":\"Ann\"}"),
            new Ask("GET", "/keyval/api/keys/users/42", ""),
            new Ask("GET", "/keyval/api/keys/count", ""),
            new Ask("POST", "/keyval/api/keys/list", "{\"prefix\":[\"users\"],\"where\":{\"name\":\"Ann\"}}"),
            new Ask("POST", "/keyval/api/atomic", "{\"mutations\":[{\"type\":\"sum\",\"key\":[\"n\"],\"value\":1}]}"),
            new Ask("POST", "/v1/collections/notes", "{\"n\":1}"),
            new Ask("GET", "/v1/collections/notes?n=1", ""),
            new Ask("GET", "/health/ready", ""),
            new Ask("GET", "/metrics", ""));

    private TrainRequests() {}

    private record Ask(String method, String path, String body) {}

    /**
     * Sends every request a few times and reads the answers.
     *
     * @throws IOException the server does not answer as it should
     */
    static void send(URI server) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            for (Ask ask : ASKS) {
                send(server, ask);
            }
        }
    }

    private static void send(URI server, Ask ask) throws IOException {
        byte[] body = ask.body.getBytes(UTF_8);
        String head = ask.method + " " + ask.path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            socket.getOutputStream().write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            if (!answer.startsWith("2", ANSWERED)) {
                throw new IOException(ask + " was answered: " + answer);
            }
        }
    }
}
