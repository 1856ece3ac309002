package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        Tables tables = Tables.defaults();
        Engine engine = SqliteEngine.open(folder.resolve("a.db"), SqliteOptions.defaults(), TimeSource.system());
        new Schema(tables, Database.migrations()).migrate(engine);
        database = new Database(engine, tables, TimeSource.system());
        engine.write(unit -> unit.exec("create table t (a integer primary key)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void writesFromManyThreadsAreAllThere() {
        Session session = database.session("default");

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                int value = i;
                pool.execute(() -> session.write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (?)", value)));
            }
        }

        assertThat(count()).isEqualTo(500);
    }

    @Test
    void aFailingUnitLeavesItsNeighboursAlone() {
        Session session = database.session("default");
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                int value = i % 3 == 0 ? 0 : i;
                pool.execute(() -> {
                    try {
                        session.write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (?)", value));
                    } catch (EngineException e) {
                        failures.add(e);
                    }
                });
            }
        }

        assertThat(failures).hasSize(99);
        assertThat(count()).isEqualTo(201);
    }

    @Test
    void versionstampsRiseAndChangesAreFollowedInOrder() throws InterruptedException {
        Session session = database.session("default");
        List<Change> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(100);
        database.feed().follow("default", "test", ChangeFeed.NOW, batch -> {
            seen.addAll(batch.changes());
            batch.changes().forEach(change -> all.countDown());
        });

        for (int i = 0; i < 100; i++) {
            byte[] id = {(byte) i};
            session.write(UnitKind.OPERATION, tx -> {
                tx.changed("test", "", id, Change.Kind.SET);
                return tx.versionstamp();
            });
        }

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).isSortedAccordingTo((a, b) -> Long.compare(a.versionstamp(), b.versionstamp()));
        assertThat(seen.stream().map(change -> (int) change.id()[0]))
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void userTransactionRollsBackWhole() {
        Session session = database.session("default");

        assertThatThrownBy(() -> session.write(UnitKind.USER, tx -> {
                    tx.exec("insert into t values (1)");
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(count()).isZero();
    }

    private long count() {
        return database.session("default")
                .read(tx -> tx.first("select count(*) from t", row -> row.getLong(1))
                        .orElseThrow());
    }
}
