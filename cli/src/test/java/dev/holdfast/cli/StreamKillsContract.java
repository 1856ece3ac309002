package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The packaged server is killed again and again under producers and readers of its streams. What was acknowledged is
 * there once, no reader saw what was gone later, offsets never go back, a deleted stream stays deleted and a closed one
 * closed. Now and then the store is also put back to an earlier state, of which its readers have seen more: then no
 * offset and no versionstamp that was handed out comes again for anything else. Section 18 of the Durable Streams
 * protocol.
 *
 * <p>The seed is printed; {@code -Dholdfast.seed=N} sets it, {@code -Dholdfast.kills=N} how often it happens (200 is
 * the long form). When exactly a process dies no seed can tell.
 */
abstract class StreamKillsContract {
    private static final int PRODUCERS = 32;
    private static final int STREAMS = 4;
    private static final int LOSS_EVERY = 5;
    private static final int ACKNOWLEDGED_MIN = 20;
    private static final int ACKNOWLEDGED_MORE = 400;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int kills = Integer.getInteger("holdfast.kills", 6);
    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** By stream and offset, what stood or stands there. */
    private final Map<String, Map<Long, String>> handedOut = new HashMap<>();
    /** Rounds of whose small streams nobody knows whether they are lost. */
    private final Set<Integer> uncertain = new HashSet<>();

    private List<KilledProducer> producers = List.of();
    private List<TailingReader> readers = List.of();
    private Versionstamp last = new Versionstamp(0);
    private int losses;
    private int lost;

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

    /** Prepares a loss, while no server runs. */
    abstract void prepareLoss();

    /** Remembers the state that the store is put back to, under everybody who uses it. */
    abstract void remember();

    /** Puts the store back to that state, while no server runs. */
    abstract void lose();

    @Test
    void whatWasAcknowledgedIsThereOnceAfterEveryKill() {
        System.out.println("kills of a server of streams: seed " + seed + ", kills " + kills + ", " + database());
        try (Holdfast holdfast = Holdfast.open(database())) {
            IntStream.range(0, STREAMS).forEach(i -> holdfast.stream("s" + i).create(StreamSpec.json()));
        }
        producers = newProducers();
        readers = IntStream.range(0, 2 * STREAMS)
                .mapToObj(i -> new TailingReader(http, "s" + i % STREAMS, i < STREAMS))
                .toList();
        for (int round = 0; round < kills; round++) {
            boolean loss = round % LOSS_EVERY == LOSS_EVERY - 1;
            if (loss) {
                prepareLoss();
            }
            try (ServedStore server = ServedStore.start(database())) {
                runUntilKilled(server, round, loss);
            }
            restart();
            examine(round);
            if (loss) {
                lose();
                losses++;
                uncertain.add(round);
                goOnAfterLoss(round);
            }
        }
        System.out.println("kills of a server of streams: " + kills + " kills, " + losses + " losses of " + lost
                + " appends, " + acknowledged.get() + " appends, each there once before");
    }

    private List<KilledProducer> newProducers() {
        return IntStream.range(0, PRODUCERS)
                .mapToObj(i -> new KilledProducer(http, losses * PRODUCERS + i, "s" + i % STREAMS, acknowledged))
                .toList();
    }

