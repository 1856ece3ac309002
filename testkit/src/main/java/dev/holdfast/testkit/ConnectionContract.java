package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the JDBC connection of a transaction promises: the user's own tables commit with ours, and nobody else ends the
 * transaction.
 */
public abstract class ConnectionContract extends Contract {
    private Store store;
    private Engine engine;
    private Probe probe;

    /** The suite over the stores of one engine. */
    protected ConnectionContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh();
        engine = store.engine();
        probe = Probe.in(engine);
    }

    @ParameterizedTest
    @EnumSource
    void theUsersRowsCommitWithOurs(UnitKind kind) {
        store.session().write(kind, tx -> {
            tx.changed("test", "", new byte[] {1}, Change.Kind.SET);
            return insert(tx.connection(), 1);
        });

        assertThat(probe.rows()).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void theUsersRowsRollBackWithOurs(UnitKind kind) {
        assertThatThrownBy(() -> engine.write(kind, unit -> {
                    Probe.insert(unit, 1);
                    insert(unit.connection(), 2);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(probe.rows()).isEmpty();
    }

    @Test
    void bothSidesSeeWhatTheOtherWrote() {
        List<Long> seen = engine.write(unit -> {
            Probe.insert(unit, 1);
            insert(unit.connection(), 2);
            List<Long> both = new ArrayList<>(Probe.rows(unit));
            both.addAll(select(unit.connection()));
            return both;
        });

        assertThat(seen).containsExactly(1L, 2L, 1L, 2L);
    }

    @Test
    void callsThatWouldEndOrChangeTheTransactionAreRefused() {
        engine.write(unit -> {
            Probe.insert(unit, 1);
            Connection connection = unit.connection();
            refused(connection::commit);
            refused(connection::rollback);
            refused(() -> connection.setAutoCommit(true));
            refused(() -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED));
            refused(() -> connection.setReadOnly(true));
            refused(() -> connection.abort(Runnable::run));
            refused(() -> connection.unwrap(Connection.class));
            return Probe.insert(unit, 2);
        });

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void closingTheConnectionLeavesTheTransactionOpen() {
        engine.write(unit -> {
            try (Connection connection = unit.connection()) {
                insert(connection, 1);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return Probe.insert(unit, 2);
        });

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit",
                "ROLLBACK",
                "  end transaction",
                "begin",
                "start transaction",
                "rollback work",
                "/* note */ commit",
                "-- note\nrollback",
                ";commit",
                "select 1; commit",
                "insert into probe values (7, ';'); rollback",
                "insert into probe values (7, 'it''s'); commit; begin"
            })
    void statementsThatWouldEndOrBeginATransactionAreRefusedWhicheverWayTheyCome(String text) {
        engine.write(unit -> {
            Probe.insert(unit, 1);
            Connection connection = unit.connection();
            refused(() -> connection.prepareStatement(text));
            refused(() -> statement(connection).execute(text));
            refused(() -> statement(connection).executeUpdate(text));
            refused(() -> statement(connection).executeQuery(text));
            refused(() -> statement(connection).addBatch(text));
            assertThatThrownBy(() -> unit.exec(text)).hasMessageContaining("engine.transaction_control");
            return Probe.insert(unit, 2);
        });

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void wordsOfTransactionControlElsewhereAreNobodysBusiness() throws SQLException {
        engine.write(unit -> {
            Connection connection = unit.connection();
            run(connection, "insert into probe (a, b) values (1, 'x; commit')");
            run(connection, "/* rollback; */ insert into probe (a, b) values (2, '-- ; end') -- ; commit");
            run(connection, "create table \"begin; commit\" (\"end\" integer)");
            run(connection, "insert into \"begin; commit\" (\"end\") values (3)");
            return unit;
        });

        long end = engine.write(unit -> {
            try (Statement statement = unit.connection().createStatement();
                    ResultSet rows = statement.executeQuery("select \"end\" from \"begin; commit\"")) {
                assertThat(rows.next()).isTrue();
                return rows.getLong("end");
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(end).isEqualTo(3);
        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    @Test
    void theUserMayUseSavepoints() {
        engine.write(unit -> {
            Connection connection = unit.connection();
            try {
                insert(connection, 1);
                Savepoint savepoint = connection.setSavepoint();
                insert(connection, 2);
                connection.rollback(savepoint);
                run(connection, "savepoint mine");
                insert(connection, 3);
                run(connection, "rollback to savepoint mine");
                run(connection, "release savepoint mine");
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return insert(connection, 4);
        });

        assertThat(probe.rows()).containsExactly(1L, 4L);
    }

    @Test
    void whatTheConnectionHandsOutLeadsBackToTheGuardedOne() {
        engine.write(unit -> {
            Connection connection = unit.connection();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select 1")) {
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThat(rows.getStatement().getConnection()).isSameAs(connection);
                assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
                refused(() -> statement.unwrap(Statement.class));
                refused(() -> rows.unwrap(ResultSet.class));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return unit;
        });
    }

    @Test
    void aConnectionThatIsKeptStopsWorkingWithTheTransaction() {
        AtomicReference<Connection> kept = new AtomicReference<>();
        AtomicReference<PreparedStatement> statement = new AtomicReference<>();
        engine.write(unit -> {
            kept.set(unit.connection());
            statement.set(prepare(kept.get(), "insert into probe (a, b) values (1, 'late')"));
            return unit;
        });

        assertThatThrownBy(() -> kept.get().createStatement()).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> statement.get().executeUpdate()).isInstanceOf(ClosedException.class);
        assertThat(probe.rows()).isEmpty();
    }

    @Test
    void cursorsTheUserForgotHoldNobodyUp() {
        AtomicReference<ResultSet> forgotten = new AtomicReference<>();
        engine.write(unit -> {
            Probe.insert(unit, 1);
            return Probe.insert(unit, 2);
        });

        engine.write(unit -> {
            try {
                ResultSet rows = statement(unit.connection()).executeQuery("select a from probe");
                rows.next();
                forgotten.set(rows);
                ResultSet inserted = statement(unit.connection())
                        .executeQuery("insert into probe (a, b) values (3, 'x'), (4, 'x') returning a");
                inserted.next();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return unit;
        });

        assertThat(probe.rows()).containsExactly(1L, 2L, 3L, 4L);
        assertThatThrownBy(() -> forgotten.get().next()).isInstanceOf(ClosedException.class);
        // On SQLite a cursor left open keeps the write connection in an old snapshot.
        assertThatCode(() -> engine.write(unit -> Probe.drop(unit))).doesNotThrowAnyException();
    }

    @Test
    void aStatementOfTheUserThatFailsWithTheDatabaseStillSoundCanBeCaught() {
        engine.write(unit -> unit.nested(() -> insert(unit.connection(), 1)));

        engine.write(unit -> {
            assertThatThrownBy(() -> unit.nested(() -> insert(unit.connection(), 1)))
                    .isInstanceOf(IllegalStateException.class);
            return insert(unit.connection(), 2);
        });

        assertThat(probe.rows()).containsExactly(1L, 2L);
    }

    private static int insert(Connection connection, long a) {
        try (PreparedStatement statement = connection.prepareStatement("insert into probe (a, b) values (?, 'user')")) {
            statement.setLong(1, a);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Long> select(Connection connection) {
        List<Long> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select a from probe order by a")) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Statement statement(Connection connection) {
        try {
            return connection.createStatement();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql) {
        try {
            return connection.prepareStatement(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refused(JdbcCall call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("engine.transaction_control");
    }

    /** A call that may throw what JDBC throws. */
    @FunctionalInterface
    private interface JdbcCall {
        void run() throws SQLException;
    }
}
