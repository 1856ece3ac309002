package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceRows;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What all streams of one store share: statements, limits, those who follow them. Safe for use by many threads. */
public final class StreamRoom implements NamespaceRoom {
    /** The name of the room in signals and in the ledger of migrations. */
    public static final String NAME = "stream";

    private final Database database;
    private final StreamSql sql;
    private final StreamDataSql data;
    private final StreamReader reader;
    private final @Nullable StreamHeads heads;
    private final StreamHub hub;
    private final StreamWriter writer;
    private final StreamCombiner combiner;
    private final StreamSweeper sweeper;
    private final StreamTrimmer trimmer;
    private final StreamCompactor compactor;
    private final StreamSealer sealer;
    private final SubscriptionSql subscriptionSql;
    private final SubscriptionLinks links;
    private final SubscriptionKeys subscriptionKeys;
    private final SubscriptionWriter subscriptions;
    private final SubscriptionWakes wakes;
    private final List<NamespaceRows> rows;
    /** Who is told in this process that a subscription was made. */
    private final List<Runnable> whenSubscribed = new CopyOnWriteArrayList<>();

    private volatile StreamLimits limits;
    private volatile @Nullable Long identity;

    private StreamRoom(Database database) {
        this.database = database;
        this.sql = new StreamSql(database);
        this.data = new StreamDataSql(database);
        this.reader = new StreamReader(sql, data);
        boolean remembers =
                database.dialect() == Dialect.SQLITE && database.outer().isEmpty();
        this.heads = remembers ? new StreamHeads(sql) : null;
        this.hub = database.outer().map(store -> of(store).hub).orElseGet(() -> new StreamHub(database, sql, reader));
        this.sealer = database.outer()
                .map(store -> of(store).sealer)
                .orElseGet(() -> new StreamSealer(this, new StreamSealSql(database)));
        this.links = new SubscriptionLinks(database);
        this.writer = new StreamWriter(this);
        this.combiner = new StreamCombiner(this);
        this.subscriptionSql = new SubscriptionSql(database);
        this.subscriptionKeys = new SubscriptionKeys(database);
        this.subscriptions = new SubscriptionWriter(this, subscriptionSql, links, subscriptionKeys);
        this.wakes = new SubscriptionWakes(this, subscriptionSql, links, new SubscriptionTokens(subscriptionKeys));
        this.sweeper = new StreamSweeper(database, this);
        this.trimmer = new StreamTrimmer(this, database.tables());
        this.compactor = new StreamCompactor(this, trimmer.sql());
        Tables tables = database.tables();
        this.rows = List.of(
                new NamespaceRows(tables, "stream_data", "stream, start"),
                new NamespaceRows(tables, "stream_producers", "stream, producer"),
                new NamespaceRows(tables, "stream_garbage", "stream"),
                new NamespaceRows(tables, "stream_marks", "stream, tail"),
                new NamespaceRows(tables, "stream_retention", "stream"),
                new NamespaceRows(tables, "stream_links", "subscription, path"),
                new NamespaceRows(tables, "stream_subscriptions", "id"),
                new NamespaceRows(tables, "stream_link_turns", "turn"),
                new NamespaceRows(tables, "stream_keys", "purpose"),
                new NamespaceRows(tables, "streams", "name"));
        this.limits = database.outer().map(store -> of(store).limits()).orElseGet(StreamLimits::defaults);
    }

