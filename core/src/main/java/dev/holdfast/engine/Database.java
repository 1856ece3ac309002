package dev.holdfast.engine;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine with everything the rooms share: namespaces, versionstamps, the change log and its followers, the clock,
 * and the texts of their statements.
 *
 * <p>A call made on a thread that is inside a transaction of this database joins that transaction: work submitted from
 * within a unit could otherwise wait for itself for ever.
 */
public final class Database implements AutoCloseable {
    private final @Nullable Database outer;
    private final Engine engine;
    private final Tables tables;
    private final TimeSource time;
    private final Namespaces namespaces;
    private final Versionstamps versionstamps;
    private final ChangeLog.Statements changeStatements;
    private final ChangeFeed feed;
    private final AtomicLong renewals = new AtomicLong();
    private final ConcurrentHashMap<Class<?>, Object> shared = new ConcurrentHashMap<>();
    /** Held while something shared is made, which may ask for other shared things meanwhile; makers do no I/O. */
    private final ReentrantLock making = new ReentrantLock();

    @SuppressWarnings(
            "ThreadLocalUsage") // one per database: a thread may be inside transactions of two databases at once
    private final ThreadLocal<@Nullable StoreTx> current = new ThreadLocal<>();

    /** A database over an engine whose tables are in place. */
    public Database(Engine engine, Tables tables, TimeSource time) {
        this(engine, tables, time, List.of());
    }

    /**
     * The same.
     *
     * @param renewals statements that run, in their order and with the raise of versionstamps, when the database was
     *     put back to an earlier state; see {@link #renew}
     */
    public Database(Engine engine, Tables tables, TimeSource time, List<String> renewals) {
        this(engine, tables, time, true, null, renewals);
    }

    private Database(
            Engine engine,
            Tables tables,
            TimeSource time,
            boolean used,
            @Nullable Database outer,
            List<String> renewals) {
        this.outer = outer;
        this.engine = engine;
        this.tables = tables;
        this.time = time;
        this.namespaces = new Namespaces(engine, tables, time);
        this.versionstamps = new Versionstamps(engine.dialect(), tables, renewals);
        engine.ready(tables, unit -> used && versionstamps.check(unit, time.millis()));
        this.changeStatements = new ChangeLog.Statements(tables);
        this.feed = new ChangeFeed(this);
    }

    /**
     * A database that is only looked at: unlike one that is used, it does not put right what versionstamps are made
     * from.
     */
    public static Database untouched(Engine engine, Tables tables, TimeSource time) {
        return new Database(engine, tables, time, false, null, List.of());
    }

    /** The migrations of the tables that the engine layer itself keeps. */
    public static List<Migration> migrations() {
        return Migration.load("engine", Database.class, "001_engine");
    }

    /** A session of a namespace in which every operation is a transaction of its own. */
    public Session session(String namespace) {
        return new DatabaseSession(this, Namespaces.requireName(namespace), null, null);
    }

    /**
     * The same for the namespace that has this name now. Once it was deleted every operation is refused with
     * {@code namespace.gone}: nothing is read or written in the next one of its name, and none is made. While there is
     * none it is like any session.
     *
     * @throws InvalidInputException {@code namespace.gone}: it is being deleted
     */
    public Session present(String namespace) {
        int ns = namespaces.present(Namespaces.requireName(namespace));
        return new DatabaseSession(this, namespace, null, ns == 0 ? null : ns);
    }

    /**
     * A session inside a transaction that the caller has open on a connection: what it writes commits or rolls back
     * with the caller's own statements. See {@link JoinedEngine} for what is lost.
     *
     * <p>For {@link Tx#connection()} of this database it is that transaction itself, for as long as it is open. Any
     * other connection must reach the same database; on SQLite that is one to the same file.
     *
     * @param connection with auto-commit off
     * @throws InvalidInputException the connection is not in a transaction, or belongs to a transaction of another
     *     thread or store
     */
    public Session joined(Connection connection, String namespace) {
        Namespaces.requireName(namespace);
        StoreTx open = current.get();
        if (GuardedJdbc.isGuarded(connection) && open != null) {
            return requireSame(open, namespace);
        }
        return new Database(JoinedEngine.over(connection), tables, time, true, this, List.of()).session(namespace);
    }

