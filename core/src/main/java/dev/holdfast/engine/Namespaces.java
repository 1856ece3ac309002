package dev.holdfast.engine;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tenants of a store: names, numbers, quotas.
 *
 * <p>The number of a name is remembered for a second, by every process for itself. Whoever deletes a namespace first
 * marks it ({@link #close}): from then on nobody remembers it anew. A second later, when all have forgotten it, the
 * name is taken from it ({@link #bury}). A write that remembers the old number began before that and counts as written
 * before the deletion; one that finds the mark waits for that moment and makes the namespace anew.
 */
public final class Namespaces {
    /** The namespace of everything that names none. */
    public static final String DEFAULT = "default";

    /** Characters in a name at most. */
    public static final int NAME_MAX = 128;

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/]{1," + NAME_MAX + "}");
    /** Names of deleted tenants start with a character that no name may hold. */
    private static final String TOMBSTONE = "\u0001";
    /** Names of tenants sort from here on. */
    private static final String FIRST_NAME = " ";

    /** How long a number is remembered, by the monotonic clock from before it was read. */
    static final long REMEMBER_MILLIS = 1_000;

    private static final long REMEMBER_NANOS = REMEMBER_MILLIS * 1_000_000;
    private static final int SHARDS = 16;
    /** The number of a namespace that does not exist; it holds nothing. */
    private static final int NOWHERE = 0;

    private final Engine engine;
    private final TimeSource time;
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final String find;
    private final String names;
    private final String insert;
    private final String sumUsage;
    private final String addUsage;
    private final String setQuota;
    private final String close;
    private final String bury;
    private final String buried;
    private final String deserted;
    private final String dropTombstones;
    private final NamespaceRows usageRows;

    Namespaces(Engine engine, Tables tables, TimeSource time) {
        this.engine = engine;
        this.time = time;
        this.find = tables.sql("select ns, quota_rows, quota_bytes, deleted_at from {p}namespaces where name = ?");
        this.names = tables.sql("select name from {p}namespaces where deleted_at is null order by name");
        this.insert = tables.sql("insert into {p}namespaces (name, ns, created_at, changes_floor)"
                + " select ?, max(ns) + 1, ?, 0 from {p}namespaces where true on conflict (name) do nothing");
        this.sumUsage = tables.sql(
                "select coalesce(sum(row_count), 0), coalesce(sum(byte_count), 0) from {p}usage where ns = ?");
        this.addUsage = tables.sql("insert into {p}usage as u (ns, shard, row_count, byte_count) values (?, ?, ?, ?)"
                + " on conflict (ns, shard) do update set row_count = u.row_count + excluded.row_count,"
                + " byte_count = u.byte_count + excluded.byte_count");
        this.setQuota = tables.sql("update {p}namespaces set quota_rows = ?, quota_bytes = ? where ns = ?");
        this.close = tables.sql("update {p}namespaces set deleted_at = ? where ns = ? and deleted_at is null");
        this.bury = tables.sql("update {p}namespaces set name = ? where ns = ?");
        this.buried = tables.sql("select ns from {p}namespaces where deleted_at is not null and name < '" + FIRST_NAME
                + "' order by ns");
        this.deserted = tables.sql(
                "select ns from {p}namespaces where deleted_at < ? and name >= '" + FIRST_NAME + "' order by ns");
        // The highest number stays, so that the next one is higher still.
        this.dropTombstones = tables.sql("delete from {p}namespaces where deleted_at < ? and name < '" + FIRST_NAME
                + "' and ns < (select max(ns) from {p}namespaces)");
        this.usageRows = new NamespaceRows(tables, "usage", "shard");
    }

    /** The names in use, sorted by code point. */
    public List<String> list() {
        return engine.read(unit -> unit.list(names, row -> row.getString(1)));
    }

    /** Whether a tenant can have this name; those of deleted ones are none. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Checks a name: 1 to 128 characters, none of them a control character or a slash. */
    public static String requireName(String name) {
        if (!isName(name)) {
            throw new InvalidInputException(
                    "namespace.name",
                    "a namespace's name has 1 to " + NAME_MAX
                            + " characters without control characters and slashes (length=" + name.length() + ")");
        }
        return name;
    }

    /** The entry for reading: a namespace that nobody has written to, or that is being deleted, has the number 0. */
    Entry forReading(String name) {
        Entry entry = current(name);
        return entry.closing ? entry.gone() : entry;
    }

    /**
     * The entry for writing, made when it is missing. One that is being deleted is waited for: whoever deletes it may
     * have died, so its name is freed here as well.
     */
    Entry forWriting(String name) {
        Entry entry = current(name);
        if (entry.closing) {
            waitUntilForgotten();
            int ns = entry.ns;
            engine.write(UnitKind.DECISION, unit -> bury(unit, ns));
        } else if (entry.ns != NOWHERE) {
            return entry;
        }
        // Remembered after the commit: one that failed or ran again leaves no number behind that nobody has.
        return remember(engine.write(UnitKind.DECISION, unit -> {
            unit.exec(insert, name, time.millis());
            return load(unit, name);
        }));
    }

    /**
     * The number of a namespace for one who means this one and no later one of its name; 0 when there is none yet.
     *
     * @throws InvalidInputException {@code namespace.gone}: it is being deleted
     */
    int present(String name) {
        Entry entry = current(name);
        if (entry.closing) {
            throw gone(name);
        }
        return entry.ns;
    }

    /**
     * The entry of the namespace that had a number.
     *
     * @throws InvalidInputException {@code namespace.gone}: it was deleted
     */
    Entry same(String name, int ns) {
        Entry entry = forReading(name);
        if (entry.ns != ns) {
            throw gone(name);
        }
        return entry;
    }

    private static InvalidInputException gone(String name) {
        return new InvalidInputException("namespace.gone", "the namespace was deleted (namespace=" + name + ")");
    }

    private Entry current(String name) {
        Entry entry = remembered(name);
        return entry == null ? remember(engine.readOne(unit -> load(unit, name))) : entry;
    }

    /** Sets the limits of a namespace, and starts or stops its counters at what it holds now. */
    void setQuota(Sql sql, int ns, NamespaceQuota quota, NamespaceUsage used) {
        sql.exec(setQuota, boxed(quota.rowsMax()), boxed(quota.bytesMax()), ns);
        usageRows.clear(sql, ns, SHARDS);
        if (quota.isLimited()) {
            sql.exec(addUsage, ns, 0, used.rows(), used.bytes());
        }
    }

    /** Begins a deletion: nobody remembers the name from now on. Answers its number, 0 when there is none. */
    int close(Unit unit, String name) {
        int ns = load(unit, name).ns;
        if (ns != NOWHERE) {
            unit.exec(close, time.millis(), ns);
        }
        return ns;
    }

    /** Frees the name of a namespace that was marked {@link #REMEMBER_MILLIS} ago or earlier. */
    int bury(Unit unit, int ns) {
        return unit.exec(bury, TOMBSTONE + ns, ns);
    }

    /** Waits until everybody has forgotten a number that nobody may remember any more. */
    void waitUntilForgotten() {
        time.pause(REMEMBER_MILLIS);
    }

    /** The numbers of deleted namespaces that late writers may still use. */
    List<Integer> buried() {
        return numbers(buried);
    }

    /** The numbers of those whose deletion began before a time and did not come to its end. */
    List<Integer> deserted(long beforeMillis) {
        return numbers(deserted, beforeMillis);
    }

    private List<Integer> numbers(String sql, Object... args) {
        return engine.readOne(unit -> unit.list(sql, row -> row.getInt(1), args));
    }

    /** Forgets the namespaces that were deleted before a time; their rows are gone by then. */
    void dropTombstones(long beforeMillis) {
        if (!buried().isEmpty()) {
            engine.write(UnitKind.DECISION, unit -> unit.exec(dropTombstones, beforeMillis));
        }
    }

    /** Forgets what is remembered of a name that was changed. */
    void forget(String name) {
        entries.remove(name);
    }

    /** Adds to what a namespace uses; its shards keep writers apart. Refused when a quota would be passed. */
    void use(Unit unit, Entry namespace, long rows, long bytes) {
        if (!namespace.limited()) {
            return;
        }
        addUsage(unit, namespace, rows, bytes);
        if (rows > 0 || bytes > 0) {
            NamespaceUsage used = usage(unit, namespace.ns);
            check(namespace, rows, "rows", used.rows(), namespace.quota.rowsMax());
            check(namespace, bytes, "bytes", used.bytes(), namespace.quota.bytesMax());
        }
    }

    /** Adds to what a namespace uses, whatever its quota. */
    void recount(Unit unit, Entry namespace, NamespaceUsage change) {
        if (namespace.limited()) {
            addUsage(unit, namespace, change.rows(), change.bytes());
        }
    }

    private void addUsage(Unit unit, Entry namespace, long rows, long bytes) {
        unit.exec(addUsage, namespace.ns, ThreadLocalRandom.current().nextInt(SHARDS), rows, bytes);
    }

    /** What the counters of a namespace say; zeros for one without a quota. */
    NamespaceUsage usage(Sql sql, int ns) {
        return sql.first(sumUsage, row -> new NamespaceUsage(row.getLong(1), row.getLong(2)), ns)
                .orElseThrow();
    }

    private static void check(Entry namespace, long added, String what, long used, OptionalLong limit) {
        if (added > 0 && limit.isPresent() && used > limit.getAsLong()) {
            throw new InvalidInputException(
                    "namespace.quota",
                    "the namespace would pass its quota (namespace=" + namespace.name + ", " + what + "=" + used + ", "
                            + what + "Max=" + limit.getAsLong() + ")");
        }
    }

    private @Nullable Entry remembered(String name) {
        Entry entry = entries.get(name);
        return entry != null && time.nanos() - entry.loadedAt < REMEMBER_NANOS ? entry : null;
    }

    /** Remembers an entry, unless there is no such namespace, which anybody may change, or soon will be none. */
    private Entry remember(Entry entry) {
        if (entry.ns != NOWHERE && !entry.closing) {
            entries.put(entry.name, entry);
        }
        return entry;
    }

    /** The entry of a name as it is now. */
    Entry load(Sql unit, String name) {
        long now = time.nanos();
        return unit.first(
                        find,
                        row -> new Entry(
                                name,
                                row.getInt(1),
                                new NamespaceQuota(
                                        optional(row.getLong(2), row.wasNull()),
                                        optional(row.getLong(3), row.wasNull())),
                                row.getObject(4) != null,
                                now),
                        name)
                .orElseGet(() -> new Entry(name, NOWHERE, NamespaceQuota.none(), false, now));
    }

    private static OptionalLong optional(long value, boolean wasNull) {
        return wasNull ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }

    /**
     * A namespace as remembered.
     *
     * @param closing it is being deleted
     * @param loadedAt by the monotonic clock, in nanoseconds
     */
    record Entry(String name, int ns, NamespaceQuota quota, boolean closing, long loadedAt) {
        boolean limited() {
            return quota.isLimited();
        }

        private Entry gone() {
            return new Entry(name, NOWHERE, NamespaceQuota.none(), false, loadedAt);
        }
    }
}
