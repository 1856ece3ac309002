package dev.holdfast.testkit.queue;

import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.queue.RetryPolicy;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.testkit.Contract;
import dev.holdfast.testkit.Store;
import dev.holdfast.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** A suite over queues: an empty store for each test, and a clock that stands still. */
public abstract class QueueSuite extends Contract {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration LEASE = Duration.ofSeconds(30);

    /** One attempt. */
    static final JobOptions ONCE = JobOptions.defaults().withRetry(RetryPolicy.delays());

    VirtualTime time = new VirtualTime();
    Store store;
    Queue queue;

    /** A suite over the stores of one engine, which must hold the tables of {@link #rooms()}. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected QueueSuite() {}

    /** What the stores of these suites are made of: queues, and keys and values beside them. */
    public static List<Migration> rooms() {
        return Stream.of(SearchRoom.migrations(), KvRoom.migrations(), QueueRoom.migrations())
                .flatMap(List::stream)
                .toList();
    }

    @BeforeEach
    void openStore() {
        time = new VirtualTime();
        store = stores().fresh(time);
        queue = Queue.in(store.session(), "mail");
    }

    Kv kv() {
        return Kv.in(store.session());
    }

    /** A transaction of a user, over this queue. */
    <R> R transaction(Function<Tx, R> work) {
        return store.session().write(UnitKind.USER, work);
    }

    Queue in(Tx tx) {
        return Queue.in(tx, queue.name());
    }

    long sweep() {
        return QueueRoom.of(store.database()).sweep(store.session().namespace());
    }

    /** Claims one job that must be there. */
    Job claim() {
        List<Job> jobs = queue.claim(1, LEASE);
        if (jobs.isEmpty()) {
            throw new AssertionError("no job is ready");
        }
        return jobs.getFirst();
    }

    /** The values of jobs as text. */
    static List<String> texts(List<Job> jobs) {
        return jobs.stream().map(job -> job.value().toString()).toList();
    }
}
