package dev.holdfast.server;

import dev.holdfast.json.Json;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWrite;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWriteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A client of KV Connect that sends what it is told to, on one connection of HTTP/2 or on some of HTTP/1.1. */
final class KvConnectClient implements AutoCloseable {
    static final String TOKEN = "Authorization";
    static final String VERSION = "x-denokv-version";
    static final String DATABASE_ID = "x-denokv-database-id";

    private final HttpClient http;
    private final URI address;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final URI dataPath;

    KvConnectClient(ServedStore served, HttpClient.Version version, String path, String secret)
            throws IOException, InterruptedException {
        http = HttpClient.newBuilder().version(version).build();
        address = URI.create(served.server().baseUrl() + path);
        headers.put(TOKEN, "Bearer " + secret);
        if (version == HttpClient.Version.HTTP_2) {
            // The client upgrades by a request without a body, and uses the connection from then on.
            http.send(
                    HttpRequest.newBuilder(URI.create(served.server().baseUrl() + "/health/live"))
                            .header(TOKEN, "Bearer " + secret)
                            .build(),
                    BodyHandlers.discarding());
        }
        JsonNode metadata =
                Json.parse(exchange("{\"supportedVersions\":[1,2,3]}").body());
        headers.put(VERSION, metadata.path("version").asString());
        headers.put(DATABASE_ID, metadata.path("databaseId").asString());
        dataPath = address.resolve(metadata.at("/endpoints/0/url").stringValue());
    }

    /** The metadata exchange. */
    HttpResponse<byte[]> exchange(String body) throws IOException, InterruptedException {
        return exchange(body.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> exchange(byte[] body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(address)
                        .header(TOKEN, headers.getOrDefault(TOKEN, ""))
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> call(String method, byte[] body) throws IOException, InterruptedException {
        return http.send(request(method, body, headers), BodyHandlers.ofByteArray());
    }

    /** A request with a header of another value, or without it when that is empty. */
    HttpResponse<byte[]> call(String method, byte[] body, String header, String value)
            throws IOException, InterruptedException {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        changed.values().removeIf(String::isEmpty);
        return http.send(request(method, body, changed), BodyHandlers.ofByteArray());
    }

    /** A request whose answer may not end; the caller closes it. */
    HttpResponse<InputStream> open(String method, byte[] body) throws IOException, InterruptedException {
        return http.send(request(method, body, headers), BodyHandlers.ofInputStream());
    }

    AtomicWriteOutput write(AtomicWrite write) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = call("atomic_write", write.toByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + text(answer));
        }
        return AtomicWriteOutput.parseFrom(answer.body());
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    HttpClient http() {
        return http;
    }

    HttpRequest request(String method, byte[] body) {
        return request(method, body, headers);
    }

    private HttpRequest request(String method, byte[] body, Map<String, String> with) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(dataPath + "/" + method))
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofByteArray(body));
        with.forEach(request::header);
        return request.build();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
