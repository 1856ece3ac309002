package dev.holdfast.access;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceRows;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import java.util.List;

/** What a store shares among its users of tokens: the statements and what is remembered. */
public final class AccessRoom implements NamespaceRoom {
    /** The name of the room in the ledger of migrations. */
    public static final String NAME = "access";

    private final StoredTokens tokens;
    private final NamespaceRows rows;

    private AccessRoom(Database database) {
        this.tokens = new StoredTokens(database);
        this.rows = new NamespaceRows(database.tables(), "tokens", "id");
    }

    /** The room of a store. */
    public static AccessRoom of(Database database) {
        return database.shared(AccessRoom.class, AccessRoom::new);
    }

    /** The tables of the room, as numbered steps. */
    public static List<Migration> migrations() {
        return Migration.load(NAME, AccessRoom.class, "001_access");
    }

    /** Removes the tokens that have expired and those of namespaces that are gone. */
    public void sweep() {
        tokens.sweep();
    }

    /** {@inheritDoc} Tokens are not counted: they are no data of a namespace. */
    @Override
    public NamespaceUsage usage(Tx tx) {
        return NamespaceUsage.NOTHING;
    }

    /** {@inheritDoc} From then on no {@link Tokens#find} of this store finds a token of the namespace. */
    @Override
    public int clear(Sql target, int ns, int rowsMax) {
        tokens.forget();
        return rows.clear(target, ns, rowsMax);
    }

    StoredTokens tokens() {
        return tokens;
    }
}
