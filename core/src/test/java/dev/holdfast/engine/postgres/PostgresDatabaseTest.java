package dev.holdfast.engine.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.engine.DatabaseContract;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresDatabaseTest {
    @Nested
    class WithPoolsOfItsOwn extends DatabaseContract {
        @Override
        protected Engine open() {
            return PostgresEngine.open(PostgresServer.freshUrl(), PostgresOptions.defaults(), TimeSource.system());
        }
    }

    @Nested
    class WithoutNotifications extends DatabaseContract {
        @Override
        protected Engine open() {
            return PostgresEngine.open(
                    PostgresServer.freshUrl(),
                    PostgresOptions.defaults().withNotifications(false),
                    TimeSource.system());
        }
    }

    /** A pool that hands its connections out in any state that is allowed. */
    @Nested
    @ParameterizedClass
    @CsvSource({"true, TRANSACTION_READ_COMMITTED", "false, TRANSACTION_SERIALIZABLE"})
    class OverADataSource extends DatabaseContract {
        @Parameter(0)
        boolean autoCommit;

        @Parameter(1)
        String isolation = "";

        private final HikariDataSource source = new HikariDataSource();

        @Override
        protected Engine open() {
            source.setJdbcUrl(PostgresServer.freshUrl());
            source.setAutoCommit(autoCommit);
            source.setTransactionIsolation(isolation);
            return PostgresEngine.over(source, PostgresOptions.defaults(), TimeSource.system());
        }

        @AfterEach
        void closeSource() {
            source.close();
        }
    }
}
