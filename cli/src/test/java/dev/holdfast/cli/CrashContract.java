package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.Transaction;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.filter.Filter;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.testkit.ChildJvm;
import java.net.http.HttpClient;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The packaged server and a program with the library write to one store at once and are killed, again and again. After
 * each restart every acknowledged write is there, no half transaction is visible, and the doctor finds nothing.
 *
 * <p>The seed is printed; {@code -Dholdfast.seed=N} sets it, {@code -Dholdfast.crash.rounds=N} how often it happens.
 * When exactly a process dies no seed can tell.
 */
abstract class CrashContract {
    private static final int CLIENTS = 6;
    private static final int LIBRARY_EVERY = 5;
    private static final int ACKNOWLEDGED_MIN = 20;
    private static final int ACKNOWLEDGED_MORE = 130;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int rounds = Integer.getInteger("holdfast.crash.rounds", 50);
    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HttpClient http = HttpClient.newHttpClient();

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
    void whatWasAcknowledgedSurvivesEveryKill() throws SQLException {
        System.out.println("crash test: seed " + seed + ", rounds " + rounds + ", " + database());
        try (Holdfast holdfast = Holdfast.open(database())) {
            CrashWriter.prepare(holdfast);
        }
        long writes = 0;
        ServedStore server = ServedStore.start(database());
        try {
            for (int round = 0; round < rounds; round++) {
                Killed killed = writeUntilKilled(server, round);
                writes += killed.acknowledged();
                restart();
                server = ServedStore.start(database());
                examine(killed, round);
            }
        } finally {
            server.close();
        }
        System.out.println("crash test: " + rounds + " kills, " + writes + " acknowledged writes, all kept");
    }

    private Killed writeUntilKilled(ServedStore server, int round) {
        AtomicInteger acknowledged = new AtomicInteger();
        long roundSeed = random.nextLong();
        int enough = ACKNOWLEDGED_MIN + random.nextInt(ACKNOWLEDGED_MORE);
        List<CrashClient> clients = IntStream.range(0, CLIENTS)
                .mapToObj(number -> new CrashClient(http, server, round, number, roundSeed, acknowledged))
                .toList();
        try (ChildJvm library = library(round)) {
            List<Thread> threads =
                    clients.stream().map(Thread.ofVirtual()::start).toList();
            int[] allowed = {0};
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> {
                int now = acknowledged.get();
                if (library != null && now > allowed[0]) {
                    library.send(Integer.toString(now - allowed[0]));
                    allowed[0] = now;
                }
                return now >= enough || threads.stream().noneMatch(Thread::isAlive);
            });
            assertThat(acknowledged.get()).as("round %d, seed %d", round, seed).isGreaterThanOrEqualTo(enough);
            kill(server, round);
            if (library != null) {
                library.kill();
            }
            await().atMost(LIMIT).until(() -> threads.stream().noneMatch(Thread::isAlive));
            Set<String> printed = library == null ? Set.of() : printed(library);
            return new Killed(clients, printed, acknowledged.get() + printed.size());
        }
    }

    /** Every fifth round the library writes too; its JVM takes longer to start than the packaged one. */
    private @Nullable ChildJvm library(int round) {
        if (round % LIBRARY_EVERY != 0) {
            return null;
        }
        ChildJvm library = ChildJvm.start(CrashWriter.class, database(), "r" + round);
        library.awaitLine(CrashWriter.READY::equals);
        return library;
    }

    private static Set<String> printed(ChildJvm library) {
        return library.lines().stream()
                .filter(line -> !line.equals(CrashWriter.READY))
                .collect(Collectors.toSet());
    }

    private void examine(Killed killed, int round) throws SQLException {
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.read(tx -> {
                killed.clients.forEach(client -> client.assertKept(tx));
                return assertWhole(tx, killed.committed);
            });
        }
        List<String> findings = new ArrayList<>();
        Doctor.Verdict verdict =
                Doctor.examine(database(), HoldfastOptions.defaults(), finding -> findings.add(finding.toString()));
        assertThat(verdict).as("round %d, seed %d: %s", round, seed, findings).isEqualTo(Doctor.Verdict.SOUND);
    }

    /** Entry, document and row of every transaction are there, or none of them. */
    private static int assertWhole(Transaction tx, Set<String> committed) throws SQLException {
        Set<String> rows = new TreeSet<>();
        try (Statement statement = tx.connection().createStatement();
                ResultSet found = statement.executeQuery("select id from " + CrashWriter.TABLE)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        Set<String> entries = new TreeSet<>();
        try (var all = tx.kv().list(KvSelection.below("lib"))) {
            all.forEach(entry -> entries.add(entry.value().json().stringValue()));
        }
        Set<String> documents = new TreeSet<>();
        try (Stream<Document> all = tx.collection(CrashWriter.COLLECTION).stream(DocumentQuery.where(Filter.all()))) {
            all.forEach(document -> documents.add(document.id()));
        }
        assertThat(rows).isEqualTo(entries).isEqualTo(documents).containsAll(committed);
        return rows.size();
    }

    /** What was there to lose. */
    private record Killed(List<CrashClient> clients, Set<String> committed, int acknowledged) {}
}
