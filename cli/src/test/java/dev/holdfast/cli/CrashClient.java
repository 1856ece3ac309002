package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Transaction;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A client that writes until its server is gone, and knows what must be there afterwards: what was acknowledged, and of
 * the rest either all or nothing.
 *
 * <p>It puts and deletes keys, overwrites one again and again, and commits groups: three keys and a counter of groups
 * at once. One thread writes; it has ended before anything is looked at.
 */
final class CrashClient implements Runnable {
    private static final int GROUP = 3;

    private final HttpClient http;
    private final ServedStore server;
    private final int round;
    private final int number;
    private final Random random;
    private final AtomicInteger acknowledged;
    private final List<Integer> puts = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>();
    private final Set<Integer> deleted = new HashSet<>();
    private final Set<Integer> doubtful = new HashSet<>();
    private int lastAcknowledged;
    private int lastTried;

    /**
     * A client of a server.
     *
     * @param number tells its keys from those of other clients
     * @param acknowledged counts what was acknowledged to any of them
     */
    CrashClient(HttpClient http, ServedStore server, int round, int number, long seed, AtomicInteger acknowledged) {
        this.http = http;
        this.server = server;
        this.round = round;
        this.number = number;
        this.random = new Random(seed * 31 + number);
        this.acknowledged = acknowledged;
    }

    @Override
    public void run() {
        int i = 1;
        while (step(i)) {
            acknowledged.incrementAndGet();
            i++;
        }
    }

    /** One write; false when it was not acknowledged. */
    private boolean step(int i) {
        int dice = random.nextInt(100);
        if (dice < 40) {
            return put(i);
        }
        if (dice < 60) {
            return overwrite(i);
        }
        if (dice < 85 || puts.isEmpty()) {
            return group(i);
        }
        return delete(puts.get(random.nextInt(puts.size())));
    }

    private boolean put(int i) {
        boolean done = post("/keys/set", "{\"key\":" + key("put", i) + ",\"value\":" + i + "}");
        if (done) {
            puts.add(i);
        }
        return done;
    }

    private boolean overwrite(int i) {
        lastTried = i;
        boolean done = post("/keys/set", "{\"key\":[\"last\"," + number + "," + round + "],\"value\":" + i + "}");
        if (done) {
            lastAcknowledged = i;
        }
        return done;
    }

    private boolean group(int i) {
        StringBuilder mutations = new StringBuilder();
        for (int part = 0; part < GROUP; part++) {
            mutations.append("{\"type\":\"set\",\"key\":[\"group\",%d,%d,%d,%d],\"value\":%d},"
                    .formatted(number, round, i, part, i));
        }
        mutations
                .append("{\"type\":\"sum\",\"key\":[\"groups\",")
                .append(number)
                .append("],\"value\":1}");
        boolean done = post("/atomic", "{\"mutations\":[" + mutations + "]}");
        if (done) {
            groups.add(i);
        }
        return done;
    }

    private boolean delete(int i) {
        boolean done = post("/keys/delete-batch", "{\"exact\":true,\"keys\":[" + key("put", i) + "]}");
        (done ? deleted : doubtful).add(i);
        return done;
    }

    private String key(String kind, int i) {
        return "[\"" + kind + "\"," + number + "," + round + "," + i + "]";
    }

    private boolean post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(server.keyval(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    && Json.parse(answer.body()).path("ok").asBoolean(true);
        } catch (IOException e) {
            return false; // the server is gone, and nobody knows what became of this write
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Looks at what the store holds; everything in one snapshot. */
    void assertKept(Transaction snapshot) {
        Kv kv = snapshot.kv();
        Map<Integer, Integer> kept = numbers(kv, KvSelection.below("put", number, round));
        for (int i : puts) {
            if (deleted.contains(i)) {
                assertThat(kept).as("deleted").doesNotContainKey(i);
            } else if (!doubtful.contains(i)) {
                assertThat(kept).as("put").containsEntry(i, 1);
            }
        }
        Map<Integer, Integer> whole = numbers(kv, KvSelection.below("group", number, round));
        assertThat(whole.values()).as("parts of a group").allMatch(parts -> parts == GROUP);
        assertThat(whole.keySet()).as("groups").containsAll(groups);
        assertThat(count(kv, Key.of("groups", number)) * GROUP)
                .as("the counter of groups")
                .isEqualTo(kv.count(KeyPrefix.of("group", number)));
        assertThat(count(kv, Key.of("last", number, round))).as("overwritten").isBetween((long) lastAcknowledged, (long)
                lastTried);
    }

    /** The fourth parts of the keys, with how often each occurs; every value must be that part. */
    private static Map<Integer, Integer> numbers(Kv kv, KvSelection selection) {
        Map<Integer, Integer> numbers = new HashMap<>();
        try (Stream<KvEntry> entries = kv.list(selection)) {
            entries.forEach(entry -> {
                int i = entry.value().json().intValue();
                assertThat(entry.key().get(3, Integer.class)).isEqualTo(i);
                numbers.merge(i, 1, Integer::sum);
            });
        }
        return numbers;
    }

    private static long count(Kv kv, Key key) {
        return kv.get(key).map(entry -> entry.value().json().longValue()).orElse(0L);
    }
}
