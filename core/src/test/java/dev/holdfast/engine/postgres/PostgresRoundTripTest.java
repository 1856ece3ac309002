package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The costs that the documentation states. */
class PostgresRoundTripTest {
    private static final PostgresOptions QUIET = PostgresOptions.defaults().withNotifications(false);

    private final PostgresProxy proxy;
    private final PostgresStore store;
    private final String url;

    PostgresRoundTripTest() throws IOException {
        proxy = new PostgresProxy();
        url = proxy.through(PostgresServer.freshUrl());
        store = new PostgresStore(url, QUIET.withOperations(1).withDecisions(1));
    }

    @BeforeEach
    void warmUp() {
        store.exec("create table t (k integer primary key)");
        for (int i = 0; i < 4; i++) {
            int k = -i - 1;
            store.session.write(UnitKind.DECISION, tx -> tx.exec("insert into t values (?)", k));
            store.session.read(PostgresRoundTripTest::count);
            store.session.writeOne(tx -> tx.whole("insert into t values (?) returning k", row -> 1, k + 100));
            store.session.readOne(PostgresRoundTripTest::count);
        }
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        proxy.close();
    }

    @Test
    void oneStatementIsOneRoundTrip() {
        assertThat(proxy.roundTrips(() -> store.session.readOne(PostgresRoundTripTest::count)))
                .isEqualTo(1);
        assertThat(proxy.roundTrips(
                        () -> store.session.writeOne(tx -> tx.whole("insert into t values (1) returning k", row -> 1))))
                .isEqualTo(1);
        assertThat(proxy.roundTrips(() -> store.session.writeOne(tx -> tx.exec("insert into t values (2)"))))
                .isEqualTo(2);
    }

    @Test
    void aReadIsItsStatementsAndTwoMore() {
        assertThat(proxy.roundTrips(() -> store.session.read(tx -> count(tx) + count(tx))))
                .isEqualTo(4);
    }

    /** A user's transaction says its level in a statement of its own, since its time limit may cancel at any moment. */
    @ParameterizedTest
    @EnumSource
    void aWriteIsItsStatementsAndTheCommit(UnitKind kind) {
        assertThat(proxy.roundTrips(() -> store.session.write(kind, tx -> {
                    tx.exec("insert into t values (1)");
                    return tx.exec("insert into t values (2)");
                })))
                .isEqualTo(kind == UnitKind.USER ? 4 : 3);
    }

    @Test
    void aLoggedChangeCostsItsVersionstampAndItsRow() {
        assertThat(proxy.roundTrips(() -> store.session.write(UnitKind.OPERATION, tx -> {
                    tx.exec("insert into t values (1)");
                    tx.changed("test", "", new byte[] {1}, Change.Kind.SET);
                    tx.changed("test", "", new byte[] {2}, Change.Kind.SET);
                    return tx;
                })))
                .isEqualTo(4);
    }

    @Test
    void aGivenDataSourcePaysForTheLevelOfDecisions() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        try (var given =
                new PostgresStore(PostgresEngine.over(pooled(source), QUIET, TimeSource.system()), Tables.defaults())) {
            given.session.write(UnitKind.OPERATION, PostgresRoundTripTest::count);

            assertThat(proxy.roundTrips(() -> given.session.write(UnitKind.OPERATION, PostgresRoundTripTest::count)))
                    .isEqualTo(2);
            assertThat(proxy.roundTrips(() -> given.session.write(UnitKind.DECISION, PostgresRoundTripTest::count)))
                    .isEqualTo(3);
        }
    }

    private static com.zaxxer.hikari.HikariDataSource pooled(PGSimpleDataSource source) {
        var config = new com.zaxxer.hikari.HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(1);
        return new com.zaxxer.hikari.HikariDataSource(config);
    }

    private static long count(Tx tx) {
        return tx.first("select count(*) from t", row -> row.getLong(1)).orElseThrow();
    }
}
