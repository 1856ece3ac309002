package dev.holdfast.record;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.record.RecordStoreException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the record stores of one store of ours share: which there are, and the texts of their statements.
 *
 * <p>A store whose tables were made or checked is remembered when that was committed. A process that does not know that
 * another one dropped it fails in its next statement, and looks again.
 */
public final class RecordRoom implements NamespaceRoom {
    /** The name of the room in signals, in the change log and in the ledger of migrations. */
    public static final String NAME = "record";

    /** What a transaction says that only reads. */
    private static final String READ_ONLY = "engine.read_only";

    /** Names that begin like those of the tables of other namespaces. */
    private static final Pattern OF_NAMESPACE = Pattern.compile("n[0-9]+_.*");

    private final Database database;
    private final RegistrySql registry;
    private final ConcurrentHashMap<Name, Known> known = new ConcurrentHashMap<>();

    private RecordRoom(Database database) {
        this.database = database;
        this.registry = new RegistrySql(database.tables());
    }

    /** The room of a store. */
    public static RecordRoom of(Database database) {
        return database.shared(RecordRoom.class, RecordRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(NAME, RecordRoom.class, "001_record");
    }

    /**
     * {@inheritDoc} Records count, with the bytes of their payloads; the current metadata and the ids do not.
     */
    @Override
    public NamespaceUsage usage(Tx tx) {
        NamespaceUsage all = NamespaceUsage.NOTHING;
        for (String store : registry.list(tx, tx.ns())) {
            RecordSql.Size size =
                    find(tx, store).orElseThrow(() -> notFound(store)).total(tx);
            all = all.plus(new NamespaceUsage(size.rows(), size.bytes()));
        }
        return all;
    }

    /** {@inheritDoc} Here it drops the tables of one store. */
    @Override
    public int clear(Sql sql, int ns, int rowsMax) {
        Optional<RegistrySql.Found> found = registry.any(sql, ns);
        found.ifPresent(store -> {
            new RecordSql(database.dialect(), store.names()).drop().forEach(sql::exec);
            registry.delete(sql, ns, store.store());
        });
        known.values().removeIf(store -> store.ns == ns);
        return found.isPresent() ? 1 : 0;
    }

    /** Opens a store, and makes it when it is missing; answers whether it did. */
    boolean open(Session session, String store) {
        requireName(session, store);
        if (known.containsKey(new Name(session.namespace(), store))) {
            return false;
        }
        try {
            return RecordFailures.told(() -> session.write(UnitKind.OPERATION, tx -> {
                boolean missing = registry.find(tx, tx.ns(), store).isEmpty();
                require(tx, store);
                return missing;
            }));
        } catch (InvalidInputException e) {
            if (e.code().equals(READ_ONLY) && exists(session, store)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether there is a store. */
    boolean exists(Session session, String store) {
        requireName(session, store);
        return known.containsKey(new Name(session.namespace(), store))
                || session.read(tx -> find(tx, store).isPresent());
    }

    /** The names of the stores, in order. */
    List<String> list(Session session) {
        return session.read(tx -> registry.list(tx, tx.ns()));
    }

    /** Drops a store with its tables; answers whether there was one. */
    boolean drop(Session session, String store) {
        requireName(session, store);
        return session.write(UnitKind.ALONE, tx -> {
            Optional<TableNames> names = registry.find(tx, tx.ns(), store);
            names.ifPresent(tables -> {
                RecordSql sql = new RecordSql(database.dialect(), tables);
                if (tx.metered()) {
                    RecordSql.Size size = sql.total(tx);
                    tx.use(-size.rows(), -size.bytes());
                }
                sql.drop().forEach(tx::exec);
                registry.delete(tx, tx.ns(), store);
            });
            forget(session.namespace(), store);
            tx.afterCommit(() -> forget(session.namespace(), store));
            return names.isPresent();
        });
    }

    /** The statements of a store; made when it is missing, checked when it was not seen before. */
    RecordSql require(Tx tx, String store) {
        @Nullable Known remembered = remembered(tx, store);
        if (remembered != null) {
            return remembered.sql;
        }
        requireName(tx, store);
        TableNames wanted = TableNames.startingWith(
                tx.namespace().equals(Namespaces.DEFAULT) ? store : "n" + tx.ns() + "_" + store);
        registry.insert(tx, tx.ns(), store, wanted, tx.now());
        RecordSql sql = new RecordSql(
                database.dialect(), registry.find(tx, tx.ns(), store).orElse(wanted));
        RecordSchema schema = new RecordSchema(sql);
        if (!schema.isReady(tx)) {
            schema.prepare(tx, SchemaMode.CREATE);
        }
        Name name = new Name(tx.namespace(), store);
        Known now = new Known(tx.ns(), sql);
        tx.afterCommit(() -> known.put(name, now));
        return sql;
    }

    /** The statements of a store, if there is one. */
    Optional<RecordSql> find(Tx tx, String store) {
        @Nullable Known remembered = remembered(tx, store);
        if (remembered != null) {
            return Optional.of(remembered.sql);
        }
        Optional<RecordSql> found =
                registry.find(tx, tx.ns(), store).map(names -> new RecordSql(database.dialect(), names));
        found.ifPresent(sql -> {
            if (!new RecordSchema(sql).isReady(tx)) {
                throw new RecordStoreException(
                        Reason.SCHEMA_MISMATCH, "the tables of a record store are missing (store=" + store + ")");
            }
        });
        return found;
    }

    private @Nullable Known remembered(Tx tx, String store) {
        Name name = new Name(tx.namespace(), store);
        @Nullable Known remembered = known.get(name);
        if (remembered == null) {
            // Inside a transaction of the caller's the store itself may know.
            remembered =
                    database.outer().map(outer -> of(outer).known.get(name)).orElse(null);
        }
        return remembered != null && remembered.ns == tx.ns() ? remembered : null;
    }

    void forget(String namespace, String store) {
        known.remove(new Name(namespace, store));
    }

    static RecordStoreException notFound(String store) {
        return new RecordStoreException(Reason.STORE_NOT_FOUND, "there is no such record store (store=" + store + ")");
    }

    /** Refuses names whose tables could be those of others. */
    private void requireName(Session session, String store) {
        TableNames.requireStoreName(store);
        String prefix = database.tables().prefix();
        boolean foreign = session.namespace().equals(Namespaces.DEFAULT)
                && (OF_NAMESPACE.matcher(store).matches()
                        || (store + "_").startsWith(prefix)
                        || store.startsWith("sqlite_")
                        || store.equals("sqlite"));
        if (foreign) {
            throw new RecordStoreException(
                    Reason.INVALID_STORE_NAME,
                    "the tables of a record store of this name would be named like those of others (store=" + store
                            + ")");
        }
    }

    /** The name of a store in a namespace. */
    private record Name(String namespace, String store) {}

    /** A store as remembered; should its namespace be deleted and made anew, the number tells. */
    private record Known(int ns, RecordSql sql) {}
}
