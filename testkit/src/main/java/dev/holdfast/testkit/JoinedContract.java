package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.Namespace;
import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JoinedEngine;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvRoom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a store promises inside a transaction that the caller has open on a connection of their own: it commits or rolls
 * back with the caller's statements.
 */
public abstract class JoinedContract extends Contract {
    private static final Key KEY = Key.of("joined");

    private Holdfast holdfast;
    private Database database;
    private Session session;
    private Connection mine;

    /** The suite over the stores of one engine. */
    protected JoinedContract() {}

    @BeforeEach
    void open() throws SQLException {
        Store store = stores().fresh();
        holdfast = Holdfast.over(store.engine(), HoldfastOptions.defaults());
        database = holdfast.database();
        session = database.session("default");
        store.engine().write(unit -> unit.exec("create table t (a integer primary key)"));
        mine = store.connect();
        mine.setAutoCommit(false);
    }

    @AfterEach
    void end() throws SQLException {
        mine.close();
        holdfast.close();
    }

    @Test
    void everyRoomAndTheCallersOwnTablesCommitTogether() throws SQLException {
        Namespace joined = holdfast.in(mine);
        execute("insert into t values (1)");
        joined.kv().set(KEY, "value");
        joined.collection("notes").insert(Map.of("id", "n1", "title", "a note"));

        boolean before = isThere();
        mine.commit();

        assertThat(before).isFalse();
        assertThat(isThere()).isTrue();
        assertThat(values()).containsExactly(1);
    }

    @Test
    void everyRoomAndTheCallersOwnTablesRollBackTogether() throws SQLException {
        Namespace joined = holdfast.in(mine);
        execute("insert into t values (1)");
        joined.kv().set(KEY, "value");
        joined.collection("notes").insert(Map.of("id", "n1", "title", "a note"));
        boolean inside = joined.kv().get(KEY).isPresent()
                && joined.collection("notes").get("n1").isPresent();

        mine.rollback();

        assertThat(inside).isTrue();
        assertThat(isThere()).isFalse();
        assertThat(values()).isEmpty();
        // A collection that was made in vain leaves nothing that would disturb the next one of its name.
        holdfast.collection("notes").insert(Map.of("id", "n1"));
        assertThat(holdfast.collection("notes").count()).isEqualTo(1);
    }