    /**
     * Makes every versionstamp from now on greater than all that were handed out before, as far as the clock and the
     * stored data tell: for restore and import, after which the database may be older than what its users have seen.
     * Waits for the transactions that have a versionstamp, and is committed when it returns; on PostgreSQL a
     * transaction that is running meanwhile may still get a number of the old base.
     *
     * @param above a versionstamp that the next ones must pass; 0 when none is known
     */
    public void raiseBase(long above) {
        requireOutside("versionstamps cannot be raised from inside a transaction");
        engine.write(UnitKind.OPERATION, unit -> versionstamps.raise(unit, above, time.millis()));
    }

    /**
     * The same for a database that was put back to an earlier state, so that what was handed out since is lost: rooms
     * whose numbers are no versionstamps go on behind theirs, too. A backup that is restored needs it, and a
     * PostgreSQL whose disk was set back; another server, or a standby that was promoted, is noticed without it. On
     * SQLite nobody else may use the database meanwhile.
     *
     * @param above a versionstamp that the next ones must pass; 0 when none is known
     */
    public void renew(long above) {
        requireOutside("a database cannot be renewed from inside a transaction");
        engine.write(UnitKind.OPERATION, unit -> {
            versionstamps.renew(unit);
            return versionstamps.raise(unit, above, time.millis());
        });
        renewals.incrementAndGet();
    }

    /** How often {@link #renew} was called on this object: what was remembered before must be read again. */
    public long renewed() {
        return renewals.get();
    }

    /**
     * Raises the base unless the next versionstamp is greater than {@code highest} anyway. A room calls it when it
     * opens, with the highest versionstamp that it stores: it costs one query.
     */
    public void ensureAbove(long highest) {
        if (engine.readOne(versionstamps::floor) <= highest) {
            raiseBase(highest);
        }
    }

    /**
     * A number above every versionstamp that a snapshot can hold: SQLite's next one, or PostgreSQL's for a transaction
     * that begins when the snapshot is taken.
     */
    public long versionstampHorizon(Sql snapshot) {
        return versionstamps.floor(snapshot);
    }

    /** The store's own database, when this one lives inside a transaction that a caller has open on a connection. */
    public Optional<Database> outer() {
        return Optional.ofNullable(outer);
    }

    /** The engine underneath. */
    public Engine engine() {
        return engine;
    }

    /** The SQL of the engine. */
    public Dialect dialect() {
        return engine.dialect();
    }

    /** The names of the tables. */
    public Tables tables() {
        return tables;
    }

    /** The store's clock. */
    public TimeSource time() {
        return time;
    }

    /** The tenants. */
    public Namespaces namespaces() {
        return namespaces;
    }

    /** Those who follow the change log. */
    public ChangeFeed feed() {
        return feed;
    }

    /** Something that a room makes once per store, such as the texts of its statements. */
    public <T> T shared(Class<T> type, Function<Database, T> make) {
        Object have = shared.get(type);
        return type.cast(have != null ? have : makeShared(type, make));
    }

    private Object makeShared(Class<?> type, Function<Database, ?> make) {
        making.lock();
        try {
            Object have = shared.get(type);
            if (have == null) {
                have = make.apply(this);
                shared.put(type, have);
            }
            return have;
        } finally {
            making.unlock();
        }
    }

    /**
     * Removes the old end of a namespace's change log, in bounded batches: changes beyond 100,000, and those that are
     * older than an age.
     *
     * @param age a change goes when it is between once and twice as old
     */
    public void pruneChanges(String namespace, Duration age) {
        shared(ChangePruner.class, ChangePruner::new).prune(session(namespace), age);
    }

    /** Stops following the change log and closes the engine. */
    @Override
    public void close() {
        feed.close();
        engine.close();
    }

    /**
     * Refuses what would wait for the transaction that is open on this thread.
     *
     * @param refusal what the caller is told
     * @throws InvalidInputException {@code engine.inside_transaction}
     */
    public void requireOutside(String refusal) {
        if (current.get() != null) {
            throw new InvalidInputException("engine.inside_transaction", refusal);
        }
    }

