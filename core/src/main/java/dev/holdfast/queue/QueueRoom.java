package dev.holdfast.queue;

import dev.holdfast.codec.UuidV7;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceRows;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all queues of one store share: statements, what is remembered of each queue, those who are woken. Safe for use
 * by many threads.
 *
 * <p>{@code starting} guards the registration for signals.
 */
public final class QueueRoom implements NamespaceRoom {
    /** The name of the room in signals and in the ledger of migrations. */
    public static final String NAME = "queue";

    private static final int MEMORIES_MAX = 10_000;
    /** At the end of what signals say when ordering keys are to be looked at. */
    private static final String ORDER = "/order";

    private final Database database;
    private final QueueSql sql;
    private final QueueClaimSql claims;
    private final QueueTender tender;
    private final QueueOrder order;
    private final QueueFlowSql flows;
    private final QueueDeadLetters deadLetters;
    private final UuidV7 ids;
    private final List<NamespaceRows> rows;
    private final ConcurrentHashMap<Place, QueueMemory> memories = new ConcurrentHashMap<>();
    /** The queues that somebody follows, by the signals that are about them. */
    private final ConcurrentHashMap<String, CopyOnWriteArrayList<QueueMemory>> followed = new ConcurrentHashMap<>();
    /** Who is told in this process that a job was settled in a transaction. */
    private final CopyOnWriteArrayList<Consumer<JobClaim>> whenSettled = new CopyOnWriteArrayList<>();

    private final CopyOnWriteArrayList<QueueListener> listeners = new CopyOnWriteArrayList<>();
    private volatile RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    private final ReentrantLock starting = new ReentrantLock();
    private Signals.@Nullable Registration signals;

    private QueueRoom(Database database) {
        this.database = database;
        this.sql = new QueueSql(database);
        this.claims = new QueueClaimSql(database);
        this.tender = new QueueTender(this);
        this.flows = new QueueFlowSql(database);
        this.deadLetters = new QueueDeadLetters(this);
        this.order = new QueueOrder(this, database);
        this.ids = new UuidV7(database.time()::millis);
        this.rows = List.of(
                new NamespaceRows(database.tables(), "queue_jobs", "id"),
                new NamespaceRows(database.tables(), "queue_turns", "queue, id"),
                new NamespaceRows(database.tables(), "queues", "name"));
    }

