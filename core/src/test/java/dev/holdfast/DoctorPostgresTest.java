package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.postgres.PostgresServer;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.search.Tokenizer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoctorPostgresTest extends DoctorContract {
    private static String filled = "";

    private String database = "";

    @BeforeAll
    static void fillOne() {
        filled = PostgresServer.freshUrl();
        fill(filled);
    }

    @BeforeEach
    void makeEmpty() {
        database = PostgresServer.freshUrl();
    }

    @Override
    void makeFilled() {
        database = PostgresServer.copy(filled);
    }

    @Override
    String database() {
        return database;
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(database);
    }

    @Override
    String bytes(String hex) {
        return "'\\x" + hex + "'::bytea";
    }

    @Test
    void namesTheTransactionThatHoldsTheVisibleHorizon() throws SQLException {
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.kv().set(Key.of("a"), 1);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set application_name = 'the slow one'");
            statement.execute("select pg_current_xact_id()");

            assertThat(examine(Doctor.Verdict.SOUND))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("note: engine: transaction ")
                            .contains(
                                    "holds the visible horizon",
                                    "application=the slow one",
                                    "state=idle in transaction"));
        }
    }

    @Test
    void findsThatWritersAreNotToldOfAnIndex() throws SQLException {
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.kv().search().createIndex(KeyPrefix.of("notes"), List.of("text"), Tokenizer.UNICODE61, true);
        }
        damage("update holdfast_state set keys_indexed = false");

        assertThat(examine(Doctor.Verdict.FAULTY))
                .anyMatch(line -> line.startsWith("fault: kv: writers are not told that there are full-text indexes"));
    }

    @Test
    void findsAnIndexThatWasNeverFinished() throws SQLException {
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.kv().set(Key.of("a"), 1);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update pg_index set indisvalid = false" + " where indexrelid = 'holdfast_kv_expiry'::regclass");
        }

        assertThat(examine(Doctor.Verdict.FAULTY))
                .contains("fault: engine: an index was never finished (index=holdfast_kv_expiry)");
    }
}