    @Test
    void aTransactionOfTheViewIsAStepThatFailsOnItsOwn() throws SQLException {
        Namespace joined = holdfast.in(mine);
        joined.kv().set(KEY, "before");

        assertThatThrownBy(() -> joined.transaction(tx -> {
                    tx.kv().set(KEY, "inside");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        mine.commit();

        assertThat(holdfast.kv().as(String.class).get(KEY)).contains("before");
    }

    @Test
    void anotherNamespaceIsJoinedThroughItsView() throws SQLException {
        holdfast.namespace("acme").in(mine).kv().set(KEY, "theirs");
        mine.commit();

        assertThat(holdfast.kv().get(KEY)).isEmpty();
        assertThat(holdfast.namespace("acme").kv().get(KEY)).isPresent();
    }

    @Test
    void aSettingOfTheRoomHoldsInsideToo() {
        KvRoom.of(database).limits(new KvLimits(10, 100, 100));

        assertThatThrownBy(() -> holdfast.in(mine).kv().set(KEY, "x".repeat(100)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void whatIsWrittenCommitsWithTheCallersOwn() throws SQLException {
        execute("insert into t values (1)");
        database.joined(mine, "default").write(UnitKind.USER, tx -> tx.exec("insert into t values (2)"));

        List<Integer> before = values();
        mine.commit();

        assertThat(before).isEmpty();
        assertThat(values()).containsExactly(1, 2);
    }

    @Test
    void whatIsWrittenRollsBackWithTheCallersOwn() throws SQLException {
        execute("insert into t values (1)");
        database.joined(mine, "default").write(UnitKind.OPERATION, tx -> tx.exec("insert into t values (2)"));

        mine.rollback();

        assertThat(values()).isEmpty();
    }

    @Test
    void whatIsReadIsWhatTheTransactionSees() throws SQLException {
        execute("insert into t values (1)");
        Session joined = database.joined(mine, "default");

        assertThat(joined.read(JoinedContract::count)).isEqualTo(1);
        assertThat(joined.readOne(JoinedContract::count)).isEqualTo(1);
    }

    @Test
    void aWriteThatFailsIsUndoneAndTheTransactionGoesOn() throws SQLException {
        Session joined = database.joined(mine, "default");
        execute("insert into t values (1)");

        assertThatThrownBy(() -> joined.write(UnitKind.DECISION, tx -> {
                    tx.exec("insert into t values (2)");
                    return tx.exec("insert into t values (1)");
                }))
                .isInstanceOf(EngineException.class);
        joined.write(UnitKind.DECISION, tx -> tx.exec("insert into t values (3)"));
        mine.commit();

        assertThat(values()).containsExactly(1, 3);
    }

    @Test
    void nobodyIsToldOfACommitThatIsStillToCome() throws SQLException {
        List<String> told = new ArrayList<>();
        database.joined(mine, "default").write(UnitKind.OPERATION, tx -> {
            tx.database().engine().signals().listen(told::add);
            tx.afterCommit(() -> told.add("hook"));
            tx.touched("test");
            return tx;
        });
        mine.commit();

        assertThat(told).isEmpty();
    }

    @Test
    void allChangesOfOneTransactionAreInTheLog() throws Exception {
        var seen = new LinkedBlockingQueue<Change>();
        database.feed()
                .follow(
                        "default",
                        "test",
                        ChangeFeed.NOW,
                        batch -> batch.changes().forEach(seen::add));
        Session joined = database.joined(mine, "default");

        for (byte id = 1; id <= 3; id++) {
            change(joined, id);
        }
        change(database.joined(mine, "default"), (byte) 4);
        mine.commit();

        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Change change = seen.poll(20, TimeUnit.SECONDS);
            assertThat(change).isNotNull();
            ids.add((int) change.id()[0]);
        }
        assertThat(ids).containsExactly(1, 2, 3, 4);
    }

    @Test
    void versionstampsRiseThroughJoinedTransactions() throws SQLException {
        long before = session.write(UnitKind.OPERATION, Tx::versionstamp);
        long joined = database.joined(mine, "default").write(UnitKind.OPERATION, Tx::versionstamp);
        mine.commit();
        long after = session.write(UnitKind.OPERATION, Tx::versionstamp);

        assertThat(joined).isGreaterThan(before);
        assertThat(after).isGreaterThan(joined);
    }

    @Test
    void aNamespaceMadeInATransactionGoesWithIt() throws SQLException {
        database.joined(mine, "new").write(UnitKind.OPERATION, Tx::ns);
        mine.rollback();
        List<String> without = database.namespaces().list();
        database.joined(mine, "new").write(UnitKind.OPERATION, Tx::ns);
        mine.commit();

        assertThat(without).containsExactly("default");
        assertThat(database.namespaces().list()).containsExactly("default", "new");
    }

    @Test
    void theConnectionOfATransactionOfOursIsThatTransaction() {
        Set<String> hooks = ConcurrentHashMap.newKeySet();

        session.write(UnitKind.USER, tx -> {
            Session joined = database.joined(tx.connection(), "default");
            assertThat(joined).isSameAs(tx);
            return joined.write(UnitKind.USER, inner -> {
                inner.afterCommit(() -> hooks.add("ran"));
                return inner.exec("insert into t values (1)");
            });
        });

        assertThat(values()).containsExactly(1);
        assertThat(hooks).containsExactly("ran");
    }

    @Test
    void theConnectionOfATransactionOfAnotherStoreIsRefused() {
        session.write(UnitKind.USER, tx -> {
            assertThatThrownBy(() -> JoinedEngine.over(tx.connection()))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isEqualTo("engine.joined_own"));
            return tx;
        });
    }

    @Test
    void aConnectionThatIsInNoTransactionIsRefused() throws SQLException {
        mine.setAutoCommit(true);

        assertThatThrownBy(() -> database.joined(mine, "default"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("engine.joined_auto_commit"));
    }

    @Test
    void closingLeavesTheTransactionAsItIs() throws SQLException {
        JoinedEngine engine = JoinedEngine.over(mine);
        engine.write(unit -> unit.exec("insert into t values (1)"));

        engine.close();
        mine.commit();

        assertThat(engine.dialect()).isEqualTo(database.dialect());
        assertThatThrownBy(() -> engine.read(unit -> 1)).isInstanceOf(ClosedException.class);
        assertThat(values()).containsExactly(1);
    }

    private boolean isThere() {
        boolean key = holdfast.kv().get(KEY).isPresent();
        boolean document = holdfast.collection("notes").get("n1").isPresent();
        assertThat(key).as("both or none").isEqualTo(document);
        return key;
    }

    private static void change(Session joined, byte id) {
        joined.write(UnitKind.OPERATION, tx -> {
            tx.changed("test", "", new byte[] {id}, Change.Kind.SET);
            return tx;
        });
    }

    private void execute(String text) throws SQLException {
        try (Statement statement = mine.createStatement()) {
            statement.execute(text);
        }
    }

    private static long count(Tx tx) {
        return tx.first("select count(*) from t", row -> row.getLong(1)).orElseThrow();
    }

    private List<Integer> values() {
        return session.read(tx -> tx.list("select a from t order by a", row -> row.getInt(1)));
    }
}
