package dev.holdfast.kv;

import dev.holdfast.codec.Codec;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keys and values in one namespace.
 *
 * <p>Outside a transaction every call is one transaction of its own: what it wrote is durable and visible to everybody
 * when it returns. Inside one everything comes with the commit, and reads see what the transaction wrote. An entry
 * whose time has passed is invisible to every read, check, count and watch from that millisecond on, whether or not it
 * has been collected.
 *
 * <p>All methods block the calling thread; those of a transaction belong to its thread, all others may be called by
 * many threads. Errors are of the kinds of {@link dev.holdfast.engine.HoldfastException}.
 */
public interface Kv {
    /** The keys and values of a session: of one namespace, or of one open transaction. */
    static Kv in(Session session) {
        return new StoredKv(session, KvRoom.of(session.database()));
    }

    /** A view whose values are of one Java type, stored as JSON; {@code byte[]} are stored as they are. */
    default <T> KvView<T> as(Class<T> type) {
        return as(KvValue.codec(type));
    }

    /** A view whose values go through a codec. */
    default <T> KvView<T> as(Codec<T> codec) {
        return new KvView<>(this, codec);
    }

    /** A view with text keys, for operational state: get, set, delete, and a list of keys by what they begin with. */
    default KvStrings strings() {
        return new KvStrings(this);
    }

    /** The entry of a key; empty when there is none or its time has passed. One statement. */
    Optional<KvEntry> get(Key key);

    /**
     * The entries of several keys, read from one snapshot.
     *
     * @param keys up to {@link KvLimits#batchKeysMax()}; repeats are allowed
     * @return one element per key, in the order of the keys
     * @throws dev.holdfast.engine.InvalidInputException {@code kv.too_many_keys}, {@code kv.result_too_large}: the
     *     values have more than {@link KvLimits#RESULT_BYTES_MAX} bytes together: ask in several calls
     */
    List<Optional<KvEntry>> getAll(List<Key> keys);

    /**
     * Writes a value, replacing what was there; it never expires. {@link KvValue#of(Object)} says how it is stored.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code codec.unsupported}: the value has no stored form;
     *     {@code kv.value_too_large}. Nothing was changed
     */
    default Versionstamp set(Key key, Object value) {
        return set(key, KvValue.of(value), Optional.empty());
    }

    /**
     * Writes a value that expires; otherwise like {@link #set(Key, Object)}.
     *
     * @param ttl 1 ms to 100 years from now, by the store's clock; no reader finds the entry from then on
     */
    default Versionstamp set(Key key, Object value, Duration ttl) {
        return set(key, KvValue.of(value), Optional.of(ttl));
    }

    /**
     * Writes a value, replacing what was there together with its expiry.
     *
     * @param ttl 1 ms to 100 years from now; none: it never expires
     * @return the versionstamp of the commit
     * @throws dev.holdfast.engine.InvalidInputException {@code kv.ttl}, {@code kv.value_too_large}: a limit was passed;
     *     {@code namespace.quota}: the namespace would hold more than it may. Nothing was changed
     */
    Versionstamp set(Key key, KvValue value, Optional<Duration> ttl);

    /**
     * Changes when an entry expires, not its value. The entry gets a new versionstamp, so checks of the old one fail.
     *
     * @param ttl 1 ms to 100 years from now; none: it never expires
     * @return whether the entry exists
     */
    boolean expire(Key key, Optional<Duration> ttl);

    /**
     * Deletes a key and everything below it, in one transaction; answers how many entries that were. It costs time and
     * a line in the change log for each of them, and other writers of a SQLite store wait meanwhile. There a deletion
     * that looks at more than 4,096 entries is a transaction of its own, and fails like a user's when it passes the
     * engine's time limit, with nothing deleted.
     */
    default long delete(Key key) {
        return delete(List.of(KeyPrefix.of(key)), Optional.empty());
    }

    /** Deletes exactly one entry; answers whether there was one. */
    boolean deleteExact(Key key);

