package dev.holdfast.simple;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small synchronous store: text keys, values of many types, expiry, namespaces.
 *
 * <p><b>Keys.</b> Text of 1 to 1,024 characters; together with the name of the namespace at most 2,048 bytes. A dot
 * begins a path into the value, unless the store was opened without dot notation: {@code user:123.settings.theme} is
 * the property {@code theme} of the property {@code settings} of the entry {@code user:123}. A step below a list is a
 * place such as {@code 0}. A backslash before a dot makes it ordinary; {@link #escape} does that for a whole key. Only
 * whole entries are listed, counted and iterated, in ascending order of the UTF-8 bytes of their keys.
 *
 * <p><b>Values.</b> {@code String}, {@code Boolean}, numbers, {@code BigInteger}, {@code Instant}, {@code byte[]},
 * {@code Pattern}, {@code List} and arrays, {@code Set}, {@code Map}, records, enums, and null, at any depth up to 64.
 * They are read as {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code BigInteger} (also integers
 * beyond 2^53), {@code Instant}, {@code byte[]}, {@code Pattern}, {@code List}, {@code Set} and {@code Map}; records
 * come as maps and enums as text unless a class is asked for. What is returned is a copy that the caller may change.
 * Anything else is refused with {@code simple.unsupported}, which names the class and the place.
 *
 * <p><b>Expiry.</b> An entry or property whose time has passed is in no answer from that millisecond on.
 *
 * <p><b>Durability.</b> Outside a transaction each call is one of its own: durable and visible to everybody when it
 * returns. Every call is atomic, also between threads and processes.
 *
 * <p>Every method but {@link #transactionAsync} blocks. Safe for use by many threads. Errors are of the kinds of
 * {@link dev.holdfast.engine.HoldfastException}, whose {@code detail()} is the message without its code; after one
 * nothing has changed. After {@link #close()} every method but {@link #isOpen()} throws
 * {@link dev.holdfast.engine.ClosedException}.
 */
public interface SimpleKv extends Iterable<SimpleEntry>, AutoCloseable {
    /** The file that {@link #open()} opens. */
    String DEFAULT_FILE = "commandkit_kv.db";

    /** What {@link #ttl} answers for an entry that is missing or expired. */
    long TTL_MISSING = -1;

    /** What {@link #ttl} answers for an entry that never expires. */
    long TTL_NONE = -2;

    /** Opens the file {@value #DEFAULT_FILE} in the working directory. */
    static SimpleKv open() {
        return open(DEFAULT_FILE);
    }

    /** Opens a SQLite file, made when missing; {@code :memory:}; or PostgreSQL by its URL. */
    static SimpleKv open(String db) {
        return open(db, SimpleKvOptions.defaults());
    }

    /** Opens a store with options; see {@link #open(String)}. */
    static SimpleKv open(String db, SimpleKvOptions options) {
        return SimpleStore.open(db, options);
    }

    /** Shares a store that is open; closing this handle leaves it open. */
    static SimpleKv over(Holdfast holdfast) {
        return over(holdfast, SimpleKvOptions.defaults());
    }

    /** Shares a store that is open, with options; see {@link #over(Holdfast)}. */
    static SimpleKv over(Holdfast holdfast, SimpleKvOptions options) {
        return over(holdfast.namespace("default").session(), options);
    }

    /**
     * Shares one namespace of an open store, as of {@code holdfast.namespace("acme").session()}; the namespaces in it
     * are its own. See {@link #over(Holdfast)}.
     */
    static SimpleKv over(Session session, SimpleKvOptions options) {
        return SimpleStore.over(session, options);
    }

    /** A key in which every dot is ordinary. */
    static String escape(String key) {
        return key.replace(".", "\\.");
    }

    /** The value of a key or at a path; nothing when it is missing or expired, or null ({@link #has} tells). */
    Optional<Object> get(String key);

    /**
     * The value of a key or at a path as a class: the value itself when it is one, else what
     * {@link dev.holdfast.codec.Codecs#json(Class)} reads from its JSON, such as a record, an {@code Integer}, an enum.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code codec.mismatch}: it is no such value
     */
    <T> Optional<T> get(String key, Class<T> type);

    /**
     * Writes a value. A whole entry never expires from then on, nor do its properties; of a path the entry keeps its
     * expiry and the property has none. Missing and null steps of a path become objects; a list may grow by one at its
     * end.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code simple.path}: a step leads into a value that has no
     *     such property
     */
    void set(String key, @Nullable Object value);

    /**
     * Writes a value that expires: the entry, or of a path that property alone.
     *
     * @param ttlMillis from now; 0 or less: it is expired at once; at most 100 years
     */
    default void setex(String key, @Nullable Object value, long ttlMillis) {
        setex(key, value, Duration.ofMillis(ttlMillis));
    }

    /** Writes a value that expires; see {@link #setex(String, Object, long)}. Cut to milliseconds. */
    void setex(String key, @Nullable Object value, Duration ttl);

    /** Whether there is a value, null included. */
    boolean has(String key);

    /** Deletes an entry or a property; in a list later elements move up. What is missing is no error. */
    void delete(String key);

    /** Deletes every entry of this namespace, in one transaction. */
    void clear();

    /** The keys of all entries. */
    List<String> keys();

    /** The values of all entries, in the order of their keys. */
    List<@Nullable Object> values();

    /** All entries, in the order of their keys. */
    Map<String, @Nullable Object> all();

    /**
     * All entries of one snapshot, in the order of their keys. Their stored form is read at once and each value decoded
     * as it is asked for, so that nothing stays open: the loop may end anywhere, and may write.
     */
    Stream<SimpleEntry> entries();

    /** The same as {@link #entries()}. */
    @Override
    default Iterator<SimpleEntry> iterator() {
        return entries().iterator();
    }

    /** How many entries there are. */
    long count();

    /**
     * Sets when an entry or a property expires, in place of when it did before.
     *
     * @param ttlMillis from now; 0 or less: it is expired at once; at most 100 years
     * @return whether it exists
     */
    default boolean expire(String key, long ttlMillis) {
        return expire(key, Duration.ofMillis(ttlMillis));
    }

    /** Sets when an entry or a property expires; see {@link #expire(String, long)}. Cut to milliseconds. */
    boolean expire(String key, Duration ttl);

    /**
     * Milliseconds until an entry or a property expires, by itself or with what it is part of: more than 0, or
     * {@link #TTL_MISSING}, or {@link #TTL_NONE}.
     */
    long ttl(String key);

    /**
     * Computes with a stored number and stores the result; when it expires does not change. Numbers are doubles; as
     * soon as one of the two is a big integer, both are, and so is the result.
     *
     * @param operator {@code + - * / % ^}
     * @return the new value: a {@code Long} when it is integral and within 2^53, else a {@code Double}; or a
     *     {@code BigInteger}
     * @throws dev.holdfast.engine.InvalidInputException {@code simple.math_missing}, {@code simple.math_not_numeric},
     *     {@code simple.math_operator}, {@code simple.math_operand}, {@code simple.math_division},
     *     {@code simple.math_modulo}, {@code simple.math_exponent}, {@code simple.math_fraction},
     *     {@code simple.math_not_finite}, {@code simple.bigint_too_large}
     */
    Number math(String key, String operator, Number operand);

    /**
     * Another namespace of the same store: entries of its own, transactions in common. It exists from now on, even when
     * empty. Closing it closes this handle alone.
     *
     * @param name 1 to 128 characters, none of them a control character; upper and lower case differ
     */
    SimpleKv namespace(String name);

    /** The names of all namespaces, ascending by their UTF-8 bytes. */
    List<String> namespaces();

    /** The name of this namespace. */
    String currentNamespace();

    /**
     * Runs a function in one transaction over all namespaces; it is committed and durable when this returns. Calls on
     * any handle of the store belong to it when they come from this thread. Called inside another it is a savepoint:
     * when it throws, what it did is undone, and the outer one goes on if it catches that. On PostgreSQL the function
     * may run again after a conflict, so it must have no effect outside.
     *
     * @return what the function returned
     * @throws dev.holdfast.engine.TimeoutException the transaction passed its time limit and was rolled back
     */
    <T> T transaction(Function<SimpleKv, T> work);

    /** Runs something in one transaction; see {@link #transaction}. */
    void atomically(Consumer<SimpleKv> work);

    /**
     * Runs a function in one transaction that lasts until the stage that it returns is done: then it commits, or rolls
     * back if the stage has failed. Returns at once; the function runs on a thread of its own. Only calls on the handle
     * that is handed in, and on namespaces of it, belong to the transaction, from any thread; all others do not. On
     * SQLite and in memory there is one writer at a time, so a write elsewhere waits until the transaction has ended:
     * do not wait for one inside. On PostgreSQL the function may run again after a conflict. On the handle that is
     * handed in, this starts a savepoint.
     *
     * @return done after the commit, on the thread of the transaction; failed with what the stage failed with, or with
     *     a {@link dev.holdfast.engine.TimeoutException} when the time limit has passed
     */
    <T> CompletionStage<T> transactionAsync(Function<SimpleKv, CompletionStage<T>> work);

    /**
     * Reads a file of CommandKit KV into this store: each table with exactly the columns {@code key}, {@code value} and
     * {@code expires_at} into the namespace of its name, beside what that holds; equal keys are overwritten. Entries
     * that have expired are left out, others keep the moment at which they do. A value that is not of a type of that
     * store becomes the text that it is. A regular expression that Java does not have becomes the object of its
     * {@code source} and {@code flags}. Written batch by batch, so a failure leaves what came before it; the same
     * import may be run again.
     *
     * @return how many entries were written
     * @throws dev.holdfast.engine.InvalidInputException {@code simple.import}: there is no such file, or a key or a
     *     table's name is none that this store can hold
     * @throws dev.holdfast.engine.EngineException the file cannot be read
     */
    long importFrom(Path file);

    /**
     * Removes expired properties from what is stored now instead of in the background, where it is done every 10
     * seconds.
     *
     * @return how many notes of an expiry were due
     */
    long sweep();

    /** Whether neither this handle nor the one that it came from was closed. */
    boolean isOpen();

    /** The database underneath. */
    Database database();

    /**
     * Closes this handle, and with the one that opened a store that store and every handle of it. May be called again
     * without effect.
     */
    @Override
    void close();
}
