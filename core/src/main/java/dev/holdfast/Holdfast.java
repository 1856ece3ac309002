package dev.holdfast;

import dev.holdfast.access.Tokens;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionView;
import dev.holdfast.collection.Collections;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.kv.Kv;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.queue.Queues;
import dev.holdfast.record.RecordStore;
import dev.holdfast.record.RecordStores;
import dev.holdfast.schema.Schema;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * A store: every room of every namespace in one database.
 *
 * <p>The tables are made or brought up to date when it is opened. Safe for use by many threads; one per database and
 * process is enough. Its own methods are those of the namespace {@code default}.
 */
public final class Holdfast implements AutoCloseable {
    /** Opens a store in memory, gone when it is closed. */
    public static final String MEMORY = ":memory:";

    private final Database database;
    private final Namespace defaults;
    private final Maintenance maintenance;

    private Holdfast(Engine engine, HoldfastOptions options) {
        new Schema(options.tables(), Rooms.migrations(), options.time()).migrate(engine);
        this.database = new Database(engine, options.tables(), options.time(), Rooms.renewals(options.tables()));
        this.defaults = new Namespace(database.session(Namespaces.DEFAULT));
        this.maintenance = new Maintenance(database, options);
    }

    /**
     * Opens a store: a SQLite file, made when missing; {@code :memory:}; or PostgreSQL by its URL.
     *
     * @param db what is written like the address of a database is never taken for a file; see
     *     {@link PostgresEngine#isUrl}
     * @throws InvalidInputException {@code postgres.url}: an address that is not PostgreSQL's;
     *     {@code engine.file_name}; {@code sqlite.no_permission}: this process may not read and write the file and what
     *     SQLite keeps beside it; {@code sqlite.no_store}: the file is no SQLite database
     * @throws dev.holdfast.engine.SchemaException the tables were made by a newer program
     * @throws dev.holdfast.engine.EngineException the database cannot be opened
     */
    public static Holdfast open(String db) {
        return open(db, HoldfastOptions.defaults());
    }

    /** Opens a store with options; see {@link #open(String)}. */
    public static Holdfast open(String db, HoldfastOptions options) {
        Objects.requireNonNull(db, "db");
        return over(Engines.open(db, options), options);
    }

    /**
     * Opens a store, but no SQLite file that is missing: for programs that read, where a mistyped name should not
     * become an empty store.
     *
     * @throws InvalidInputException {@code engine.no_file}: there is no such file, and none was made; or as
     *     {@link #open(String)}
     */
    public static Holdfast openExisting(String db, HoldfastOptions options) {
        return over(Engines.openExisting(Objects.requireNonNull(db, "db"), options), options);
    }

    /**
     * Opens the engine that a database's name means, without looking at its tables: for tools that examine a database
     * as it is. Everybody else opens a store.
     *
     * @throws InvalidInputException {@code engine.no_file}: there is no such file, and none was made; or as
     *     {@link #open(String)}
     */
    public static Engine openEngine(String db, HoldfastOptions options) {
        return Engines.openExisting(Objects.requireNonNull(db, "db"), options);
    }

    /**
     * Opens a store on PostgreSQL over connections of the caller, who keeps the source and closes it after the store;
     * see {@link PostgresEngine#over}.
     *
     * @throws dev.holdfast.engine.SchemaException the tables were made by a newer program, or the server is too old
     * @throws dev.holdfast.engine.EngineException no connection can be had
     */
    public static Holdfast open(DataSource dataSource, HoldfastOptions options) {
        Objects.requireNonNull(dataSource, "dataSource");
        return over(PostgresEngine.over(dataSource, options.postgres(), options.time()), options);
    }

    /** Opens a store on PostgreSQL over connections of the caller; see {@link #open(DataSource, HoldfastOptions)}. */
    public static Holdfast open(DataSource dataSource) {
        return open(dataSource, HoldfastOptions.defaults());
    }

    /** Opens a store in a SQLite file, made when missing. */
    public static Holdfast open(Path file) {
        HoldfastOptions options = HoldfastOptions.defaults();
        return over(SqliteEngine.open(file, options.sqlite(), options.time()), options);
    }

