package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.record.RecordStore;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged server is killed with SIGKILL under peers that append to, replace and delete their documents. After each
 * kill every acknowledged record is there in its order, no write is there in part, and numbers have no gaps.
 *
 * <p>The seed is printed; {@code -Dholdfast.seed=N} sets it, {@code -Dholdfast.kills=N} how often it happens. When
 * exactly a process dies no seed can tell.
 */
class RecordKillsIT {
    private static final int PEERS = 8;
    private static final int ACKNOWLEDGED_MIN = 20;
    private static final int ACKNOWLEDGED_MORE = 400;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int kills = Integer.getInteger("holdfast.kills", 3);
    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger acknowledged = new AtomicInteger();

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereAfterEveryKill() throws SQLException {
        System.out.println("kills of a server of record stores: seed " + seed + ", kills " + kills);
        try (Holdfast holdfast = Holdfast.open(database())) {
            KilledPeer.prepare(holdfast.recordStore("kyneta"));
        }
        List<KilledPeer> peers = IntStream.range(0, PEERS)
                .mapToObj(number -> new KilledPeer(http, number, seed, acknowledged))
                .toList();
        for (int round = 0; round < kills; round++) {
            runUntilKilled(peers);
            try (Holdfast holdfast = Holdfast.open(database())) {
                RecordStore store = holdfast.recordStore("kyneta");
                peers.forEach(peer -> peer.assertKept(store));
            }
            assertThat(gaps()).as("round %d, seed %d", round, seed).isEmpty();
        }
        List<String> findings = new ArrayList<>();
        Doctor.Verdict verdict =
                Doctor.examine(database(), HoldfastOptions.defaults(), finding -> findings.add(finding.toString()));
        assertThat(verdict).as("seed %d: %s", seed, findings).isEqualTo(Doctor.Verdict.SOUND);
        System.out.println("kills of a server of record stores: " + kills + " kills, " + acknowledged
                + " acknowledged writes, all kept");
    }

    private void runUntilKilled(List<KilledPeer> peers) {
        int enough = acknowledged.get() + ACKNOWLEDGED_MIN + random.nextInt(ACKNOWLEDGED_MORE);
        try (ServedStore server = ServedStore.start(database())) {
            List<Thread> threads = peers.stream()
                    .map(peer -> Thread.ofVirtual().start(() -> peer.run(server)))
                    .toList();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() ->
                            acknowledged.get() >= enough || threads.stream().noneMatch(Thread::isAlive));
            assertThat(acknowledged.get()).as("seed %d", seed).isGreaterThanOrEqualTo(enough);
            server.kill();
            await().atMost(LIMIT).until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }

    /** Documents whose rows are not numbered from 0 without a gap. */
    private List<String> gaps() throws SQLException {
        List<String> gaps = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select doc_id from kyneta_records group by doc_id having max(seq) + 1 <> count(*)")) {
            while (rows.next()) {
                gaps.add(rows.getString(1));
            }
        }
        return gaps;
    }

    private String database() {
        return folder.resolve("store.db").toString();
    }
}