    /** Whether a transaction of this database is open on this thread. */
    public boolean isInside() {
        return current.get() != null;
    }

    Versionstamps versionstamps() {
        return versionstamps;
    }

    ChangeLog changeLog() {
        return new ChangeLog(changeStatements);
    }

    /** How many changes the log holds of a commit. */
    int changesOf(Sql sql, int ns, long versionstamp) {
        return sql.first(changeStatements.count, row -> row.getInt(1), ns, versionstamp)
                .orElseThrow();
    }

    /** The signal of a room in a namespace. */
    static String topic(int ns, String room) {
        return ns + "/" + room;
    }

    <R> R read(DatabaseSession session, Reading reading, Function<Tx, R> work) {
        StoreTx open = current.get();
        if (open != null) {
            return work.apply(requireSame(open, session.namespace()));
        }
        @Nullable Integer ns = session.ns();
        Namespaces.Entry entry =
                ns == null ? namespaces.forReading(session.namespace()) : namespaces.same(session.namespace(), ns);
        return reading.run(engine, u -> inside(new StoreTx(this, u, entry, StoreTx.Purpose.READ), work));
    }

    <R> R write(DatabaseSession session, @Nullable UnitKind kind, Function<Tx, R> work) {
        StoreTx open = current.get();
        if (open != null) {
            return requireSame(open, session.namespace()).write(kind == null ? UnitKind.OPERATION : kind, work);
        }
        @Nullable Long hot = session.hot();
        return hot == null
                ? writeAlone(session, kind, work)
                : engine.inTurn(hot, () -> writeAlone(session, kind, work));
    }

    /** How long a write waits for those before it of the same key; empty inside a transaction, where none waits. */
    Optional<Duration> turnLimit(long hot) {
        return current.get() == null ? engine.turnLimit(hot) : Optional.empty();
    }

    private <R> R writeAlone(DatabaseSession session, @Nullable UnitKind kind, Function<Tx, R> work) {
        @Nullable Integer ns = session.ns();
        Namespaces.Entry entry =
                ns == null ? namespaces.forWriting(session.namespace()) : namespaces.same(session.namespace(), ns);
        Attempt<R> last = new Attempt<>(this, entry, StoreTx.Purpose.of(kind), work);
        R result = kind == null && !entry.limited()
                ? engine.writeOne(last)
                : engine.write(kind == null ? UnitKind.OPERATION : kind, last);
        if (!engine.joined()) {
            last.tx().committed();
        }
        return result;
    }

    private <R> R inside(StoreTx tx, Function<Tx, R> work) {
        current.set(tx);
        try {
            return work.apply(tx);
        } finally {
            current.remove();
            tx.end();
        }
    }

    private static StoreTx requireSame(StoreTx open, String namespace) {
        if (!open.namespace().equals(namespace)) {
            throw new InvalidInputException(
                    "engine.other_namespace",
                    "one transaction lives in one namespace (open=" + open.namespace() + ", asked=" + namespace + ")");
        }
        return open;
    }

    /** One of the engine's ways to read. */
    @FunctionalInterface
    interface Reading {
        <R> R run(Engine engine, Work<R> work);
    }

    /** A work of the engine that remembers its last run, the one that was committed. */
    private static final class Attempt<R> implements Work<R> {
        private final Database database;
        private final Namespaces.Entry namespace;
        private final StoreTx.Purpose purpose;
        private final Function<Tx, R> work;
        private @Nullable StoreTx tx;

        Attempt(Database database, Namespaces.Entry namespace, StoreTx.Purpose purpose, Function<Tx, R> work) {
            this.database = database;
            this.namespace = namespace;
            this.purpose = purpose;
            this.work = work;
        }

        @Override
        public R run(Unit unit) {
            StoreTx attempt = new StoreTx(database, unit, namespace, purpose);
            tx = attempt;
            R result = database.inside(attempt, work);
            attempt.complete();
            return result;
        }

        StoreTx tx() {
            if (tx == null) {
                throw new IllegalStateException("the engine returned without running the work");
            }
            return tx;
        }
    }
}
