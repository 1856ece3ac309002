package dev.holdfast.search;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Change;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceRows;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Unit;
import dev.holdfast.filter.FieldPath;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Full-text indexes over whatever the rooms above hand in: a scope, an id and a document. Everything happens inside the
 * caller's transaction, so an index is never ahead of or behind what it describes.
 *
 * <p>Which indexes a namespace has is remembered. On SQLite that is forgotten as soon as another process has committed
 * anything, so it is what is true. On PostgreSQL it is a guess: a room whose writers rely on there being no index asks
 * for that in the statements that write, and has to {@link #forget} what it remembered when they find one. That there
 * are some is believed for a second.
 */
public final class SearchRoom implements NamespaceRoom {
    /** The name of the room in the change log and in the ledger of migrations. */
    public static final String NAME = "search";

    /** Fields of one index at most. */
    public static final int FIELDS_MAX = 32;

    private static final long REMEMBER_MILLIS = 1_000;
    private static final int BATCH = 500;

    private final SearchSql sql;
    private final NamespaceRows indexRows;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong forgotten = new AtomicLong();

    private SearchRoom(Database database) {
        this.sql = new SearchSql(database);
        this.indexRows = new NamespaceRows(database.tables(), "search_indexes", "index_no");
    }

    /** The room of a store. */
    public static SearchRoom of(Database database) {
        return database.shared(SearchRoom.class, SearchRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(NAME, SearchRoom.class, "001_search");
    }

    /** The indexes of a scope, remembered: on PostgreSQL a guess. Cheap enough to be asked before every write. */
    @SuppressWarnings("ReferenceEquality") // a transaction is itself
    public List<SearchIndex> remembered(Tx tx, String scope) {
        Known have = known.get(tx.namespace());
        if (have != null && have.changing == tx) {
            return indexes(tx, scope); // not committed, so it is for nobody else to know
        }
        if (have == null || have.changing != null || have.ns != tx.ns() || !isCurrent(tx, have, scope)) {
            long seen = forgotten.get();
            boolean free = have == null || have.changing == null || tx.now() - have.at >= REMEMBER_MILLIS;
            have = new Known(tx.ns(), sql.indexes(tx, tx.ns()), tx.now(), tx.epoch(), null);
            if (free && seen == forgotten.get()) { // else it may be older than what made others forget
                known.put(tx.namespace(), have);
            }
        }
        return have.indexes.isEmpty() ? List.of() : ofScope(have.indexes, scope);
    }

    private static boolean isCurrent(Tx tx, Known have, String scope) {
        return tx.database().dialect() == Dialect.SQLITE
                ? tx.epoch() != Unit.EPOCH_UNKNOWN && tx.epoch() == have.epoch
                : ofScope(have.indexes, scope).isEmpty() || tx.now() - have.at < REMEMBER_MILLIS;
    }

    /**
     * The indexes of a scope that a writer has to keep, asked when it has written; what {@link #remembered} answered
     * before may be out of date on PostgreSQL.
     */
    public List<SearchIndex> inForce(Tx tx, String scope) {
        return tx.database().dialect() == Dialect.SQLITE ? remembered(tx, scope) : indexes(tx, scope);
    }

    /** The indexes of a scope as they are in this transaction, in the order in which they were made. One statement. */
    public List<SearchIndex> indexes(Tx tx, String scope) {
        return ofScope(sql.indexes(tx, tx.ns()), scope);
    }

    /** The index of exactly this scope and prefix. */
    public Optional<SearchIndex> index(Tx tx, String scope, byte[] prefix) {
        return indexes(tx, scope).stream()
                .filter(index -> Arrays.equals(index.prefix(), prefix))
                .findFirst();
    }

    /**
     * Makes an index, replacing one of the same scope and prefix. It is empty: documents enter it when they are put.
     * See {@link #completed}.
     *
     * @throws InvalidInputException {@code search.fields}: not 1 to {@value #FIELDS_MAX} fields, or a field that is no
     *     path
     */
    public SearchIndex define(Tx tx, String scope, byte[] prefix, List<String> fields, Tokenizer tokenizer) {
        requireFields(fields);
        drop(tx, scope, prefix);
        sql.insertIndex(tx, tx.ns(), new SearchIndex(0, scope, prefix, fields, tokenizer, false), tx.now());
        changed(tx, scope, prefix);
        return index(tx, scope, prefix).orElseThrow();
    }

    /** Notes that an index holds every document that belongs there, as after a room has put them all. */
    public void completed(Tx tx, SearchIndex index) {
        sql.completeIndex(tx, tx.ns(), index.number());
    }

    /** Spends the documents of an index, as many as it pays to count: removing it touches each of them. */
    public void spend(Tx tx, String scope, byte[] prefix, Allowance allowance) {
        index(tx, scope, prefix)
                .ifPresent(
                        index -> allowance.spend(sql.countDocs(tx, tx.ns(), index.number(), allowance.countMax()), 0));
    }

    /** Removes an index with everything in it; answers whether there was one. */
    public boolean drop(Tx tx, String scope, byte[] prefix) {
        Optional<SearchIndex> found = index(tx, scope, prefix);
        found.ifPresent(index -> {
            List<byte[]> ids = sql.someDocs(tx, tx.ns(), index.number(), BATCH);
            while (!ids.isEmpty()) {
                ids.forEach(id -> sql.remove(tx, tx.ns(), index.number(), id));
                ids = sql.someDocs(tx, tx.ns(), index.number(), BATCH);
            }
            sql.deleteIndex(tx, tx.ns(), index.number());
            changed(tx, scope, prefix);
        });
        return found.isPresent();
    }

    /** Indexes a document under an id, replacing what was indexed under it. */
    public void put(Tx tx, SearchIndex index, byte[] id, JsonNode document) {
        sql.put(tx, tx.ns(), index.number(), id, tokens(index, document));
    }

    /** The words that an index keeps of a document. */
    static DocumentTokens tokens(SearchIndex index, JsonNode document) {
        return DocumentText.tokens(
                index.fields(), field -> FieldPath.parse(field).get(document), index.tokenizer());
    }

    /** Takes a document out of an index; a missing one is no error. */
    public void remove(Tx tx, SearchIndex index, byte[] id) {
        sql.remove(tx, tx.ns(), index.number(), id);
    }

    /**
     * The ids of the documents that match a query, the most relevant first, equally relevant ones by id. Any text is a
     * query: all its words must occur, {@code word*} is a prefix, quoted words stand side by side, {@code OR} between
     * two words offers either. Read lazily; close the stream unless it is read to its end.
     */
    public Stream<byte[]> match(Tx tx, SearchIndex index, String query) {
        SearchQuery parsed = SearchQuery.parse(query, index.tokenizer());
        return parsed instanceof SearchQuery.Nothing ? Stream.empty() : sql.match(tx, tx.ns(), index.number(), parsed);
    }

    /** {@inheritDoc} What is indexed is counted by the rooms that it belongs to. */
    @Override
    public NamespaceUsage usage(Tx tx) {
        return NamespaceUsage.NOTHING;
    }

    @Override
    public int clear(Sql target, int ns, int rowsMax) {
        return sql.clearDocs(target, ns, rowsMax) + indexRows.clear(target, ns, rowsMax);
    }

    /** Forgets what is remembered of a session's namespace, as when another process made an index. */
    public void forget(Session session) {
        forgotten.incrementAndGet();
        known.remove(session.namespace());
    }

    private void changed(Tx tx, String scope, byte[] prefix) {
        tx.changed(NAME, scope, prefix, Change.Kind.SET);
        forgotten.incrementAndGet();
        known.put(tx.namespace(), new Known(tx.ns(), List.of(), tx.now(), Unit.EPOCH_UNKNOWN, tx));
        tx.afterCommit(() -> forget(tx));
    }

    private static List<SearchIndex> ofScope(List<SearchIndex> indexes, String scope) {
        return indexes.stream().filter(index -> index.scope().equals(scope)).toList();
    }

    private static void requireFields(List<String> fields) {
        if (fields.isEmpty() || fields.size() > FIELDS_MAX) {
            throw new InvalidInputException(
                    "search.fields",
                    fields.isEmpty()
                            ? "At least one field must be specified"
                            : "too many fields (fields=" + fields.size() + ", fieldsMax=" + FIELDS_MAX + ")");
        }
        fields.forEach(FieldPath::parse);
    }

    /**
     * The indexes of a namespace as they were.
     *
     * @param changing the transaction that is changing them; while it is there, nothing is known
     */
    private record Known(
            int ns,
            List<SearchIndex> indexes,
            long at,
            long epoch,
            @Nullable Tx changing) {}
}
