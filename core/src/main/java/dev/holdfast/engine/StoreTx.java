package dev.holdfast.engine;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One transaction over a unit of the engine: gathers what must happen with the commit and after it. */
final class StoreTx implements Tx {
    private static final Logger LOG = LoggerFactory.getLogger(StoreTx.class);

    private final Database database;
    private final Unit unit;
    private final Namespaces.Entry namespace;
    private final Purpose purpose;
    private final List<Change> changes = new ArrayList<>(2);
    private @Nullable List<Runnable> hooks;
    private @Nullable List<Runnable> endings;
    private @Nullable Set<String> rooms;
    private long now = -1;
    private long versionstamp = -1;
    private int firstChange = -1;
    private long usedRows;
    private long usedBytes;
    private NamespaceUsage recounted = NamespaceUsage.NOTHING;
    /**
     * A statement failed, and no step around it was undone since: nothing more is done here and nothing is committed.
     */
    private boolean doomed;

    private volatile boolean over;

    StoreTx(Database database, Unit unit, Namespaces.Entry namespace, Purpose purpose) {
        this.database = database;
        this.unit = unit;
        this.namespace = namespace;
        this.purpose = purpose;
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public String namespace() {
        return namespace.name();
    }

    @Override
    public int ns() {
        return namespace.ns();
    }

    @Override
    public long now() {
        if (now < 0) {
            now = database.time().millis();
        }
        return now;
    }

    @Override
    public long versionstamp() {
        if (versionstamp < 0) {
            requireWritable();
            versionstamp = watched(() -> database.versionstamps().next(unit, now()));
        }
        return versionstamp;
    }

    @Override
    public Connection connection() {
        requireOpen();
        return unit.connection();
    }

    @Override
    public void afterCommit(Runnable hook) {
        requireWritable();
        if (hooks == null) {
            hooks = new ArrayList<>();
        }
        hooks.add(hook);
    }

    @Override
    public void atEnd(Runnable hook) {
        requireWritable();
        if (endings == null) {
            endings = new ArrayList<>(1);
        }
        endings.add(hook);
    }

    @Override
    public <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make) {
        requireWritable();
        return unit.atCommit(type, make);
    }

    @Override
    public <R> R nested(Supplier<R> step) {
        requireOpen();
        requireSound();
        int changesBefore = changes.size();
        int hooksBefore = hooks == null ? 0 : hooks.size();
        long rowsBefore = usedRows;
        long bytesBefore = usedBytes;
        NamespaceUsage recountedBefore = recounted;
        try {
            return unit.nested(() -> {
                R result = step.get();
                requireSound();
                return result;
            });
        } catch (Throwable e) {
            changes.subList(changesBefore, changes.size()).clear();
            if (hooks != null) {
                hooks.subList(hooksBefore, hooks.size()).clear();
            }
            usedRows = rowsBefore;
            usedBytes = bytesBefore;
            recounted = recountedBefore;
            doomed = false;
            throw e;
        }
    }

    @Override
    public void changed(String room, String scope, byte[] id, Change.Kind kind) {
        changes.add(new Change(versionstamp(), firstChange() + changes.size(), room, scope, id, kind));
        touched(room);
    }

    @Override
    public void touched(String room) {
        if (rooms == null) {
            rooms = new LinkedHashSet<>(2);
        }
        rooms.add(room);
    }

    @Override
    public void use(long rows, long bytes) {
        usedRows += rows;
        usedBytes += bytes;
    }

    @Override
    public void recount(long rows, long bytes) {
        recounted = recounted.plus(new NamespaceUsage(rows, bytes));
    }

    @Override
    public long epoch() {
        return unit.epoch();
    }

    @Override
    public boolean metered() {
        return namespace.limited();
    }

    @Override
    public boolean single() {
        return (purpose == Purpose.OPERATION || purpose == Purpose.ALONE)
                && !database.engine().joined();
    }

    @Override
    public boolean shared() {
        return purpose == Purpose.OPERATION
                && database.dialect() == Dialect.SQLITE
                && !database.engine().joined();
    }

    @Override
    public <R> R read(Function<Tx, R> work) {
        return work.apply(this);
    }

    @Override
    public <R> R readOne(Function<Tx, R> work) {
        return work.apply(this);
    }

    @Override
    public <R> R scan(Function<Tx, R> work) {
        return work.apply(this);
    }

