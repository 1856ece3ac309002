package dev.holdfast.engine.postgres;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.JdbcSql;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.SqlErrors;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Work;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in a PostgreSQL database, version 15 or newer, which any number of processes may share.
 *
 * <p>Units of kind {@link UnitKind#OPERATION} run READ COMMITTED; decisions and users' functions run SERIALIZABLE and
 * are run again when they lose against others, for up to {@code retryLimit}; reads see one snapshot and never wait. A
 * user's function has a time limit: when it passes, the transaction is rolled back and its connection freed, even if
 * the function is still running.
 *
 * <p>What a unit costs in round trips to the server, with connections of the engine's own: {@code readOne}, and
 * {@code writeOne} whose statement is {@link Unit#whole whole}, one; a write one for each statement and one for the
 * commit, since BEGIN travels with the first statement; a read one more, which sets its level. Over a
 * {@code DataSource} decisions and users' functions, too, pay one more for their level. A new connection costs four
 * more, once, to see whether the server is still the same.
 *
 * <p>The commit whose connection is lost may or may not have taken effect. Then a write throws
 * {@link dev.holdfast.engine.EngineException} with the code {@code engine.commit_unknown}, and is never run again by
 * itself.
 */
public final class PostgresEngine implements Engine {
    private static final int VERSION_MIN = 15;
    /** Limits go by the store's clock; what waits for a server and for other processes goes by the machine's. */
    private static final TimeSource WAITING = TimeSource.system();

    private final PostgresSource source;
    private final PostgresOptions options;
    private final TimeSource time;
    private final PostgresGate gate = new PostgresGate();
    private final PostgresRetry retry;
    private final PostgresTurns turns;
    private final PostgresVerifier verifier;
    private final PostgresSignals signals;
    private final AtomicReference<@Nullable Tables> ready = new AtomicReference<>();

    private PostgresEngine(PostgresSource source, PostgresOptions options, TimeSource time) {
        this.source = source;
        this.options = options;
        this.time = time;
        this.retry = new PostgresRetry(time, WAITING, options.retryLimit());
        this.turns = new PostgresTurns(options.turnLimit());
        this.verifier = new PostgresVerifier(WAITING);
        this.signals = new PostgresSignals(source, WAITING, options.notifications());
    }

    /**
     * Opens a database by its address, with connections of the engine's own: at most {@code operations + decisions},
     * and two for signals. Blocks until the server has answered.
     *
     * @param url {@code jdbc:postgresql://host:port/database?...} with the driver's properties, or
     *     {@code postgres://user:password@host:port/database?...} with libpq's; several hosts are written with commas.
     *     A pooler in transaction mode takes no settings for a session: open that with {@link #over}
     * @throws InvalidInputException the address or a property is wrong
     * @throws dev.holdfast.engine.EngineException the server cannot be reached or refuses the login
     * @throws SchemaException the server is older than version 15
     */
    public static PostgresEngine open(String url, PostgresOptions options, TimeSource time) {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(time, "time");
        return start(new PostgresPools(PostgresUrl.parse(url), options), options, time);
    }

    /**
     * Opens a database over connections of the caller, who keeps the source and closes it after the engine. No setting
     * of a session is changed. Each unit takes one connection for as long as it runs; one more is kept for LISTEN while
     * somebody listens and {@code notifications} is on, and one is borrowed for each NOTIFY.
     *
     * @throws dev.holdfast.engine.EngineException no connection can be had
     * @throws SchemaException the server is older than version 15
     */
    public static PostgresEngine over(DataSource dataSource, PostgresOptions options, TimeSource time) {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(time, "time");
        return start(new PostgresGiven(dataSource), options, time);
    }

    private static PostgresEngine start(PostgresSource source, PostgresOptions options, TimeSource time) {
        PostgresEngine engine = new PostgresEngine(source, options, time);
        try {
            engine.refuseUnfit();
            return engine;
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /**
     * Whether a text is written like the address of a database and not like the name of a file: it holds {@code ://},
     * or begins with {@code jdbc:}, {@code postgres:} or {@code postgresql:}. {@link #open} refuses those that are not
     * PostgreSQL's.
     */
    public static boolean isUrl(String text) {
        return PostgresUrl.isOne(text);
    }

    @Override
    public <R> R read(Work<R> work) {
        return gate.pass(() -> retry.run(() -> attempt(PostgresLevel.SNAPSHOT, work)));
    }

    @Override
    public <R> R readOne(Work<R> work) {
        return query(PostgresLevel.OPERATION, work);
    }

    @Override
    public <R> R scanOne(Work<R> work) {
        return query(PostgresLevel.SNAPSHOT, work);
    }

    /** A query is a snapshot by itself; the level says how long it may take. */
    private <R> R query(PostgresLevel level, Work<R> work) {
        return gate.pass(() -> retry.run(() -> {
            PostgresLoan loan = lend(level);
            JdbcSql sql = new JdbcSql(loan.connection(), false);
            try {
                return work.run(new PostgresQuery(sql));
            } catch (HoldfastException e) {
                throw PostgresErrors.isGone(e) ? new PostgresStale(e) : e;
            } finally {
                sql.closeCursors();
                loan.giveBack();
            }
        }));
    }

    @Override
    public <R> R write(Work<R> work) {
        return write(UnitKind.USER, work);
    }

    @Override
    public <R> R write(UnitKind kind, Work<R> work) {
        return gate.pass(() -> retry.run(() -> switch (kind) {
            case OPERATION -> attempt(PostgresLevel.OPERATION, work);
            case DECISION, ALONE -> attempt(PostgresLevel.DECISION, work);
            // It always says its level. The driver sends BEGIN and the first statement as two commands at once: a limit
            // that cancels the one lets the other run and commit by itself, so that one must do nothing.
            case USER ->
                new PostgresAttempt<R>(lend(PostgresLevel.DECISION), PostgresLevel.DECISION)
                        .run(true, work, time, options.transactionLimit());
        }));
    }

    @Override
    public <R> R writeOne(Work<R> work) {
        return gate.pass(() -> retry.run(() -> {
            try {
                return runOne(work);
            } catch (PostgresWhole.NeedsTransaction e) {
                return attempt(PostgresLevel.OPERATION, work);
            }
        }));
    }

    private <R> R runOne(Work<R> work) {
        PostgresLoan loan = lend(PostgresLevel.OPERATION);
        JdbcSql sql = new JdbcSql(loan.connection(), false);
        try {
            return work.run(new PostgresWhole(sql));
        } catch (HoldfastException e) {
            throw PostgresErrors.autoCommit(e);
        } finally {
            loan.giveBack();
        }
    }

    @Override
    public <R> R inTurn(long hot, Supplier<R> unit) {
        return turns.run(hot, unit);
    }

    @Override
    public Optional<Duration> turnLimit(long hot) {
        return turns.limit(hot);
    }

    @Override
    public void ready(Tables tables, Work<?> check) {
        Tables before = ready.getAndUpdate(now -> now == null ? tables : now);
        if (before != null && !before.equals(tables)) {
            throw new InvalidInputException(
                    "postgres.two_prefixes",
                    "an engine serves the tables of one prefix (open=" + before.prefix() + ", asked=" + tables.prefix()
                            + ")");
        }
        verifier.start(check);
        String channel = readOne(unit -> PostgresChannel.of(unit, tables));
        signals.start(channel);
    }

    @Override
    public void examine(Tables tables, Consumer<Finding> out) {
        PostgresIntegrity.examine(this, tables, out);
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRES;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    /**
     * Waits up to {@code turnLimit} for running units, then closes what the engine opened and refuses everything; may
     * be called again without effect.
     */
    @Override
    public void close() {
        if (gate.close(options.turnLimit())) {
            signals.close();
            source.close();
        }
    }

    private <R> R attempt(PostgresLevel level, Work<R> work) {
        return new PostgresAttempt<R>(lend(level), level).run(!source.begins(level), work);
    }

    private PostgresLoan lend(PostgresLevel level) {
        PostgresLoan loan = source.lend(level);
        try {
            verifier.verify(loan.connection());
            return loan;
        } catch (RuntimeException | Error e) {
            loan.discard();
            throw e;
        }
    }

    private void refuseUnfit() {
        borrow(PostgresLevel.OPERATION, connection -> {
            requireVersion(connection);
            return connection;
        });
        if (source.begins(PostgresLevel.DECISION)) {
            String level = borrow(
                    PostgresLevel.DECISION,
                    connection -> new JdbcSql(connection, false)
                            .first("show default_transaction_isolation", row -> row.getString(1))
                            .orElseThrow());
            if (!level.equals(PostgresLevel.DECISION.setting())) {
                throw new SchemaException(
                        "postgres.isolation",
                        "sessions do not take their isolation from the connection's options, as behind a "
                                + "pooler; open such a"
                                + " database over a DataSource (wanted=serializable, got=" + level + ")");
            }
        }
    }

    private <R> R borrow(PostgresLevel level, Function<Connection, R> use) {
        PostgresLoan loan = source.lend(level);
        try {
            return use.apply(loan.connection());
        } finally {
            loan.giveBack();
        }
    }

    private static void requireVersion(Connection connection) {
        try {
            DatabaseMetaData server = connection.getMetaData();
            if (server.getDatabaseMajorVersion() < VERSION_MIN) {
                throw new SchemaException(
                        "postgres.too_old",
                        "PostgreSQL " + VERSION_MIN + " or newer is needed (version="
                                + server.getDatabaseProductVersion() + ")");
            }
        } catch (SQLException e) {
            throw SqlErrors.of(e);
        }
    }
}