    /** The room of a store. */
    public static StreamRoom of(Database database) {
        return database.shared(StreamRoom.class, StreamRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(
                NAME,
                StreamRoom.class,
                "001_stream",
                "002_subscription",
                "003_retention",
                "004_generation",
                "005_sealing",
                "006_tails");
    }

    /**
     * Makes the generation of the store's offsets this one at least, see {@link StreamOffset}; it is durable when this
     * returns. For a store that takes the place of another one whose generation is known.
     *
     * @param generation 0 or more
     */
    public void reach(long generation) {
        database.engine().write(UnitKind.OPERATION, unit -> {
            sql.reach(unit, generation);
            return generation;
        });
    }

    /**
     * A number that tells this store from all others, also from one that was made anew in its place; copies and backups
     * have the same. It does not change, and is asked of the database once.
     */
    public long identity() {
        Long known = identity;
        if (known == null) {
            known = database.engine().readOne(sql::identity);
            identity = known;
        }
        return known;
    }

    /** The statements about streams that {@link Database#renew} runs, in their order. */
    public static List<String> renewals(Tables tables) {
        return StreamSql.renewals(tables);
    }

    /**
     * Sets what callers of this process may ask for at most, for calls that begin from now on. It is not stored: what
     * is larger already stays readable, and another process has limits of its own.
     */
    public void limits(StreamLimits value) {
        limits = Objects.requireNonNull(value, "limits");
    }

    /** What callers of this process may ask for at most. */
    public StreamLimits limits() {
        return limits;
    }

    /**
     * Sets about how many bytes of small appends the background puts together into one row, 128 KiB unless set, for
     * what it does from now on. Larger ones are read faster, and hold back a little more of what is trimmed.
     *
     * @param bytes 64 bytes to 1 MiB
     * @throws InvalidInputException {@code stream.segment_bytes}
     */
    public void segmentBytes(int bytes) {
        sealer.segmentBytes(bytes);
    }

    /**
     * Removes streams whose time has passed, what removed streams and subscriptions still hold, and what other streams
     * are not to keep, in bounded batches that share commits with other operations. Makes the snapshots that are due,
     * and puts small appends together.
     *
     * @return how many streams
     */
    public long sweep(String namespace) {
        return sweeper.sweep(namespace);
    }

    /**
     * Does for one stream what {@link #sweep(String)} does for all: removes what it is not to keep, in bounded batches
     * that share commits with other operations, and makes the snapshot that is due.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    public void sweep(String namespace, String stream) {
        sweeper.sweep(namespace, stream);
    }

    /**
     * Puts all small appends of a stream together that fill a segment, in bounded batches that share commits with other
     * operations. The background does the same in time; this is for a stream that was just filled.
     *
     * @throws StreamException {@link StreamException.Reason#NOT_FOUND}, {@link StreamException.Reason#DELETED}
     */
    public void seal(String namespace, String stream) {
        Session session = database.session(namespace);
        sealer.seal(session, sweeper.alive(session, stream));
    }

    /** Bytes of the last appends that are kept in memory for those who follow streams in this process. */
    public long followedBytes() {
        return hub.held();
    }

    /** Removes some streams whose time has passed; answers how many. */
    long expire(Session session) {
        return sweeper.expire(session);
    }

    @Override
    public NamespaceUsage usage(Tx tx) {
        return sql.usage(tx, tx.ns());
    }

    @Override
    public int clear(Sql target, int ns, int rowsMax) {
        hub.removed(ns);
        sealer.removed(ns);
        return rows.stream().mapToInt(table -> table.clear(target, ns, rowsMax)).sum();
    }

    StreamSql sql() {
        return sql;
    }

    StreamDataSql data() {
        return data;
    }

    StreamReader reader() {
        return reader;
    }

    StreamWriter writer() {
        return writer;
    }

    StreamCombiner combiner() {
        return combiner;
    }

    StreamTrimmer trimmer() {
        return trimmer;
    }

    StreamCompactor compactor() {
        return compactor;
    }

    StreamSealer sealer() {
        return sealer;
    }

    /** What the only writer of the database remembers; null where there are several. */
    @Nullable
    StreamHeads heads() {
        return heads;
    }

    /** Where a transaction that writes finds streams. */
    StreamState state(Tx tx) {
        return StreamState.of(tx, this);
    }

    StreamHub hub() {
        return hub;
    }

    /** Calls somebody after each subscription that is made in this process. */
    void whenSubscribed(Runnable told) {
        whenSubscribed.add(told);
    }

    /** Calls somebody no more. */
    void notSubscribed(Runnable told) {
        whenSubscribed.remove(told);
    }

    /** A subscription was made. */
    void subscribed() {
        whenSubscribed.forEach(Runnable::run);
    }

    SubscriptionSql subscriptionSql() {
        return subscriptionSql;
    }

    SubscriptionLinks links() {
        return links;
    }

    SubscriptionKeys subscriptionKeys() {
        return subscriptionKeys;
    }

    SubscriptionWriter subscriptions() {
        return subscriptions;
    }

    SubscriptionWakes wakes() {
        return wakes;
    }
}