    private void runUntilKilled(ServedStore server, int round, boolean loss) {
        int before = acknowledged.get();
        int more = ACKNOWLEDGED_MIN + random.nextInt(ACKNOWLEDGED_MORE);
        List<Thread> threads = new ArrayList<>();
        producers.forEach(producer -> threads.add(start(() -> producer.run(server))));
        readers.forEach(reader -> threads.add(start(() -> reader.run(server))));
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.stream("closed-" + round).create(StreamSpec.json());
            holdfast.stream("closed-" + round).append(StreamAppend.closing());
            holdfast.stream("deleted-" + round).create(StreamSpec.json());
            holdfast.stream("deleted-" + round).delete();
        }
        awaitAcknowledged(before + more / 2);
        if (loss) {
            remember();
            more += 2 * PRODUCERS; // what was under way then may be remembered too, and is not what is lost
        }
        awaitAcknowledged(acknowledged.get() + more / 2);
        kill(server, round);
        await().atMost(LIMIT).until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(failures).as("round %d, seed %d", round, seed).isEmpty();
    }

    private void awaitAcknowledged(int enough) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> acknowledged.get() >= enough || !failures.isEmpty());
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

    private void examine(int round) {
        Map<String, List<String>> stored = stored(round);
        for (KilledProducer producer : producers) {
            assertThat(numbers(stored, producer))
                    .as("round %d, seed %d, producer %d", round, seed, producer.number())
                    .hasSizeBetween(producer.done(), producer.done() + 1);
        }
        for (TailingReader reader : readers) {
            List<String> all = requireNonNull(stored.get(reader.stream()));
            assertThat(reader.seen())
                    .as("round %d, seed %d, a reader of %s", round, seed, reader.stream())
                    .hasSizeLessThanOrEqualTo(all.size())
                    .isEqualTo(all.subList(0, Math.min(all.size(), reader.seen().size())));
        }
        assertSound(round);
    }

    /** Some of what was acknowledged is gone: others go on, and the readers from where they stand. */
    private void goOnAfterLoss(int round) {
        Map<String, List<String>> stored = stored(round);
        int kept = producers.stream()
                .mapToInt(producer -> numbers(stored, producer).size())
                .sum();
        int done = producers.stream().mapToInt(KilledProducer::done).sum();
        assertThat(kept).as("round %d, seed %d: what is left", round, seed).isLessThan(done);
        lost += done - kept;
        producers = newProducers();
        readers.forEach(reader -> reader.goOnAfterLoss(requireNonNull(stored.get(reader.stream()))));
        assertSound(round);
    }

    /** What every stream holds, where no offset means anything else than it did before. */
    private Map<String, List<String>> stored(int round) {
        Map<String, List<String>> stored = new HashMap<>();
        try (Holdfast holdfast = Holdfast.open(database())) {
            for (int i = 0; i < STREAMS; i++) {
                DurableStream stream = holdfast.stream("s" + i);
                Map<Long, String> now = messages(stream);
                Map<Long, String> known = handedOut.computeIfAbsent("s" + i, name -> new HashMap<>());
                now.forEach((offset, message) -> assertThat(known.merge(offset, message, (was, is) -> was))
                        .as("round %d, seed %d, offset %d", round, seed, offset)
                        .isEqualTo(message));
                stored.put("s" + i, List.copyOf(now.values()));
                assertThat(stream.head().tail())
                        .isGreaterThanOrEqualTo(known.keySet().stream()
                                .mapToLong(offset -> offset)
                                .max()
                                .orElse(-1));
            }
            Versionstamp stamp = holdfast.kv().set(Key.of("round"), round);
            assertThat(stamp).as("round %d, seed %d", round, seed).isGreaterThan(last);
            last = stamp;
            IntStream.rangeClosed(0, round).filter(i -> !uncertain.contains(i)).forEach(i -> {
                assertThat(holdfast.stream("closed-" + i).head().closed()).isTrue();
                assertThat(exists(holdfast.stream("deleted-" + i))).isFalse();
            });
        }
        return stored;
    }

    /** The numbers of a producer's messages: 0, 1, 2 and so on. */
    private static List<Integer> numbers(Map<String, List<String>> stored, KilledProducer producer) {
        List<Integer> numbers = requireNonNull(stored.get(producer.stream())).stream()
                .map(text -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
                .filter(message -> message.path("p").asInt() == producer.number())
                .map(message -> message.path("i").asInt())
                .toList();
        assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
        return numbers;
    }

    private void assertSound(int round) {
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

    /** The messages of a stream by their offsets. */
    private static Map<Long, String> messages(DurableStream stream) {
        Map<Long, String> all = new LinkedHashMap<>();
        long at = DurableStream.BEGINNING;
        StreamChunk chunk;
        do {
            chunk = stream.read(at, 1 << 20);
            long offset = chunk.start();
            for (JsonNode message : Json.parse(chunk.toBytes())) {
                all.put(offset++, message.toString());
            }
            at = chunk.next();
        } while (!chunk.upToDate());
        return all;
    }
}
