package dev.holdfast.testkit.record;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.record.Payload;
import dev.holdfast.record.Payload.Kind;
import dev.holdfast.record.RecordCursor;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.ReplicaType;
import dev.holdfast.record.StoreMeta;
import dev.holdfast.record.StoreRecord;
import dev.holdfast.record.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A suite over one place, with an empty store for each test. A test that takes longer than a minute fails. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class RecordSuite {
    /** The metadata of most tests. */
    protected static final StoreMeta META = meta("00test");

    /** The place of the test. */
    protected RecordPlace place;

    /** The empty store of the test, named {@code kyneta}. */
    protected RecordStore store;

    /** A suite over one kind of place. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected RecordSuite() {}

    /** An empty place; the suite closes it. */
    protected abstract RecordPlace make();

    @BeforeEach
    final void openPlace() {
        place = make();
        store = place.open("kyneta");
    }

    @AfterEach
    final void closePlace() {
        store.close();
        place.close();
    }

    /** Metadata of a plain document with this hash. */
    protected static StoreMeta meta(String hash) {
        return new StoreMeta(new ReplicaType("plain", 1, 0), SyncMode.AUTHORITATIVE, hash);
    }

    /** The record of metadata. */
    protected static StoreRecord record(StoreMeta meta) {
        return new StoreRecord.Meta(meta);
    }

    /** An entry of JSON text. */
    protected static StoreRecord entry(Kind kind, String version) {
        return new StoreRecord.Entry(Payload.json(kind, "{\"version\":\"" + version + "\"}"), version);
    }

    /** A delta of JSON text. */
    protected static StoreRecord since(String version) {
        return entry(Kind.SINCE, version);
    }

    /** A whole state of JSON text. */
    protected static StoreRecord entirety(String version) {
        return entry(Kind.ENTIRETY, version);
    }

    /** The log of a document. */
    protected static List<StoreRecord> load(RecordStore store, String docId) {
        return all(store.loadAll(docId));
    }

    /** The ids with a prefix. */
    protected static List<String> ids(RecordStore store, String prefix) {
        return all(store.listDocIds(prefix));
    }

    /** What a cursor gives. */
    protected static <T> List<T> all(RecordCursor<T> cursor) {
        try (Stream<T> stream = cursor.stream()) {
            return stream.toList();
        }
    }

    /** The code that a call is refused with. */
    protected static String refusal(ThrowingCallable call) {
        HoldfastException refusal = catchThrowableOfType(HoldfastException.class, call);
        if (refusal == null) {
            throw new AssertionError("a call returned that must be refused");
        }
        return refusal.code();
    }

    /** Lets so many callers run at once; what each of them returned. */
    protected static <R> List<R> together(int callers, IntFunction<R> work) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<R>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int caller = i;
                Callable<R> call = () -> work.apply(caller);
                running.add(threads.submit(call));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("a call failed that must not", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a call", e);
        }
    }
}