    /** Opens a store over an engine, which belongs to the store from now on and is closed with it. */
    public static Holdfast over(Engine engine, HoldfastOptions options) {
        try {
            return new Holdfast(engine, options);
        } catch (RuntimeException | Error e) {
            try {
                engine.close();
            } catch (RuntimeException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    /** Keys and values of the namespace {@code default}. */
    public Kv kv() {
        return defaults.kv();
    }

    /** A collection of the namespace {@code default}. */
    public Collection collection(String name) {
        return defaults.collection(name);
    }

    /** A collection of the namespace {@code default} as values of one Java type. */
    public <T> CollectionView<T> collection(String name, Class<T> type) {
        return defaults.collection(name, type);
    }

    /** The collections of the namespace {@code default}. */
    public Collections collections() {
        return defaults.collections();
    }

    /** A stream of the namespace {@code default}. */
    public DurableStream stream(String name) {
        return defaults.stream(name);
    }

    /** The streams of the namespace {@code default}. */
    public Streams streams() {
        return defaults.streams();
    }

    /** A record store of the namespace {@code default}, made when it is missing; see {@link RecordStore#in}. */
    public RecordStore recordStore(String name) {
        return defaults.recordStore(name);
    }

    /** The record stores of the namespace {@code default}. */
    public RecordStores recordStores() {
        return defaults.recordStores();
    }

    /** A queue of the namespace {@code default}; see {@link Queue}. */
    public Queue queue(String name) {
        return defaults.queue(name);
    }

    /** The queues of the namespace {@code default}. */
    public Queues queues() {
        return defaults.queues();
    }

    /** Runs a transaction in the namespace {@code default}; see {@link Namespace#transaction}. */
    public <R, X extends Exception> R transaction(TransactionWork<R, X> work) throws X {
        return defaults.transaction(work);
    }

    /** Reads one snapshot of the namespace {@code default}; see {@link Namespace#read}. */
    public <R, X extends Exception> R read(TransactionWork<R, X> work) throws X {
        return defaults.read(work);
    }

    /**
     * The rooms of the namespace {@code default} inside a transaction that the caller has open on a JDBC connection;
     * see {@link Namespace#in}.
     */
    public Namespace in(Connection connection) {
        return defaults.in(connection);
    }

    /** The rooms of a tenant. It exists once something was written to it. */
    public Namespace namespace(String name) {
        return new Namespace(database.session(name));
    }

    /** The tenants. */
    public Namespaces namespaces() {
        return database.namespaces();
    }

    /**
     * Deletes a tenant with everything in every room; its name is free for a new one, its number is never used again.
     * It takes a second at least. See {@link NamespaceKeeper#delete}.
     *
     * @return whether there was one
     */
    public boolean deleteNamespace(String name) {
        return Rooms.namespaces(database).delete(name);
    }

    /** Who may use the store over the network. */
    public Tokens tokens() {
        return Tokens.in(database);
    }

    /** What all rooms stand on. */
    public Database database() {
        return database;
    }

    /**
     * Writes a copy of this store, a SQLite file or in memory, as it is at one moment and compacted, while it is being
     * used. When this returns the copy is on the disk under its name; before, and when it fails, the name is what it
     * was. Nobody waits for it, but the store in memory does.
     *
     * @param file the copy; replaced when it is a SQLite database or empty
     * @throws dev.holdfast.engine.InvalidInputException {@code backup.engine}: the store is in PostgreSQL, which has
     *     tools of its own; {@code backup.own_file}: the file is this store, by whatever name or link;
     *     {@code backup.occupied}: there is another kind of file; {@code backup.no_folder}: its folder is missing
     * @throws dev.holdfast.engine.ConflictException {@code backup.busy}: somebody has the file open that would be
     *     replaced
     * @throws dev.holdfast.engine.EngineException the copy cannot be written; the file holds what it held
     */
    public void backup(Path file) {
        if (!(database.engine() instanceof SqliteEngine sqlite)) {
            throw new InvalidInputException(
                    "backup.engine",
                    "only SQLite stores are copied so; for others use export, or the tools of the database");
        }
        sqlite.backup(Objects.requireNonNull(file, "file"));
    }

    /**
     * Puts a backup in the place of a store. It is examined first, brought up to date, and its versionstamps go on
     * above those of the store that it replaces, and above the clock: what was handed out before is not handed out
     * again. The change log goes on too, so followers read on; one who has seen more than the backup holds must start
     * again.
     *
     * @param backup what {@link #backup} has written
     * @param file where the store shall stand
     * @param replace whether a store may stand there already; nobody may have it open
     * @throws dev.holdfast.engine.InvalidInputException {@code restore.no_backup}, {@code restore.no_store},
     *     {@code restore.in_use}: the backup is none; {@code restore.exists}: there is a file already;
     *     {@code sqlite.no_permission}: this process may not make a store there
     * @throws dev.holdfast.engine.ConflictException {@code restore.busy}: somebody has the store open
     * @throws dev.holdfast.engine.EngineException {@code restore.damaged}: the backup is damaged; or it cannot be
     *     written
     */
    public static void restore(Path backup, Path file, HoldfastOptions options, boolean replace) {
        Restore.run(Objects.requireNonNull(backup, "backup"), Objects.requireNonNull(file, "file"), options, replace);
    }

    /** Examines this store; see {@link Doctor}. */
    public Doctor doctor() {
        return new Doctor(database);
    }

    /**
     * Writes everything as lines of JSON: every namespace as one snapshot, without versionstamps.
     *
     * @return the number of lines
     * @throws IOException the target cannot be written
     */
    public long exportTo(OutputStream target) throws IOException {
        return exportTo(target, namespaces().list(), lines -> {});
    }

    /**
     * Writes some namespaces as lines of JSON; see {@link #exportTo(OutputStream)}. One that does not exist is written
     * as empty.
     *
     * @param progress is told the number of lines after each, on the calling thread
     * @return the number of lines
     * @throws IOException the target cannot be written
     */
    public long exportTo(OutputStream target, List<String> namespaces, LongConsumer progress) throws IOException {
        return new Transfer(this).export(List.copyOf(namespaces), target, progress);
    }

    /**
     * Writes some namespaces as lines of JSON to a file; see {@link #exportTo(OutputStream, List, LongConsumer)}. When
     * this returns the file is on the disk under its name; before, and when it fails, the name is what it was. A pipe
     * or a terminal is written to as the lines come.
     *
     * @param file replaced when it exists
     * @throws dev.holdfast.engine.InvalidInputException {@code export.own_file}: the file is this store, by whatever
     *     name or link; {@code export.occupied}: it is another SQLite database, what belongs to one, or a folder;
     *     {@code export.no_folder}: its folder is missing
     * @throws dev.holdfast.engine.EngineException {@code export.failed}: it cannot be written, as on a full disk
     */
    public long exportTo(Path file, List<String> namespaces, LongConsumer progress) {
        return new ExportFile(this, Objects.requireNonNull(file, "file"))
                .write(out -> exportTo(out, namespaces, progress));
    }

    /**
     * Reads what {@link #exportTo} wrote, of any engine, into this store beside what it holds; equal keys and documents
     * with equal ids are overwritten. All of it is looked at before anything is written: what is no whole export, or
     * holds a line that no store takes, changes nothing. Then it is written batch by batch. What fails there, such as a
     * unique value that another document has, a quota, or the database, leaves the lines that the message names; the
     * same import may be run again.
     *
     * @param source kept in a temporary file of its size meanwhile, as it is read twice
     * @return the number of lines
     * @throws dev.holdfast.engine.InvalidInputException {@code transfer.format}, {@code transfer.line}, {@code
     *     transfer.encoding}: this is no export; {@code transfer.cut}: it is not whole; or a line is not one that a
     *     store takes. The message names the line, from 1
     * @throws IOException the source cannot be read or kept
     */
    public long importFrom(InputStream source) throws IOException {
        return importFrom(source, lines -> {});
    }

    /**
     * Reads what {@link #exportTo} wrote; see {@link #importFrom(InputStream)}.
     *
     * @param progress is told the number of lines after each that was taken, on the calling thread
     * @return the number of lines
     * @throws IOException the source cannot be read or kept
     */
    public long importFrom(InputStream source, LongConsumer progress) throws IOException {
        try (ImportSource lines = ImportSource.of(source)) {
            return lines.readInto(this, progress);
        }
    }

    /**
     * Reads what {@link #exportTo} wrote from a file; see {@link #importFrom(InputStream)}. A regular file is read
     * where it is; it must not change meanwhile.
     *
     * @param progress is told the number of lines after each that was taken, on the calling thread
     * @return the number of lines
     * @throws IOException the file cannot be read
     */
    public long importFrom(Path file, LongConsumer progress) throws IOException {
        try (ImportSource lines = ImportSource.of(file)) {
            return lines.readInto(this, progress);
        }
    }

    /**
     * A hash over the content of all namespaces and rooms, versionstamps left out: equal for equal content on any
     * engine. Reads everything.
     */
    public String contentHash() {
        try {
            return new Transfer(this).hash();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets running work finish, then refuses; may be called again without effect. Listeners of queues are closed first,
     * see {@link dev.holdfast.queue.QueueListener#close()}.
     */
    @Override
    public void close() {
        maintenance.close();
        QueueRoom.of(database).stop();
        database.close();
    }
}
