package dev.holdfast.access;

import dev.holdfast.engine.Database;
import java.util.List;
import java.util.Optional;

/** The tokens of a store, those of all namespaces. Safe for use by many threads; every method may block. */
public interface Tokens {
    /** The tokens of a database. */
    static Tokens in(Database database) {
        return AccessRoom.of(database).tokens();
    }

    /** Makes a token. It is durable when this returns; this is the only time that its secret is shown. */
    CreatedToken create(NewToken token);

    /** All tokens but those that have expired or whose namespace is gone, the oldest first. */
    List<Token> list();

    /**
     * Ends a token. No {@link #find} of this store finds it after this has returned; other processes on the same
     * database find it for up to {@value StoredTokens#REMEMBER_MILLIS} milliseconds more.
     *
     * @return whether there was one
     */
    boolean revoke(String id);

    /**
     * The token of a secret; empty when there is none, it has expired, or its namespace was deleted. What was found is
     * remembered for up to {@value StoredTokens#REMEMBER_MILLIS} milliseconds, so most calls do not ask the database.
     */
    Optional<Token> find(String secret);
}
