package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamSpec;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The packaged server is killed again and again under producers and readers of its streams. What was acknowledged is
 * there once, no reader saw what was gone later, offsets never go back, a deleted stream stays deleted and a closed one
 * closed. Section 18 of the Durable Streams protocol.
 *
 * <p>The seed is printed; {@code -Dholdfast.seed=N} sets it, {@code -Dholdfast.kills=N} how often it happens (200 is the
 * long form). When exactly a process dies no seed can tell.
 */
abstract class StreamKillsContract {
    private static final int PRODUCERS = 32;
    private static final int STREAMS = 4;
    private static final int ACKNOWLEDGED_MIN = 20;
    private static final int ACKNOWLEDGED_MORE = 400;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int kills = Integer.getInteger("holdfast.kills", 20);
    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** The name of the store. */
    abstract String database();

    /**
     * Kills the server, and what else belongs to the store.
     *
     * @param round from 0
     */
    abstract void kill(ServedStore server, int round);

    /** Brings back what else belongs to the store. */
    abstract void restart();

    @Test
    void whatWasAcknowledgedIsThereOnceAfterEveryKill() {
        System.out.println("kills of a server of streams: seed " + seed + ", kills " + kills + ", " + database());
        try (Holdfast holdfast = Holdfast.open(database())) {
            IntStream.range(0, STREAMS)
                    .forEach(i -> holdfast.stream("s" + i).create(StreamSpec.json()));
        }
        List<KilledProducer> producers = IntStream.range(0, PRODUCERS)
                .mapToObj(i -> new KilledProducer(http, i, "s" + i % STREAMS, acknowledged))
                .toList();
        List<KilledReader> readers = IntStream.range(0, 2 * STREAMS)
                .mapToObj(i -> new KilledReader(http, "s" + i % STREAMS, i < STREAMS))
                .toList();
        ServedStore server = ServedStore.start(database());
        try {
            for (int round = 0; round < kills; round++) {
                runUntilKilled(server, round, producers, readers);
                restart();
                server = ServedStore.start(database());
                examine(round, producers, readers);
            }
        } finally {
            server.close();
        }
        System.out.println(
                "kills of a server of streams: " + kills + " kills, " + acknowledged.get() + " appends, each there once");
    }

    private void runUntilKilled(
            ServedStore server, int round, List<KilledProducer> producers, List<KilledReader> readers) {
        int enough = acknowledged.get() + ACKNOWLEDGED_MIN + random.nextInt(ACKNOWLEDGED_MORE);
        List<Thread> threads = new ArrayList<>();
        producers.forEach(producer -> threads.add(start(() -> producer.run(server))));
        readers.forEach(reader -> threads.add(start(() -> reader.run(server))));
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.stream("closed-" + round).create(StreamSpec.json());
            holdfast.stream("closed-" + round).append(StreamAppend.closing());
            holdfast.stream("deleted-" + round).create(StreamSpec.json());
            holdfast.stream("deleted-" + round).delete();
        }
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> acknowledged.get() >= enough || !failures.isEmpty());
        kill(server, round);
        await().atMost(LIMIT).until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(failures).as("round %d, seed %d", round, seed).isEmpty();
    }

    private Thread start(Runnable work) {
        return Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
    }

    private void examine(int round, List<KilledProducer> producers, List<KilledReader> readers) {
        Map<String, List<String>> stored = new HashMap<>();
        try (Holdfast holdfast = Holdfast.open(database())) {
            IntStream.range(0, STREAMS).forEach(i -> stored.put("s" + i, messages(holdfast.stream("s" + i))));
            IntStream.rangeClosed(0, round).forEach(i -> {
                assertThat(holdfast.stream("closed-" + i).head().closed()).isTrue();
                assertThat(exists(holdfast.stream("deleted-" + i))).isFalse();
            });
        }
        for (KilledProducer producer : producers) {
            List<Integer> numbers = stored.get(producer.stream()).stream()
                    .map(text -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .filter(message -> message.path("p").asInt() == producer.number())
                    .map(message -> message.path("i").asInt())
                    .toList();
            assertThat(numbers.size())
                    .as("round %d, seed %d, producer %d", round, seed, producer.number())
                    .isBetween(producer.done(), producer.done() + 1);
            assertThat(numbers)
                    .isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
        }
        for (KilledReader reader : readers) {
            List<String> all = stored.get(reader.stream());
            assertThat(reader.seen())
                    .as("round %d, seed %d, a reader of %s", round, seed, reader.stream())
                    .hasSizeLessThanOrEqualTo(all.size())
                    .isEqualTo(all.subList(0, Math.min(all.size(), reader.seen().size())));
        }
        List<String> findings = new ArrayList<>();
        Doctor.Verdict verdict =
                Doctor.examine(database(), HoldfastOptions.defaults(), finding -> findings.add(finding.toString()));
        assertThat(verdict).as("round %d, seed %d: %s", round, seed, findings).isEqualTo(Doctor.Verdict.SOUND);
    }

    private static boolean exists(DurableStream stream) {
        try {
            return !stream.head().name().isEmpty();
        } catch (StreamException e) {
            assertThat(e.reason()).isEqualTo(StreamException.Reason.NOT_FOUND);
            return false;
        }
    }

    private static List<String> messages(DurableStream stream) {
        List<String> all = new ArrayList<>();
        long at = DurableStream.BEGINNING;
        StreamChunk chunk;
        do {
            chunk = stream.read(at, 1 << 20);
            for (JsonNode message : Json.parse(chunk.toBytes())) {
                all.add(message.toString());
            }
            at = chunk.next();
        } while (!chunk.upToDate());
        return all;
    }
}