    @Override
    public <R> R scanOne(Function<Tx, R> work) {
        return work.apply(this);
    }

    @Override
    public <R> R write(UnitKind kind, Function<Tx, R> work) {
        requireWritable();
        return kind == UnitKind.USER ? nested(() -> work.apply(this)) : work.apply(this);
    }

    @Override
    public <R> R writeOne(Function<Tx, R> work) {
        return write(UnitKind.OPERATION, work);
    }

    @Override
    public int exec(String sql, @Nullable Object... args) {
        return watched(() -> unit.exec(sql, args));
    }

    @Override
    public void execAll(String sql, List<@Nullable Object[]> rows) {
        watched(() -> {
            unit.execAll(sql, rows);
            return rows;
        });
    }

    @Override
    public <R> Stream<R> iterate(String sql, RowReader<R> reader, @Nullable Object... args) {
        return watched(() -> unit.iterate(sql, reader, args));
    }

    @Override
    public <R> Optional<R> first(String sql, RowReader<R> reader, @Nullable Object... args) {
        return watched(() -> unit.first(sql, reader, args));
    }

    @Override
    public <R> List<R> list(String sql, RowReader<R> reader, @Nullable Object... args) {
        return watched(() -> unit.list(sql, reader, args));
    }

    @Override
    public <R> Optional<R> whole(String sql, RowReader<R> reader, @Nullable Object... args) {
        return watched(() -> unit.whole(sql, reader, args));
    }

    /** The place of this unit's first change in its commit; not 0 when the caller's transaction had other units. */
    private int firstChange() {
        if (firstChange < 0) {
            firstChange = database.engine().joined() ? database.changesOf(unit, namespace.ns(), versionstamp()) : 0;
        }
        return firstChange;
    }

    /** The last act inside the transaction: writes what goes with the commit. */
    void complete() {
        requireSound();
        if (usedRows != 0 || usedBytes != 0) {
            database.namespaces().use(unit, namespace, usedRows, usedBytes);
        }
        if (!recounted.equals(NamespaceUsage.NOTHING)) {
            database.namespaces().recount(unit, namespace, recounted);
        }
        if (!changes.isEmpty()) {
            ChangeLog log = unit.atCommit(ChangeLog.class, database::changeLog);
            for (int i = 0; i < changes.size(); i++) {
                log.add(namespace.ns(), changes.get(i));
            }
        }
        if (endings != null) {
            endings.forEach(Runnable::run);
        }
    }

    /** Ends its use: the function that it was given to has returned. */
    void end() {
        over = true;
    }

    /** Tells the others, after the commit. */
    void committed() {
        if (rooms != null) {
            for (String room : rooms) {
                database.engine().signals().publish(Database.topic(namespace.ns(), room));
            }
        }
        if (hooks != null) {
            for (Runnable hook : hooks) {
                try {
                    hook.run();
                } catch (RuntimeException e) {
                    LOG.error("an after-commit hook failed; the commit stands", e);
                }
            }
        }
    }

    private void requireOpen() {
        if (over) {
            throw new ClosedException(
                    "engine.transaction_over", "the transaction ended with the function that it was given to");
        }
    }

    private void requireSound() {
        if (doomed) {
            throw new EngineException(
                    "engine.doomed",
                    "a statement failed in this transaction, so it can do nothing more and is rolled back; run what may"
                            + " fail in a nested step");
        }
    }

    private void requireWritable() {
        requireOpen();
        if (purpose == Purpose.READ) {
            throw new InvalidInputException(
                    "engine.read_only", "this transaction only reads; use transaction() to write");
        }
    }

    private <R> R watched(Supplier<R> statement) {
        requireOpen();
        requireSound();
        try {
            return statement.get();
        } catch (RuntimeException e) {
            doomed = true;
            throw e;
        }
    }

    /** What a transaction was begun for. */
    enum Purpose {
        /** Reading alone. */
        READ,
        /** One operation of a room. */
        OPERATION,
        /** One operation of a room in a turn of its own. */
        ALONE,
        /** A function of the user. */
        USER;

        /** What a write of a kind is begun for; without a kind it is an operation of one statement. */
        static Purpose of(@Nullable UnitKind kind) {
            return switch (kind) {
                case null -> OPERATION;
                case OPERATION, DECISION -> OPERATION;
                case ALONE -> ALONE;
                case USER -> USER;
            };
        }
    }
}
