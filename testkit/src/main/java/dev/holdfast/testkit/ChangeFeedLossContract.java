package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeBatch;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.UnitKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What followers of the change log are promised when changes are gone before they were read, or reading fails. */
public abstract class ChangeFeedLossContract extends Contract {
    private static final String ROOM = "test";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<ChangeBatch> batches = Collections.synchronizedList(new ArrayList<>());
    private Database database;

    /** The suite over the stores of one engine. */
    protected ChangeFeedLossContract() {}

    @BeforeEach
    void open() {
        database = stores().fresh().database();
    }

    @Test
    void whoFollowsMoreSlowlyThanTheLogIsPrunedIsTold() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        database.feed().follow("default", ROOM, ChangeFeed.NOW, batch -> {
            batches.add(batch);
            held.countDown();
            Callers.pass(release);
        });
        change("default", 1);
        Callers.pass(held);
        change("default", 2);
        Pruning.all(database);
        release.countDown();
        change("default", 3);

        await().atMost(LIMIT).until(() -> ids().contains(3));
        assertThat(List.copyOf(batches).stream().map(ChangeBatch::reset)).containsOnlyOnce(true);

        int before = batches.size();
        change("default", 4);
        await().atMost(LIMIT).until(() -> ids().contains(4));
        assertThat(batches.subList(before, batches.size())).noneMatch(ChangeBatch::reset);
    }

    @Test
    void whoCatchesUpMoreSlowlyThanTheLogIsPrunedIsTold() {
        for (int from = 0; from < 2_500; from += 500) {
            changes(from, from + 500);
        }
        database.feed().follow("default", ROOM, 0, batch -> {
            if (batches.isEmpty()) {
                Pruning.all(database);
            }
            batches.add(batch);
        });

        await().atMost(LIMIT).until(() -> batches.size() > 1);
        assertThat(batches.get(0).reset()).isFalse();
        assertThat(batches.get(1).reset()).isTrue();
    }

    @Test
    void anErrorWhileReadingIsNoEnd() {
        FaultyEngine faulty = new FaultyEngine(database.engine());
        Database broken = new Database(faulty, database.tables(), database.time());
        broken.feed().follow("default", ROOM, ChangeFeed.NOW, batches::add);
        change("default", 1);
        await().atMost(LIMIT).until(() -> ids().contains(1));

        faulty.breakStatement(1);
        await().atMost(LIMIT).until(faulty::failed);
        change("default", 2);

        await().atMost(LIMIT).until(() -> ids().contains(2));
        assertThat(ids()).containsExactly(1, 2);
        broken.feed().close();
    }

    @Test
    void followingMakesNoNamespaceAndSeesTheFirstChangeOfOneThatComesLater() {
        database.feed().follow("later", ROOM, ChangeFeed.NOW, batches::add);
        assertThat(database.namespaces().list()).containsExactly("default");

        change("default", 0);
        change("later", 1);
        change("later", 2);

        await().atMost(LIMIT).until(() -> ids().contains(2));
        assertThat(ids()).containsExactly(1, 2);
    }

    private List<Integer> ids() {
        return List.copyOf(batches).stream()
                .flatMap(batch -> batch.changes().stream())
                .map(change -> ByteBuffer.wrap(change.id()).getInt())
                .toList();
    }

    private void change(String namespace, int number) {
        database.session(namespace).write(UnitKind.OPERATION, tx -> {
            tx.changed(ROOM, "", id(number), Change.Kind.SET);
            return tx;
        });
    }

    private void changes(int from, int to) {
        database.session("default").write(UnitKind.OPERATION, tx -> {
            IntStream.range(from, to).forEach(i -> tx.changed(ROOM, "", id(i), Change.Kind.SET));
            return tx;
        });
    }

    private static byte[] id(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }
}
