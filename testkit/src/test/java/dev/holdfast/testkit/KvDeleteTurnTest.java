package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.schema.Schema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On SQLite a large deletion shares its commit with nobody: others would wait for it, and with them it would fail. */
class KvDeleteTurnTest {
    private static final int SHARED_MAX = 4_096;

    private final List<UnitKind> kinds = new ArrayList<>();
    private Database database;
    private Kv kv;

    @BeforeEach
    void open() {
        VirtualTime time = new VirtualTime();
        Engine engine = recording(SqliteEngine.inMemory(SqliteOptions.defaults(), time));
        List<Migration> migrations = new ArrayList<>(Database.migrations());
        migrations.addAll(KvSuite.rooms());
        new Schema(Tables.defaults(), migrations).migrate(engine);
        database = new Database(engine, Tables.defaults(), time);
        kv = Kv.in(database.session("default"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsSmallSharesItsCommit() {
        write(SHARED_MAX);

        assertThat(kv.delete(Key.of("k"))).isEqualTo(SHARED_MAX);
        assertThat(kinds).containsExactly(UnitKind.DECISION);
        assertThat(kv.count(KeyPrefix.all())).isEqualTo(1);
    }

    @Test
    void whatIsLargeHasATransactionOfItsOwn() {
        write(SHARED_MAX + 1);

        assertThat(kv.delete(Key.of("k"))).isEqualTo(SHARED_MAX + 1);
        assertThat(kinds).containsExactly(UnitKind.DECISION, UnitKind.USER);
        assertThat(kv.count(KeyPrefix.all())).isEqualTo(1);
    }

    @Test
    void entriesThatAreOnlyLookedAtCountToo() {
        write(SHARED_MAX + 1);

        long deleted = kv.delete(
                List.of(KeyPrefix.of("k")), Optional.of(Filter.where("none").eq(1)));

        assertThat(deleted).isZero();
        assertThat(kinds).containsExactly(UnitKind.DECISION, UnitKind.USER);
        assertThat(kv.count(KvSelection.below("k"))).isEqualTo(SHARED_MAX + 1);
    }

    @Test
    void insideATransactionItBelongsToThat() {
        write(SHARED_MAX + 1);

        long deleted =
                database.session("default").write(UnitKind.USER, tx -> Kv.in(tx).delete(Key.of("k")));

        assertThat(deleted).isEqualTo(SHARED_MAX + 1);
        assertThat(kinds).containsExactly(UnitKind.USER);
    }

    private void write(int entries) {
        database.session("default").write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            inside.set(Key.of("other"), 1);
            for (int i = 0; i < entries; i++) {
                inside.set(Key.of("k", i), i);
            }
            return entries;
        });
        kinds.clear();
    }

    private Engine recording(Engine engine) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, args) -> {
                    if (method.getName().equals("write") && args.length == 2) {
                        kinds.add((UnitKind) args[0]);
                    }
                    try {
                        return method.invoke(engine, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
