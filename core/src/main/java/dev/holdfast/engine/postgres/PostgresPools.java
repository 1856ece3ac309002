package dev.holdfast.engine.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Two pools of our own. Sessions differ in the isolation that their transactions begin with, because changing it costs
 * a round trip: READ COMMITTED for operations and reads, SERIALIZABLE for decisions and users.
 */
final class PostgresPools implements PostgresSource {
    /** The keys of what we say to the driver unless the caller says something else. */
    private static final Map<String, String> DRIVER_DEFAULTS = Map.of(
            "ApplicationName", "holdfast",
            "tcpKeepAlive", "true",
            // The second use of a statement on a connection prepares it on the server.
            "prepareThreshold", "2",
            // Errors that quote rows would carry values into logs.
            "logServerErrorDetail", "false");
    // Not reWriteBatchedInserts: it turns a batch of upserts into one statement, which PostgreSQL refuses when a key
    // comes twice (21000);
    // a batch travels in one round trip without it.

    private static final String OPTIONS = "options";
    private static final String SOCKET_TIMEOUT = "socketTimeout";
    /**
     * What a server may take for a statement of ours beyond the waits that have limits of their own: they are short, or
     * come in batches. Longer means that nobody will ever answer.
     */
    private static final Duration SILENCE = Duration.ofMinutes(5);
    /** The same for reads, of which a single statement may look at everything. */
    private static final Duration READ_SILENCE = Duration.ofHours(1);

    /** A server that starts, or has no room at this moment, is worth waiting for. */
    private static final Set<String> SOON = Set.of("57P03", "53300");

    private static final int FIRST_CONNECT_SECONDS = 3;
    private static final int FIRST_LOGIN_SECONDS = 5;
    private static final Duration IDLE_MIN = Duration.ofSeconds(60);

    private final PGSimpleDataSource signals;
    private final HikariDataSource operations;
    private final HikariDataSource decisions;
    private final boolean choosesSilence;

    /**
     * Pools that connect when somebody comes.
     *
     * @throws EngineException the server cannot be reached or refuses the login
     */
    PostgresPools(PostgresUrl url, PostgresOptions options) {
        String limits = limits(options);
        Duration silence = options.turnLimit().plus(SILENCE);
        this.choosesSilence = !says(url, options, SOCKET_TIMEOUT);
        this.signals = dataSource(url, options, "", silence);
        connectOnce(dataSource(url, options, "", silence));
        this.operations =
                pool("holdfast-operations", options.operations(), options, dataSource(url, options, limits, silence));
        this.decisions = pool(
                "holdfast-decisions",
                options.decisions(),
                options,
                dataSource(
                        url,
                        options,
                        limits + " -c default_transaction_isolation=serializable",
                        silence.plus(options.transactionLimit())));
    }

    @Override
    public PostgresLoan lend(PostgresLevel level) {
        try {
            return new PostgresLoan(
                    switch (level) {
                        case DECISION -> decisions.getConnection();
                        case OPERATION -> operations.getConnection();
                        case SNAPSHOT -> forReading();
                    });
        } catch (SQLException e) {
            throw PostgresErrors.noConnection(e);
        }
    }

    /** The pool sets the time back when it has the connection again. */
    private Connection forReading() throws SQLException {
        Connection connection = operations.getConnection();
        if (choosesSilence) {
            connection.setNetworkTimeout(Runnable::run, (int) READ_SILENCE.toMillis());
        }
        return connection;
    }

    @Override
    public boolean begins(PostgresLevel level) {
        return level != PostgresLevel.SNAPSHOT;
    }

    @Override
    public Connection forSignals() throws SQLException {
        Connection connection = signals.getConnection();
        connection.setNetworkTimeout(Runnable::run, SIGNAL_SILENCE_MILLIS);
        return connection;
    }

    @Override
    public boolean sparesSignals() {
        return true;
    }

    @Override
    public void close() {
        operations.close();
        decisions.close();
    }

    /**
     * Connects and lets go, so that a wrong address or password is told within seconds. A pool would try again and
     * again for as long as a unit may wait for its turn.
     */
    private static void connectOnce(PGSimpleDataSource source) {
        if (source.getLoginTimeout() == 0) { // The caller has not said how long a server may take.
            source.setConnectTimeout(FIRST_CONNECT_SECONDS);
            source.setLoginTimeout(FIRST_LOGIN_SECONDS * source.getServerNames().length);
        }
        try (Connection connection = source.getConnection()) {
            connection.clearWarnings();
        } catch (SQLException e) {
            if (e.getSQLState() == null || !SOON.contains(e.getSQLState())) {
                throw PostgresErrors.noConnection(e);
            }
        }
    }

    /**
     * What our sessions wait for at most; a transaction that idles beyond every limit belongs to a thread that is
     * stuck.
     */
    private static String limits(PostgresOptions options) {
        Duration idle = options.transactionLimit().multipliedBy(2);
        Duration atLeast = idle.compareTo(IDLE_MIN) < 0 ? IDLE_MIN : idle;
        return "-c lock_timeout=" + options.turnLimit().toMillis() + " -c idle_in_transaction_session_timeout="
                + atLeast.toMillis();
    }

    private static Properties inUrl(PostgresUrl url) {
        Properties inUrl = Driver.parseURL(url.jdbc(), null);
        if (inUrl == null) {
            throw new InvalidInputException(
                    "postgres.url",
                    "the driver does not understand the address (length="
                            + url.jdbc().length() + ")");
        }
        return inUrl;
    }

    /** Whether the caller has said something about a property of the driver. */
    private static boolean says(PostgresUrl url, PostgresOptions options, String name) {
        return options.properties().containsKey(name)
                || url.properties().containsKey(name)
                || inUrl(url).containsKey(name);
    }

    private static PGSimpleDataSource dataSource(
            PostgresUrl url, PostgresOptions options, String sessionOptions, Duration silence) {
        Properties inUrl = inUrl(url);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url.jdbc());
        Map<String, String> said = new TreeMap<>(url.properties());
        said.putAll(options.properties());
        DRIVER_DEFAULTS.forEach((name, value) -> {
            if (!inUrl.containsKey(name)) {
                said.putIfAbsent(name, value);
            }
        });
        if (!inUrl.containsKey(SOCKET_TIMEOUT)) {
            said.putIfAbsent(
                    SOCKET_TIMEOUT, Long.toString(silence.plusMillis(999).toSeconds()));
        }
        @Nullable String theirs = said.getOrDefault(OPTIONS, inUrl.getProperty(OPTIONS));
        said.put(OPTIONS, theirs == null ? sessionOptions : theirs + " " + sessionOptions);
        said.forEach((name, value) -> set(source, name, value));
        return source;
    }

    private static void set(PGSimpleDataSource source, String name, String value) {
        try {
            source.setProperty(name, value);
        } catch (SQLException e) {
            throw new InvalidInputException(
                    "postgres.property", "the driver does not take this property (name=" + name + ")", e);
        }
    }

    private static HikariDataSource pool(
            String name, int size, PostgresOptions options, PGSimpleDataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        if (size > 1) {
            config.setIdleTimeout(IDLE_MIN.toMillis());
        }
        config.setConnectionTimeout(options.turnLimit().toMillis());
        config.setInitializationFailTimeout(-1);
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new EngineException("postgres.pool", "the pool could not be made (pool=" + name + ")", e);
        }
    }
}