    /** The room of a store. */
    public static QueueRoom of(Database database) {
        return database.shared(QueueRoom.class, QueueRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(NAME, QueueRoom.class, "001_queue", "002_order", "003_flow", "004_letters");
    }

    /**
     * Makes ready what has fallen due, and exhausts the jobs whose last lease has run out, in all queues of a
     * namespace, in bounded batches that share commits with other operations. Whoever claims from a queue does the same
     * for it.
     *
     * @return how many jobs that were, and how many ordering keys were looked at
     */
    public long sweep(String namespace) {
        Session session = database.session(namespace);
        long tended = 0;
        for (String queue : session.read(tx -> claims.queuesDue(tx, tx.ns(), tx.now()))) {
            int some;
            do {
                some = session.write(
                        UnitKind.OPERATION, tx -> tender.some(tx, queue).count());
                tended += some;
            } while (some > 0);
        }
        return tended;
    }

    /** Closes the listeners that are open, which give back what they hold; before the store is closed. */
    public void stop() {
        listeners.forEach(QueueListener::close);
    }

    @Override
    public NamespaceUsage usage(Tx tx) {
        return sql.usage(tx, tx.ns());
    }

    @Override
    public int clear(Sql target, int ns, int rowsMax) {
        memories.keySet().removeIf(place -> place.ns == ns);
        return rows.stream().mapToInt(table -> table.clear(target, ns, rowsMax)).sum();
    }

    QueueSql sql() {
        return sql;
    }

    QueueClaimSql claims() {
        return claims;
    }

    QueueTender tender() {
        return tender;
    }

    /** Decides what is left to chance. */
    RandomGenerator random() {
        return random;
    }

    /** Has another one decide, such as a seeded one in a test. */
    void random(RandomGenerator other) {
        random = other;
    }

    QueueFlowSql flows() {
        return flows;
    }

    QueueDeadLetters deadLetters() {
        return deadLetters;
    }

    QueueOrder order() {
        return order;
    }

    byte[] newId() {
        return JobIds.bytes(ids.next());
    }

    /** What is remembered of a queue. */
    QueueMemory memory(int ns, String queue) {
        if (memories.size() > MEMORIES_MAX) {
            memories.values().removeIf(QueueMemory::isAlone);
        }
        return memories.computeIfAbsent(new Place(ns, queue), place -> new QueueMemory(database.time()));
    }

    /** Wakes, after the commit of a transaction, those who follow a queue, here and elsewhere. */
    void touch(Tx tx, String queue) {
        tx.touched(what(queue));
    }

    /** Lets those who follow a queue, here and elsewhere, look at its ordering keys after the commit. */
    void touchOrder(Tx tx, String queue) {
        tx.touched(what(queue) + ORDER);
        QueueMemory memory = memory(tx.ns(), queue);
        long now = tx.now();
        tx.afterCommit(() -> memory.expect(now));
    }

    /** Rings the bell for all that may be told about a queue from now on. */
    QueueFollower follow(int ns, String queue, Runnable wake) {
        listen();
        QueueMemory memory = memory(ns, queue);
        QueueBell bell = new QueueBell(memory, database.time(), wake);
        String topic = ns + "/" + what(queue);
        followed.compute(topic, (key, have) -> {
            CopyOnWriteArrayList<QueueMemory> all = have == null ? new CopyOnWriteArrayList<>() : have;
            all.addIfAbsent(memory);
            memory.add(bell);
            return all;
        });
        bell.set();
        return () -> {
            bell.close();
            followed.computeIfPresent(topic, (key, all) -> {
                if (memory.isAlone()) {
                    all.remove(memory);
                }
                return all.isEmpty() ? null : all;
            });
        };
    }

    /** Calls somebody after each commit that settled a job in a transaction of this process. */
    void whenSettled(Consumer<JobClaim> told) {
        whenSettled.add(told);
    }

    /** Calls somebody no more. */
    void notSettled(Consumer<JobClaim> told) {
        whenSettled.remove(told);
    }

    /** A job was settled in a transaction that is committed. */
    void settled(JobClaim claim) {
        whenSettled.forEach(told -> told.accept(claim));
    }

    /** A listener was opened. */
    void opened(QueueListener listener) {
        listeners.add(listener);
    }

    /** A listener was closed. */
    void closed(QueueListener listener) {
        listeners.remove(listener);
    }

    /** What signals say of a queue: no name is part of them. */
    private static String what(String queue) {
        return NAME + "/" + Integer.toHexString(queue.hashCode());
    }

    private void listen() {
        starting.lock();
        try {
            if (signals == null) {
                signals = database.engine().signals().listen(this::hint);
            }
        } finally {
            starting.unlock();
        }
    }

    private void hint(String topic) {
        if (topic.equals(Signals.ANYTHING)) {
            followed.values().forEach(all -> all.forEach(claims.isPostgres() ? this::lookAgain : QueueMemory::ring));
            return;
        }
        boolean order = topic.endsWith(ORDER);
        List<QueueMemory> all = followed.get(order ? topic.substring(0, topic.length() - ORDER.length()) : topic);
        if (all != null) {
            all.forEach(order ? this::lookAgain : QueueMemory::ring);
        }
    }

    private void lookAgain(QueueMemory memory) {
        memory.expect(database.time().millis());
    }

    /** Which queue: the number of its namespace, and its name. */
    private record Place(int ns, String queue) {}
}
