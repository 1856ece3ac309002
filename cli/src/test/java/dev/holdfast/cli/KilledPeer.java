package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.record.Payload;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordJson;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.ReplicaType;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.SyncMode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A peer that writes records until its server is gone, and knows what must be there afterwards: the log of its own
 * document as it was acknowledged, or with the one write whose answer did not come; and its records in the document
 * that all peers write to.
 */
final class KilledPeer {
    static final String SHARED = "shared";

    private static final String META_WORD = "meta";
    private static final StoreRecord META =
            new StoreRecord.Meta(new StoreMeta(new ReplicaType("plain", 1, 0), SyncMode.COLLABORATIVE, "00aa"));

    private final HttpClient http;
    private final String docId;
    private final Random random;
    private final AtomicInteger acknowledged;

    private List<String> own = List.of();
    private List<String> ownAfter = List.of();
    private List<String> shared = List.of();
    private List<String> sharedAfter = List.of();
    private int next;

    KilledPeer(HttpClient http, int number, long seed, AtomicInteger acknowledged) {
        this.http = http;
        this.docId = "peer/" + number;
        this.random = new Random(seed * 31 + number);
        this.acknowledged = acknowledged;
    }

    /** Makes the document of all peers. */
    static void prepare(RecordStore store) {
        store.append(SHARED, META);
    }

    /** Writes until the server is gone. */
    void run(ServedStore server) {
        while (step(server)) {
            own = ownAfter;
            shared = sharedAfter;
            acknowledged.incrementAndGet();
        }
    }

    /** One write; false when it was not acknowledged. */
    private boolean step(ServedStore server) {
        int dice = random.nextInt(100);
        next++;
        if (dice < 30) {
            String version = docId + ":" + next;
            sharedAfter = with(shared, List.of(version));
            return send(server, "POST", SHARED, List.of(version));
        }
        if (dice < 75) {
            List<String> more = own.isEmpty() ? List.of(META_WORD, "a" + next) : List.of("a" + next, "b" + next);
            ownAfter = with(own, more);
            return send(server, "POST", docId, more);
        }
        if (dice < 95) {
            ownAfter = List.of("whole" + next, META_WORD, "last" + next);
            return send(server, "PUT", docId, ownAfter);
        }
        ownAfter = List.of();
        return send(server, "DELETE", docId, List.of());
    }

    private static List<String> with(List<String> log, List<String> more) {
        List<String> longer = new ArrayList<>(log);
        longer.addAll(more);
        return longer;
    }

    private boolean send(ServedStore server, String method, String doc, List<String> log) {
        HttpRequest request = HttpRequest.newBuilder(server.records("/kyneta/records?doc=" + doc))
                .header("Content-Type", "application/x-ndjson")
                .method(method, log.isEmpty() ? BodyPublishers.noBody() : batch(log))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 204;
        } catch (IOException e) {
            return false; // the server is gone, and nobody knows what became of this write
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static BodyPublisher batch(List<String> log) {
        StringBuilder lines = new StringBuilder();
        for (String version : log) {
            StoreRecord record = version.equals(META_WORD) ? META : new StoreRecord.Entry(payload(version), version);
            lines.append(Json.text(RecordJson.of(record))).append('\n');
        }
        lines.append("{\"kind\":\"end\",\"count\":").append(log.size()).append("}\n");
        return BodyPublishers.ofString(lines.toString());
    }

    /** Looks at what the store holds, and goes on from there. */
    void assertKept(RecordStore store) {
        List<String> found = versions(store, docId);
        assertThat(List.of(own, ownAfter)).as(docId).contains(found);
        assertThat(store.currentMeta(docId).isPresent()).as(docId).isEqualTo(!found.isEmpty());
        own = found;
        ownAfter = found;

        List<String> mine = versions(store, SHARED).stream()
                .filter(version -> version.startsWith(docId + ":"))
                .toList();
        assertThat(List.of(shared, sharedAfter)).as("%s of %s", SHARED, docId).contains(mine);
        shared = mine;
        sharedAfter = mine;
    }

    private static List<String> versions(RecordStore store, String docId) {
        List<String> versions = new ArrayList<>();
        try (RecordCursor<StoreRecord> records = store.loadAll(docId)) {
            records.forEachRemaining(record -> versions.add(version(record)));
        }
        return versions;
    }

    private static String version(StoreRecord record) {
        if (record instanceof StoreRecord.Entry(Payload payload, String version)) {
            assertThat(payload).isEqualTo(payload(version));
            return version;
        }
        assertThat(record).isEqualTo(META);
        return META_WORD;
    }

    private static Payload payload(String version) {
        return Payload.binary(Payload.Kind.SINCE, version.getBytes(StandardCharsets.UTF_8));
    }
}