    /**
     * Deletes the prefixes' own keys and everything below them, as far as the values match, in one transaction.
     *
     * @param prefixes up to {@link KvLimits#batchKeysMax()}; the empty prefix is everything
     * @param where what a value must be like; values without a JSON form match nothing. None: all are deleted
     * @return how many entries were deleted
     */
    long delete(List<KeyPrefix> prefixes, Optional<Filter> where);

    /**
     * Deletes these keys, as far as the values match, in one transaction.
     *
     * @param keys up to {@link KvLimits#batchKeysMax()}; those that do not exist are no error
     * @param where what a value must be like; none: all are deleted
     * @return how many entries were deleted
     */
    long deleteExact(List<Key> keys, Optional<Filter> where);

    /** How many entries stand strictly below a prefix. */
    default long count(KeyPrefix prefix) {
        return count(KvSelection.below(prefix));
    }

    /**
     * How many entries a selection holds, up to its limit. Without a filter and a limit the database counts, which
     * still visits every entry; else they are read.
     */
    long count(KvSelection selection);

    /**
     * The entries of a selection, read as they are asked for: page by page, each a snapshot of its own, outside a
     * transaction; one snapshot inside one. Close the stream unless it is read to its end.
     */
    Stream<KvEntry> list(KvSelection selection);

    /** The keys of a selection, without their values; otherwise like {@link #list}. */
    Stream<Key> keys(KvSelection selection);

    /**
     * One page of a selection.
     *
     * @param cursor of the page before; none for the first page
     * @param size entries at most, 1 to 1,000; the selection's own limit is not used
     * @throws dev.holdfast.engine.InvalidInputException {@code kv.cursor}: it was not given out by this method
     */
    KvPage paginate(KvSelection selection, Optional<String> cursor, int size);

    /** Starts an atomic commit; nothing is read or written before {@link KvAtomic#commit()}. */
    KvAtomic atomic();

    /**
     * Applies checks and mutations in one transaction; what {@link KvAtomic#commit()} does, and refuses.
     *
     * @param checks looked at first; all must hold
     * @param mutations applied in order, seeing each other; together with the checks up to
     *     {@link KvLimits#operationsMax()}
     */
    KvCommit commit(List<KvCheck> checks, List<KvMutation> mutations);

    /** Runs a function once that reads and buffers writes; the same as the longer form without retries. */
    default <R> Optional<KvOptimistic.Result<R>> transaction(Function<KvOptimistic, R> work) {
        return transaction(work, 0, Duration.ZERO);
    }

    /**
     * Runs a function that reads and buffers writes, and commits them if nothing it read has changed; else runs it
     * again. No transaction is open meanwhile, so the function may take its time; what it throws passes on, and nothing
     * is written.
     *
     * @param maxRetries further runs after the first, 0 or more
     * @param retryDelay waited before a further run, times the number of runs so far; 0 or more
     * @return what the function returned, with the versionstamp; empty when every run met a conflict
     */
    <R> Optional<KvOptimistic.Result<R>> transaction(
            Function<KvOptimistic, R> work, int maxRetries, Duration retryDelay);

    /**
     * Tells a listener of changes until the watch is closed. It is called on a thread of the watch, one call at a time.
     * Intermediate states may be left out; the last state of every key always comes. Deletions and expiries are told.
     *
     * <p>Nothing that is committed after this has returned is missed. What the listener throws is logged, and the
     * watch goes on. A slow listener delays only itself. While a namespace is watched its entries are removed at the
     * moment at which they expire.
     *
     * @param listener may use the store; it must not wait for another event of its own watch
     * @return ends the watch when closed; closing the store ends it too
     */
    KvWatch watch(KvWatchOptions options, Consumer<KvWatch.Event> listener);

    /**
     * Calls a handler for writes that are made through this program, after their commit and before the writing call
     * returns.
     *
     * @return takes the handler back when closed
     */
    AutoCloseable addTrigger(KvTrigger trigger);

    /** Full-text search in the values. */
    KvSearch search();

    /** How many entries and bytes of keys and values the room holds in the namespace; reads every entry. */
    KvStats stats();
}
