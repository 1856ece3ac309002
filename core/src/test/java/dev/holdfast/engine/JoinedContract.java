package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schema.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store inside a transaction that the caller has open, on every database. */
public abstract class JoinedContract {
    private Database database;
    private Session session;
    private Connection mine;

    /** For the test of a database. */
    protected JoinedContract() {}

    /** An engine over an empty database. */
    protected abstract Engine open();

    /** A connection of the caller to the same database, with auto-commit on. */
    protected abstract Connection connect() throws SQLException;

    @BeforeEach
    void openDatabase() throws SQLException {
        Tables tables = Tables.defaults();
        Engine engine = open();
        new Schema(tables, Database.migrations()).migrate(engine);
        database = new Database(engine, tables, TimeSource.system());
        session = database.session("default");
        engine.write(unit -> unit.exec("create table t (a integer primary key)"));
        mine = connect();
        mine.setAutoCommit(false);
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        mine.close();
        database.close();
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
