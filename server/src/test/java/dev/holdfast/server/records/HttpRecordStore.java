package dev.holdfast.server.records;

import dev.holdfast.engine.StateException;
import dev.holdfast.json.Json;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A store that asks a server, as a peer does: for the contract of all stores. */
final class HttpRecordStore implements RecordStore {
    private final HttpClient client;
    private final String base;
    private final BatchFormat format;
    private boolean closed;

    HttpRecordStore(HttpClient client, String base, BatchFormat format) {
        this.client = client;
        this.base = base;
        this.format = format;
        send("PUT", "", new byte[0]);
    }

    @Override
    public void append(String docId, StoreRecord record) {
        appendAll(docId, List.of(record));
    }

    @Override
    public void appendAll(String docId, List<? extends StoreRecord> records) {
        send("POST", "/records?doc=" + escaped(docId), batch(records));
    }

    @Override
    public void replace(String docId, List<? extends StoreRecord> records) {
        send("PUT", "/records?doc=" + escaped(docId), batch(records));
    }

    @Override
    public void delete(String docId) {
        send("DELETE", "/records?doc=" + escaped(docId), new byte[0]);
    }

    @Override
    public Optional<StoreMeta> currentMeta(String docId) {
        JsonNode meta = Json.parse(send("GET", "/meta?doc=" + escaped(docId), new byte[0]))
                .path("meta");
        return meta.isNull() ? Optional.empty() : Optional.of(RecordJson.readMeta(meta));
    }

    @Override
    public RecordCursor<StoreRecord> loadAll(String docId) {
        requireOpen();
        return new Cursor<>(() -> records(send("GET", "/records?doc=" + escaped(docId), new byte[0])));
    }

    @Override
    public RecordCursor<String> listDocIds(String prefix) {
        requireOpen();
        return new Cursor<>(() -> {
            List<String> ids = new ArrayList<>();
            String answer =
                    new String(send("GET", "/docs?prefix=" + escaped(prefix), new byte[0]), StandardCharsets.UTF_8);
            for (String line : answer.lines().toList()) {
                JsonNode json = Json.parse(line);
                if (json.has("kind")) {
                    if (json.path("count").intValue() != ids.size()) {
                        throw new IllegalStateException("the marker does not fit: " + line);
                    }
                    return ids;
                }
                ids.add(json.path("docId").stringValue());
            }
            throw new IllegalStateException("the listing has no end");
        });
    }

    private List<StoreRecord> records(byte[] batch) {
        try {
            return format.read(new ByteArrayInputStream(batch));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] batch(List<? extends StoreRecord> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (StoreRecord record : records) {
                format.write(out, record);
            }
            format.end(out, records.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private byte[] send(String method, String path, byte[] body) {
        requireOpen();
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", format.type().value())
                .header("Accept", format.type().value())
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 400) {
                JsonNode problem = Json.parse(answer.body());
                throw new Refused(
                        problem.path("code").stringValue(),
                        problem.path("detail").stringValue());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void requireOpen() {
        if (closed) {
            throw new Refused("closed", "the store was closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** What the server refused. */
    static final class Refused extends StateException {
        private static final long serialVersionUID = 1L;

        Refused(String code, String detail) {
            super(code, detail);
        }
    }

    private static final class Cursor<T> implements RecordCursor<T> {
        private final Supplier<List<T>> load;
        private @Nullable Iterator<T> all;
        private boolean over;

        Cursor(Supplier<List<T>> load) {
            this.load = load;
        }

        @Override
        public boolean hasNext() {
            if (over) {
                return false;
            }
            if (all == null) {
                all = load.get().iterator();
            }
            return all.hasNext();
        }

        @Override
        public T next() {
            if (all == null) {
                all = load.get().iterator();
            }
            return all.next();
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
