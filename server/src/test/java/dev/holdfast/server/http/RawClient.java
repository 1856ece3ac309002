package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An HTTP/1.1 client that sends exactly what it is told and shows exactly what comes back. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private boolean insideBody;

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** An answer with its header names in lower case. */
    record Answer(int status, Map<String, List<String>> headers, String text) {
        Optional<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst();
        }
    }

    /** Sends a text whose line ends are written {@code \n}; UTF-8. */
    RawClient send(String text) throws IOException {
        return send(text.replace("\n", "\r\n").getBytes(UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that nothing more will be sent. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** A request without a body. */
    Answer ask(String method, String target, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\nHost: localhost\n");
        for (String header : headers) {
            head.append(header).append('\n');
        }
        send(head.append('\n').toString());
        return answer("HEAD".equals(method));
    }

    /** Reads one whole answer. */
    Answer answer(boolean headOnly) throws IOException {
        Answer head = head();
        if (headOnly || head.status() == 204 || head.status() == 304) {
            return head;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (head.header("transfer-encoding").isPresent()) {
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                body.writeBytes(chunk);
            }
        } else if (head.header("content-length").isPresent()) {
            body.writeBytes(bytes(Integer.parseInt(head.header("content-length").get())));
        } else {
            body.writeBytes(in.readAllBytes());
        }
        return new Answer(head.status(), head.headers(), body.toString(UTF_8));
    }

    /** Reads status line and headers. */
    Answer head() throws IOException {
        String status = line();
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        return new Answer(code, headers, "");
    }

    /**
     * Reads one chunk of a body; empty at its end in order. The line end after a chunk may come with the next one only.
     */
    byte[] chunk() throws IOException {
        if (insideBody) {
            line();
        }
        byte[] bytes = bytes(Integer.parseInt(line(), 16));
        insideBody = bytes.length > 0;
        if (!insideBody) {
            line();
        }
        return bytes;
    }

    String textChunk() throws IOException {
        return new String(chunk(), UTF_8);
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** Whether the server has closed the connection, with nothing left to read. */
    boolean ended() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended in the line '" + line + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
