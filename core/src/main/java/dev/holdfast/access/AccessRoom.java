package dev.holdfast.access;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Migration;
import java.util.List;

/** What a store shares among its users of tokens: the statements and what is remembered. */
public final class AccessRoom {
    /** The name of the room in the ledger of migrations. */
    public static final String NAME = "access";

    private final StoredTokens tokens;

    private AccessRoom(Database database) {
        this.tokens = new StoredTokens(database);
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

    StoredTokens tokens() {
        return tokens;
    }
}
